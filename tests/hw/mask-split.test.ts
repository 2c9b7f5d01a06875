/** Attention under masks on arrays that split their work: cycles and energy beside the same attention as a rectangle. */
import { describe, expect, it } from "vitest";
import { createCostModel, type CostRow } from "../../src/hw/cost-model.js";
import { bind } from "../../src/ir/bind.js";
import { programOf } from "../ir/check/programs.js";

interface Asked { readonly mask?: string; readonly heads?: string; readonly split?: string; readonly queries?: string; readonly mapper?: boolean }

/** The row of one attention of 3 heads of 64 to 197 tokens. */
function priced({ mask = "all", split = "split_by_mask { }", queries = "x -> reshape([3, 197, 64])", mapper = true }: Asked): CostRow {
  const program = programOf(`
space S {
  input x: f32[197, 192]
  v = x -> reshape([3, 197, 64])
  output y = masked_attention(${queries}, v, v, mask = ${mask})
}
accelerator A {
  technology 45nm  clock 500MHz
  memory dram { width 512bit  bandwidth 82.463372083GBps }
  memory buffer { size 320KB  width 512bit }
  chunk engine { array 64 x 8  runs masked_attention  dataflow output_stationary  precision int8  ${split} }
  ${mapper ? "mapper { }" : ""}
}`);
  const model = createCostModel(program.accelerators.get("A")!);
  return model.netCost(bind(program.spaces.get("S")!, [])).rows.find(({ operator }) => operator === "masked_attention")!;
}

const banded = (global: number, entries: number): string => `banded(global = ${global}, entries = ${entries})`;

describe("attention under a mask", () => {
  it("computes what is kept, whole columns of dense keys among it", () => {
    const { macs, engines } = priced({ mask: banded(1, 2244) });
    expect(engines!.heads).toEqual([0, 1, 2].map(() => ({ globalTokens: 1, sparseEntries: 2244 })));
    expect(macs).toBe(3 * (197 + 2244) * 2 * 64);
    expect(engines!.kept).toBeCloseTo((197 + 2244) / 197 ** 2, 12);
  });

  it("is a rectangle to arrays that do not split, and without a mask", () => {
    for (const row of [priced({ mask: banded(1, 2244), split: "" }), priced({})]) {
      expect(row.engines).toBeUndefined();
      expect(row.macs).toBe(2 * 3 * 197 * 197 * 64);
    }
  });

  it("costs less energy and no more time the less is kept, with and without mappings", () => {
    for (const mapper of [true, false]) {
      const rows = [0, 200, 2000, 9000].map((entries) => priced({ mask: banded(1, entries), mapper }));
      rows.slice(1).forEach((row, index) => {
        expect(row.energy).toBeGreaterThan(rows[index]!.energy);
        expect(row.latency).toBeGreaterThanOrEqual(rows[index]!.latency);
      });
      expect(rows[2]!.energy).toBeLessThan(priced({ mapper }).energy);
    }
  });

  it("bills a dense key as a column and a key below the threshold by its entries", () => {
    // 20 of 196 columns more have 60 entries.
    const dense = priced({ mask: banded(21, 0), split: "split_by_mask { dense_above 100 }" }).engines!;
    expect(dense.heads[0]).toEqual({ globalTokens: 21, sparseEntries: 0 });
    expect([dense.denseLines, dense.sparseLines]).toEqual([64, 0]);
    const sparse = priced({ mask: banded(21, 0), split: "split_by_mask { dense_above 197 }" }).engines!;
    expect(sparse.heads[0]).toEqual({ globalTokens: 0, sparseEntries: 21 * 197 });
    expect([sparse.denseLines, sparse.sparseLines]).toEqual([0, 64]);
  });

  it("uses the multipliers that there are, or counts as published", () => {
    const mask = banded(0, 64 * 197);
    const physical = priced({ mask, split: "split_by_mask { dense_above 197 }" }).engines!;
    // 8 / 3 multipliers of a row for each head: 24 cycles for a product of 64; 170 of 512 for values.
    expect(physical.scores).toBe(197 * 24);
    expect(physical.values).toBe(Math.ceil((64 * 197 * 64) / 170));
    expect(physical.decode).toBe(0);
    const published = priced({ mask, split: "split_by_mask { dense_above 197  convention as_published }" }).engines!;
    expect(published.scores).toBe(197 * 3);
    expect(published.values).toBe(Math.ceil((64 * 197 * 64) / 1365));
    // One cycle for each row of queries and of keys.
    expect(published.decode).toBe(2 * 197);
  });

  it("loads queries and keys in the heads in which they come, in whole cycles or not (06, check 4)", () => {
    const fewer = "x -> slice(0, 128) -> reshape([2, 197, 64])";
    const load = (queries: string | undefined, transfers: string): number => priced({ mask: banded(1, 392), split: `split_by_mask { transfers ${transfers} }`, ...(queries === undefined ? {} : { queries }) }).engines!.load;
    // Rows of 192 and 128 bytes at 164.93 a cycle; queries, keys and values once.
    expect(load(undefined, "whole")).toBe(3 * 197 * 2);
    expect(load(undefined, "exact")).toBeCloseTo((3 * 197 * 192) / 164.926744, 4);
    expect(load(fewer, "whole")).toBe(197 + 2 * 197 * 2 + 3);
    expect(load(fewer, "exact")).toBeLessThan(load(undefined, "exact"));
  });
});
