/**
 * Rank correlation and its uncertainty: Kendall's tau-b in O(n log n) and percentile bootstrap intervals.
 */
import { randomStream } from "../random/stream.js";

/** Sum of c (c - 1) / 2 over groups of equal values of a sorted list. */
function tiedPairs<T>(sorted: readonly T[], equal: (a: T, b: T) => boolean): number {
  let pairs = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && equal(sorted[start]!, sorted[end]!)) end++;
    pairs += ((end - start) * (end - start - 1)) / 2;
    start = end;
  }
  return pairs;
}

/** Sorts a list in place by merging and counts the inversions. */
function countInversions(values: number[]): number {
  const scratch = new Array<number>(values.length);
  let inversions = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let left = 0; left < values.length; left += 2 * width) {
      const middle = Math.min(left + width, values.length);
      const right = Math.min(left + 2 * width, values.length);
      for (let a = left, b = middle, to = left; to < right; to++) {
        if (b >= right || (a < middle && values[a]! <= values[b]!)) scratch[to] = values[a++]!;
        else { inversions += middle - a; scratch[to] = values[b++]!; }
      }
    }
    for (let i = 0; i < values.length; i++) values[i] = scratch[i]!;
  }
  return inversions;
}

/** Kendall's tau-b of two equally long lists; NaN where one of them is constant or shorter than two. */
export function kendallTau(first: readonly number[], second: readonly number[]): number {
  if (first.length !== second.length) throw new RangeError("lists differ in length");
  const pairs = first.map((x, i) => [x, second[i]!] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const total = (pairs.length * (pairs.length - 1)) / 2;
  const tiedFirst = tiedPairs(pairs, (a, b) => a[0] === b[0]);
  const tiedBoth = tiedPairs(pairs, (a, b) => a[0] === b[0] && a[1] === b[1]);
  const tiedSecond = tiedPairs([...second].sort((a, b) => a - b), (a, b) => a === b);
  const discordant = countInversions(pairs.map((pair) => pair[1]));
  const concordant = total - tiedFirst - tiedSecond + tiedBoth - discordant;
  return (concordant - discordant) / Math.sqrt((total - tiedFirst) * (total - tiedSecond));
}

export interface Interval { readonly low: number; readonly high: number }

/** Percentile bootstrap over items; resamples on which the statistic is not a number are left out. */
export function bootstrapInterval<T>(items: readonly T[], statistic: (sample: readonly T[]) => number, options: { readonly seed: number; readonly resamples?: number; readonly level?: number }): Interval {
  const { seed, resamples = 1000, level = 0.95 } = options;
  const random = randomStream(seed, "bootstrap");
  const values: number[] = [];
  for (let i = 0; i < resamples; i++) {
    const value = statistic(items.map(() => items[random.integer(items.length)]!));
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.min(values.length - 1, Math.max(0, Math.round(share * (values.length - 1))))] ?? NaN;
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}

export interface RankAgreement { readonly tau: number; readonly low: number; readonly high: number; readonly count: number }

/** Tau between predictions and results, with a 95 % bootstrap interval. */
export function rankAgreement(predicted: readonly number[], actual: readonly number[], seed: number): RankAgreement {
  const pairs = predicted.map((value, i) => [value, actual[i]!] as const);
  const tau = (sample: readonly (readonly [number, number])[]): number => kendallTau(sample.map((pair) => pair[0]), sample.map((pair) => pair[1]));
  return { tau: tau(pairs), ...bootstrapInterval(pairs, tau, { seed }), count: pairs.length };
}
