/** Streams are reproducible, independent of each other, and uniform enough for the statistics we assert elsewhere. */
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/random/stream.js";

function chiSquare(counts: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  const expected = total / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("random streams", () => {
  it("repeat for the same key and differ for another", () => {
    const draw = (seed: number, purpose: string, step: number): number[] => { const s = randomStream(seed, purpose, step); return [s.uniform(), s.uniform(), s.uniform()]; };
    expect(draw(1, "path", 7)).toEqual(draw(1, "path", 7));
    expect(draw(1, "path", 7)).not.toEqual(draw(1, "path", 8));
    expect(draw(1, "path", 7)).not.toEqual(draw(2, "path", 7));
    expect(draw(1, "path", 7)).not.toEqual(draw(1, "batch", 7));
  });

  it("are uniform within a stream (chi-square, 1 % of 99 degrees of freedom is 134.6)", () => {
    for (const purpose of ["a", "b", "c"]) {
      const stream = randomStream(3, purpose);
      const counts = new Array<number>(100).fill(0);
      for (let i = 0; i < 100_000; i++) counts[stream.integer(100)]! += 1;
      expect(chiSquare(counts)).toBeLessThan(148.2); // 0.1 %
    }
  });

  it("are uniform over first draws of neighbouring steps", () => {
    const counts = new Array<number>(50).fill(0);
    for (let step = 0; step < 20_000; step++) counts[randomStream(1, "path", step).integer(50)]! += 1;
    expect(chiSquare(counts)).toBeLessThan(85.4); // 0.1 % of 49 degrees
  });

  it("have no serial correlation", () => {
    const stream = randomStream(5, "serial");
    const counts = new Array<number>(100).fill(0);
    for (let i = 0; i < 100_000; i++) counts[stream.integer(10) * 10 + stream.integer(10)]! += 1;
    expect(chiSquare(counts)).toBeLessThan(148.2);
  });

  it("draw big integers uniformly below any bound", () => {
    const stream = randomStream(9, "big");
    const bound = 3n * 10n ** 30n;
    const thirds = [0, 0, 0];
    for (let i = 0; i < 9000; i++) {
      const value = stream.bigInteger(bound);
      expect(value >= 0n && value < bound).toBe(true);
      thirds[Number(value / 10n ** 30n)]! += 1;
    }
    expect(chiSquare(thirds)).toBeLessThan(13.8); // 0.1 % of 2 degrees
  });

  it("draw normals with mean 0 and variance 1", () => {
    const stream = randomStream(11, "normal");
    let sum = 0, squares = 0;
    for (let i = 0; i < 50_000; i++) { const v = stream.normal(); sum += v; squares += v * v; }
    expect(Math.abs(sum / 50_000)).toBeLessThan(0.015);
    expect(Math.abs(squares / 50_000 - 1)).toBeLessThan(0.025);
  });
});
