/**
 * Fixed masks against dossier 06 ("Works when" 1, 2, 6, 8) and loops over all pairs. The shipped mask is that of DeiT-Tiny at 95 %
 * (GATECH-EIC/ViTCoD, Hardware/Simulator/masks/deit_tiny_lowrank); its figures are in the dossier's tables.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readArray } from "../../src/data/npy.js";
import { bandedMask, columnDegrees, emptyRow, keptEntries, readMask, writeMask, type HeadMask } from "../../src/ops/attention-mask.js";
import { keptOfRow, maskOfMap, splitAndConquer, splitDegrees } from "../../src/ops/mask-rules.js";
import { evaluate, expectClose, gradientsOfSum, operatorNamed, problemOf, randomValues, type Values } from "./evaluate.js";

const only = (result: ReturnType<typeof bandedMask>): HeadMask => {
  if ("problem" in result) throw new Error(result.problem);
  return result.heads[0]!;
};
const kept = (heads: readonly HeadMask[]) => ({ tag: "kept", arguments: { runs: writeMask(heads) } });

/** Any square mask whose rows all keep something: the diagonal, and what else is drawn. */
const masks = fc.integer({ min: 1, max: 9 }).chain((tokens) => fc.array(fc.boolean(), { minLength: tokens * tokens, maxLength: tokens * tokens })
  .map((places): HeadMask => ({ queries: tokens, keys: tokens, kept: Uint8Array.from(places, (place, at) => (place || at % (tokens + 1) === 0 ? 1 : 0)) })));

describe("rules that make masks of maps", () => {
  // Dossier 06, check 1.
  it.each([[1, [0, 1, 2]], [0, [0, 1]]] as const)("keep by information, with %d more than needed", (extra, expected) => {
    expect(keptOfRow([0.5, 0.3, 0.1, 0.06, 0.04], { kind: "information", threshold: 0.7, extra })).toEqual(expected);
    expect(keptOfRow([0.1, 0.04, 0.5, 0.06, 0.3], { kind: "information", threshold: 0.8, extra: 0 })).toEqual([2, 4]);
  });

  it("keep by share and by deviation, at least one entry", () => {
    expect(keptOfRow([0.1, 0.2, 0.3, 0.4], { kind: "share", share: 0.5 })).toEqual([3, 2]);
    expect(keptOfRow([0.1, 0.2, 0.3, 0.4], { kind: "share", share: 0 })).toEqual([3]);
    // Mean 0.25, deviation 0.1118.
    expect(keptOfRow([0.1, 0.2, 0.3, 0.4], { kind: "deviation", factor: 1 })).toEqual([3]);
    expect(keptOfRow([0.25, 0.25, 0.25, 0.25], { kind: "deviation", factor: 1 })).toHaveLength(1);
  });

  it("leave the first row and the first column whole", () => {
    const mask = maskOfMap({ queries: 4, keys: 4, weights: [0.1, 0.2, 0.3, 0.4, 0.1, 0.7, 0.1, 0.1, 0.1, 0.1, 0.7, 0.1, 0.1, 0.1, 0.1, 0.7] }, { kind: "information", threshold: 0.6, extra: 0 });
    expect([...mask.kept]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1]);
  });
});

describe("a mask", () => {
  it("is the same after it was written and read", () => {
    fc.assert(fc.property(masks, masks, (one, other) => {
      const heads = one.queries === other.queries ? [one, other] : [one];
      expect(readMask(writeMask(heads))).toEqual({ heads });
    }));
  });

  it.each(["", "3 0 9", "2x2 1 2", "2x2 0 2 2 / 1", "2x2 a", "0x0 0"])("is refused as the text %j, or has a row without keys", (runs) => {
    expect(problemOf("masked_attention", [[1, 2, 3], [1, 2, 3], [1, 2, 3]], { mask: { tag: "kept", arguments: { runs } } }).parameter).toBe("mask");
  });

  it("of a band has so many entries beside its global keys, spread evenly", () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(29), fc.nat(900), (tokens, some, many) => {
      const global = some % tokens;
      const entries = many % (tokens * (tokens - global) + 1);
      const degrees = columnDegrees(only(bandedMask(tokens, tokens, global, entries)));
      expect(degrees.slice(0, global).every((degree) => degree === tokens)).toBe(true);
      expect(degrees.slice(global).reduce((sum, degree) => sum + degree, 0)).toBe(entries);
      // Each of the tokens' rounds gives a column as many rows as wrap onto it.
      expect(Math.max(0, ...degrees.slice(global))).toBeLessThanOrEqual(Math.ceil(entries / tokens) * Math.ceil(tokens / (tokens - global)));
    }));
  });
});

