/** Sliding windows: which tensors reuse an overlap along a dimension, and how many words of the next tile are new. */
import { extent, type Problem } from "./problem.js";

export interface Windows {
  /** By tensor and dimension. */
  readonly slides: readonly (readonly boolean[])[];
  /** New words of a tensor's next tile when the window moves by `step` along a dimension; `at` is where the block starts in `extents`. */
  fresh(tensor: number, extents: Float64Array, at: number, dimension: number, step: number): number;
}

export function windowsOf({ tensors, dimensions, bounds }: Problem): Windows {
  const slides = tensors.map(({ expressions }) => dimensions.map((_, dimension) =>
    expressions.some((terms) => terms.some((term) => term.dimension === dimension) && terms.filter((term) => bounds[term.dimension]! > 1).length > 1)));
  const block = dimensions.map(() => 1);
  return {
    slides,
    fresh(tensor, extents, at, dimension, step) {
      for (let d = 0; d < block.length; d++) block[d] = extents[at + d]!;
      let words = 1;
      for (const terms of tensors[tensor]!.expressions) {
        const whole = extent(terms, block);
        const term = terms.find((candidate) => candidate.dimension === dimension);
        words *= term === undefined ? whole : Math.min(whole, term.coefficient * step);
      }
      return words;
    },
  };
}
