// What every benchmark needs: the value of a result that must be there, and medians.

/** The value, or an error that carries the diagnostics. */
export function value(result) {
  if (!result.ok) throw new Error(result.diagnostics.map(({ title, why }) => `${title}: ${why ?? ""}`).join("; "));
  return result.value;
}

export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
