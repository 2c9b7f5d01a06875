import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrapInterval, kendallTau, rankAgreement } from "../../src/search/statistics.js";

/** Straight from the definition. */
function slowTau(first: readonly number[], second: readonly number[]): number {
  let sum = 0;
  let untiedFirst = 0;
  let untiedSecond = 0;
  for (let i = 0; i < first.length; i++) {
    for (let j = 0; j < i; j++) {
      const a = Math.sign(first[i]! - first[j]!);
      const b = Math.sign(second[i]! - second[j]!);
      sum += a * b;
      untiedFirst += a * a;
      untiedSecond += b * b;
    }
  }
  return sum / Math.sqrt(untiedFirst * untiedSecond);
}

describe("Kendall's tau", () => {
  it("reproduces the published vector of dossier 15", () => {
    const y = [90, 91, 92, 93, 94, 94.3, 94.3, 88, 60, 93.5];
    const s = [0.1, 0.3, 0.2, 0.9, 0.8, 0.7, 0.95, 0.05, 0, 0.4];
    expect(kendallTau(y, s)).toBeCloseTo(0.764093, 6);
  });

  it("agrees with the definition on lists with many ties", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), { minLength: 2, maxLength: 40 }), (pairs) => {
      const first = pairs.map((pair) => pair[0]);
      const second = pairs.map((pair) => pair[1]);
      const expected = slowTau(first, second);
      const found = kendallTau(first, second);
      if (Number.isNaN(expected)) expect(found).toBeNaN();
      else expect(found).toBeCloseTo(expected, 12);
    }));
  });

  it("gives an interval around the value that narrows with more items", () => {
    const noisy = (n: number): readonly [number[], number[]] => [Array.from({ length: n }, (_, i) => i), Array.from({ length: n }, (_, i) => i + 9 * Math.sin(7 * i))];
    const few = rankAgreement(...noisy(15), 1);
    const many = rankAgreement(...noisy(150), 1);
    expect(few.low).toBeLessThanOrEqual(few.tau);
    expect(few.high).toBeGreaterThanOrEqual(few.tau);
    expect(many.high - many.low).toBeLessThan(few.high - few.low);
  });

  it("covers the mean of a normal sample about as often as it says", () => {
    let covered = 0;
    const trials = 200;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Array.from({ length: 40 }, (_, i) => Math.sqrt(-2 * Math.log(1 - frac(trial * 12.9898 + i * 78.233))) * Math.cos(2 * Math.PI * frac(trial * 39.3468 + i * 11.135)));
      const { low, high } = bootstrapInterval(sample, (items) => items.reduce((sum, x) => sum + x, 0) / items.length, { seed: trial, resamples: 200 });
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.87);
    expect(covered / trials).toBeLessThan(0.995);
  });
});

function frac(x: number): number {
  const value = Math.sin(x) * 43758.5453;
  return value - Math.floor(value);
}