/** Softmax attention of one head by loops, over the keys that are kept. */
function naive([q, k, v]: readonly Values[], heads: readonly HeadMask[], [tokens, dim]: readonly [number, number]): number[] {
  const at = (values: Values, head: number, token: number): readonly number[] => values.values.slice((head * tokens + token) * dim, (head * tokens + token + 1) * dim);
  return heads.flatMap((mask, head) => Array.from({ length: tokens }, (_, row) => row).flatMap((row) => {
    const keys = Array.from({ length: tokens }, (_, key) => key).filter((key) => mask.kept[row * tokens + key] === 1);
    const weights = keys.map((key) => Math.exp(at(q!, head, row).reduce((sum, value, c) => sum + value * at(k!, head, key)[c]!, 0) / Math.sqrt(dim)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return Array.from({ length: dim }, (_, c) => keys.reduce((sum, key, position) => sum + (weights[position]! / total) * at(v!, head, key)[c]!, 0));
  }));
}

const inputsOf = (heads: number, tokens: number, dim: number): readonly Values[] => ["q", "k", "v"].map((name) => randomValues(name, [1, heads, tokens, dim]));
/** The tokens of every head in another order. */
const permuted = ({ shape, values }: Values, order: readonly number[]): Values => {
  const [, heads, tokens, dim] = shape as [number, number, number, number];
  return { shape, values: Array.from({ length: heads }, (_, head) => order.flatMap((token) => values.slice((head * tokens + token) * dim, (head * tokens + token + 1) * dim))).flat() };
};

describe("masked attention", () => {
  it("attends to what is kept and to nothing else (06, check 6)", () => {
    fc.assert(fc.property(masks, (mask) => {
      const inputs = inputsOf(1, mask.queries, 3);
      expectClose(evaluate("masked_attention", inputs, { mask: kept([mask]) }), naive(inputs, [mask], [mask.queries, 3]));
    }), { numRuns: 40 });
  });

  it("gives what is pruned no gradient, and no number that is not one", () => {
    // Key 2 is pruned for all queries.
    const mask: HeadMask = { queries: 3, keys: 3, kept: Uint8Array.from([1, 1, 0, 1, 0, 0, 1, 1, 0]) };
    const gradients = gradientsOfSum("masked_attention", inputsOf(1, 3, 2), { mask: kept([mask]) });
    expect(gradients.input1!.slice(4)).toEqual([0, 0]);
    expect(gradients.input2!.slice(4)).toEqual([0, 0]);
    expect(gradients.input2!.slice(0, 4).every((each) => each !== 0)).toBe(true);
    expect(Object.values(gradients).flat().every(Number.isFinite)).toBe(true);
  });

  it("refuses a query without keys, and masks of another size (06, check 6)", () => {
    const shapes = [[1, 2, 3], [1, 2, 3], [1, 2, 3]];
    const hollow: HeadMask = { queries: 2, keys: 2, kept: Uint8Array.from([1, 1, 0, 0]) };
    expect(problemOf("masked_attention", shapes, { mask: kept([hollow]) }).detail).toBe("query 1 of head 0 attends to nothing");
    expect(problemOf("masked_attention", shapes, { mask: { tag: "banded", arguments: { global: 0, entries: 1 } } }).detail).toContain("attends to nothing");
    expect(problemOf("masked_attention", shapes, { mask: { tag: "banded", arguments: { global: 3, entries: 0 } } }).detail).toBe("3 global keys of 2");
    expect(problemOf("masked_attention", [[1, 3, 3], [1, 3, 3], [1, 3, 3]], { mask: kept([hollow]) }).detail).toContain("2 x 2");
    expect(problemOf("masked_attention", [[3, 1, 3], [3, 1, 3], [3, 1, 3]], { mask: kept([only(bandedMask(1, 1, 1, 0)), only(bandedMask(1, 1, 1, 0))]) }).detail).toContain("2 heads");
  });

  it("takes queries and keys in fewer heads, mixed as told", () => {
    const [q, k, v] = [randomValues("q", [1, 1, 3, 2]), randomValues("k", [1, 2, 3, 2]), randomValues("v", [1, 2, 3, 2])];
    const doubled: Values = { shape: [1, 2, 3, 2], values: [...q.values, ...q.values.map((value) => 3 * value + 1)] };
    const found = evaluate("masked_attention", [q, k, v], {}, { query_mix: { shape: [1, 2], values: [1, 3] }, query_bias: { shape: [2], values: [0, 1] } });
    expectClose(found, [...evaluate("masked_attention", [doubled, k, v]).values]);
    expect(operatorNamed("masked_attention").weights([[2, 5, 4], [2, 5, 4], [3, 5, 4]], {}).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)).toBe(2 * (2 * 3 + 3));
  });

  it("is the same on reordered tokens, and reordering puts exactly the dense keys first (06, check 2)", () => {
    fc.assert(fc.property(masks, fc.nat(8), (mask, above) => {
      const { order, dense, mask: moved } = splitAndConquer(mask, above);
      const degrees = columnDegrees(moved);
      expect(keptEntries(moved)).toBe(keptEntries(mask));
      expect(degrees.every((degree, column) => (column < dense ? degree > above : degree <= above))).toBe(true);
      const inputs = inputsOf(1, mask.queries, 3);
      const there = evaluate("masked_attention", inputs.map((input) => permuted(input, order)), { mask: kept([moved]) });
      const back = order.map((_, token) => order.indexOf(token));
      expectClose(permuted(there, back), [...evaluate("masked_attention", inputs, { mask: kept([mask]) }).values]);
    }), { numRuns: 40 });
  });
});

const file = resolve(process.env.NASC_SHARED ?? "../shared", "data/system-data/vitcod/info_0.95.npy");
const present = existsSync(file);
if (!present) console.warn(`SKIPPED the shipped mask: no ${file}; set NASC_SHARED`);

describe.skipIf(!present)("the shipped mask of DeiT-Tiny", () => {
  const array = present ? readArray(readFileSync(file)) : undefined;
  if (present && array?.ok !== true) throw new Error("not read");
  const [layers, heads, tokens] = array?.ok === true ? array.value.shape as [number, number, number, number] : [0, 0, 0];
  const all = Array.from({ length: layers * heads }, (_, head): HeadMask => ({
    queries: tokens, keys: tokens, kept: Uint8Array.from({ length: tokens * tokens }, (_place, at) => (array?.ok === true && array.value.values[head * tokens * tokens + at] === 0 ? 1 : 0)),
  }));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

  it("keeps 74,399 entries, 94.6748 % are pruned (06, table and check 8)", () => {
    const entries = sum(all.map(keptEntries));
    expect([layers, heads, tokens, entries]).toEqual([12, 3, 197, 74_399]);
    expect((1 - entries / (layers * heads * tokens * tokens)).toFixed(6)).toBe("0.946748");
    expect(all.map(emptyRow).every((row) => row === undefined)).toBe(true);
  });

  it("has the dense keys of the repository for every head, 34,508 entries in them and 39,891 beside (06, check 2)", () => {
    const reordered = all.map((mask) => splitAndConquer(mask, 50));
    const published = [[1, 10, 1], [1, 1, 1], [70, 1, 1], [1, 1, 1], [1, 1, 1], [20, 3, 1], [17, 1, 1], [1, 1, 1], [1, 5, 1], [9, 1, 7], [10, 6, 15], [31, 21, 28]];
    expect(reordered.map(({ dense }) => dense)).toEqual(published.flat());
    const within = sum(reordered.map(({ dense, mask }) => sum(columnDegrees(mask).slice(0, dense))));
    expect([within, sum(reordered.map(({ mask }) => keptEntries(mask))) - within]).toEqual([34_508, 39_891]);
  });

  it.each([[20, 583, 58.9], [30, 393, 52.7], [50, 274, 46.4], [70, 196, 40.1], [90, 155, 35.8]])("has, above %d, %d dense keys with %d %% of the entries (06, sweep)", (above, keys, share) => {
    const parts = all.map((mask) => splitDegrees(columnDegrees(mask), above));
    expect(sum(parts.map(({ globalTokens }) => globalTokens))).toBe(keys);
    expect((100 * (1 - sum(parts.map(({ sparseEntries }) => sparseEntries)) / 74_399)).toFixed(1)).toBe(share.toFixed(1));
  });
});
