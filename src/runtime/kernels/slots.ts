/** The scratch areas of the kernels. Areas that one call uses together have different slots. */
export const Slot = { sweep: 0, list: 1, work: 2, axes: 3, scores: 4 } as const;
