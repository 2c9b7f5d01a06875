/** The values of greatest magnitude, found without sorting: what a weight keeps when a share of it is cut to zero. */

/** Magnitudes as bit patterns, whose order is that of the numbers (IEEE 754): one histogram per half of the bits finds the least kept one. */
const HALF = 16;

/** Counts of the upper or lower halves of `patterns`, and the half at which `count` of the greatest are reached. */
function halfAt(patterns: Uint32Array, count: number, halfOf: (pattern: number) => number | undefined): { readonly half: number; readonly above: number } {
  const counts = new Uint32Array(1 << HALF);
  for (const pattern of patterns) {
    const half = halfOf(pattern);
    if (half !== undefined) counts[half]!++;
  }
  let [half, above] = [counts.length - 1, 0];
  while (half > 0 && above + counts[half]! < count) above += counts[half--]!;
  return { half, above };
}

/** 1 at the `count` values of greatest magnitude, the first of equals, and 0 elsewhere. */
export function largestMask(values: Float32Array, count: number): Float32Array {
  const mask = new Float32Array(values.length);
  if (count >= values.length) return mask.fill(1);
  if (count <= 0) return mask;
  const patterns = new Uint32Array(values.slice().buffer).map((pattern) => pattern & 0x7fffffff);
  const upper = halfAt(patterns, count, (pattern) => pattern >>> HALF);
  const lower = halfAt(patterns, count - upper.above, (pattern) => (pattern >>> HALF === upper.half ? pattern & 0xffff : undefined));
  const least = upper.half * 65536 + lower.half;
  let equals = count - upper.above - lower.above;
  patterns.forEach((pattern, at) => {
    if (pattern > least || (pattern === least && equals-- > 0)) mask[at] = 1;
  });
  return mask;
}
