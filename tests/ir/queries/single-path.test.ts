/** Budgets on a space of 4^20 networks: the count against an independent enumeration of sums, stage by stage. */
import { describe, expect, it } from "vitest";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { randomStream } from "../../../src/random/stream.js";
import { singlePathSpace } from "./single-path-space.js";

describe("4^20 networks under a budget", () => {
  const { space, macs, weights } = singlePathSpace();
  const queries = spaceQueries(space);
  const [least, greatest] = (["minimum", "maximum"] as const).map((direction) => queries.extreme(macs, direction)!.value) as [number, number];
  const bound = least + 0.3 * (greatest - least);

  it("are counted exactly", () => {
    const sums = (cells: readonly ArrayLike<number>[]): Map<number, bigint> => cells.reduce<Map<number, bigint>>((known, options) => {
      const next = new Map<number, bigint>();
      for (const [sum, count] of known) for (const option of Array.from(options)) next.set(sum + option, (next.get(sum + option) ?? 0n) + count);
      return next;
    }, new Map([[0, 1n]]));
    // Two halves of ten layers; for every sum of the first, how many of the second still fit.
    const second = [...sums(macs.slice(11).map(({ cells }) => cells))].sort(([a], [b]) => a - b);
    const below = second.reduce<bigint[]>((all, [, count]) => [...all, (all.at(-1) ?? 0n) + count], []);
    let expected = 0n;
    for (const [sum, count] of sums(macs.slice(0, 11).map(({ cells }) => cells))) {
      let [low, high] = [0, second.length];
      while (low < high) { const middle = (low + high) >> 1; if (sum + second[middle]![0] <= bound) low = middle + 1; else high = middle; }
      expected += count * (below[low - 1] ?? 0n);
    }
    const within = queries.within([{ terms: macs, bound }])!;
    expect(within.exact).toBe(true);
    expect(within.least).toBe(expected);
    expect(expected).toBeGreaterThan(10n ** 10n);
  });

  it("are drawn within it, ten thousand of them", () => {
    const within = queries.within([{ terms: macs, bound }])!;
    const random = randomStream(1, "single path");
    const draws = Array.from({ length: 10_000 }, () => within.draw(random)!);
    const cost = (genes: readonly number[]): number => genes.reduce((sum, gene, at) => sum + macs[at + 1]!.cells[gene]!, macs[0]!.cells[0]!);
    expect(draws.filter((genes) => cost(genes) > bound)).toEqual([]);
    // The mean of a rejection sample and of this one agree: first genes, within five deviations.
    const plain: (readonly number[])[] = [];
    while (plain.length < 2000) { const genes = queries.sampleUniform(random); if (cost(genes) <= bound) plain.push(genes); }
    for (const option of [0, 1, 2, 3]) {
      const share = draws.filter((genes) => genes[12] === option).length / draws.length;
      const other = plain.filter((genes) => genes[12] === option).length / plain.length;
      expect(Math.abs(share - other)).toBeLessThan(5 * Math.sqrt(0.25 / 2000));
    }
  });

  it("have an exact histogram and an exact best network", () => {
    const histogram = queries.histogram([macs], 10)!;
    expect(histogram.error).toBe(0);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0n)).toBe(4n ** 20n);
    const [lightest] = queries.front([weights, macs], [Infinity, bound])!;
    // With every unit apart, the lightest network within the budget is at least as light as a thousand random ones.
    const within = queries.within([{ terms: macs, bound }])!;
    const random = randomStream(2, "lightest");
    const size = (genes: readonly number[]): number => genes.reduce((sum, gene, at) => sum + weights[at + 1]!.cells[gene]!, weights[0]!.cells[0]!);
    for (let i = 0; i < 1000; i++) expect(size(within.draw(random)!)).toBeGreaterThanOrEqual(size(lightest!));
  });
});
