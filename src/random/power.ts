/**
 * Powers with the same bits in every release of Node: `**` and `Math.pow` round otherwise since Node 24, and a last digit is enough to
 * send a search another way. Whole exponents by squaring, others by exponential and logarithm, which have not changed.
 */
export function power(base: number, exponent: number): number {
  if (!Number.isInteger(exponent) || exponent < 0) return Math.exp(exponent * Math.log(base));
  let result = 1;
  for (let factor = base, left = exponent; left > 0; left = Math.floor(left / 2), factor *= factor) if (left % 2 === 1) result *= factor;
  return result;
}
