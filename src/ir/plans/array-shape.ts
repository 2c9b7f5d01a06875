/** From a number of processing elements to an array: the rule by which arrays that are sized for a network get their rows and columns. */
import type { SizedSides } from "../plan.js";

/** An array is at most so many times as wide as it is high. */
const LONGEST = 4;

/** Elements that an array grows by: a whole row or column where the other side stays. */
export const arrayStep = ({ rows, columns }: SizedSides): number => rows ?? columns ?? 1;

/**
 * Rows and columns of at most `elements` (whole and at least one step): a declared side stays; else the array with most elements that is
 * not higher than wide and at most four times as wide as high, of equals the squarest. Without elements there is no array: 0 x 0.
 */
export function arrayFor(elements: number, sides: SizedSides = {}): readonly [number, number] {
  if (elements <= 0) return [0, 0];
  const { rows, columns } = sides;
  if (rows !== undefined) return [rows, Math.max(1, Math.floor(elements / rows))];
  if (columns !== undefined) return [Math.max(1, Math.floor(elements / columns)), columns];
  let best: readonly [number, number] = [1, 1];
  for (let height = 1; height * height <= elements; height++) {
    const width = Math.min(LONGEST * height, Math.floor(elements / height));
    // Later ones are squarer.
    if (height * width >= best[0] * best[1]) best = [height, width];
  }
  return best;
}
