/**
 * ViTCoD against dossier 06: "Search space", the counts of check 06.5, and the cycles of check 06.3 as `nasc cost` prices them; DeiT-Tiny
 * and -Small as counted in dossier 07. Parameters: everything that is trained. Masks themselves (06.1, 06.2, 06.6): tests/ops/masked-attention.
 */
import { describe, expect, it } from "vitest";
import { createCostModel } from "../../src/hw/cost-model.js";
import { splitTotals } from "../../src/hw/mask-split.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const NAME = "06-vitcod";

describe("06 vitcod", () => {
  it("counts four settings of each of twelve blocks, with and without masks", () => {
    expect(spaceQueries(readSample(NAME).spaces.get("ViTCoD")!).count()).toBe(2n * 4n ** 12n);
  });

  // Parameters per block: dossier 06, check 5.
  it.each([[3, 34], [6, 90], [12, 324]])("learns, with %d heads, %d numbers per block to compress queries and keys (06, check 5)", (heads, numbers) => {
    const program = readSample(NAME, { HEADS: String(heads) });
    const plain = countsOf(program, netNamed(program, "DeiT")).params;
    expect(countsOf(program, netNamed(program, "Compress")).params - plain).toBe(12 * numbers);
    expect(countsOf(program, netNamed(program, "Compress_Queries")).params - plain).toBe(6 * numbers);
  });

  it.each([[3, 5_717_416, 1_253_683_200], [6, 22_050_664, 4_598_882_304]])("is DeiT of %d heads with %d parameters and %d MACs where nothing is compressed (07, table)", (heads, params, macs) => {
    const program = readSample(NAME, { HEADS: String(heads) });
    const counts = countsOf(program, netNamed(program, "DeiT"));
    expect([counts.params, counts.macs]).toEqual([params, macs]);
  });

  // The last row of the released log, and the recomputation without auto-encoder (dossier 06, recomputable numbers).
  it.each([["Masked", 9_492], ["Masked_Only", 14_220]] as const)("takes the cycles of the released simulator: %s", (network, load) => {
    const program = readSample(NAME);
    const { rows } = createCostModel(program.searches.get("Main")!.accelerator).netCost(netNamed(program, network));
    const layers = rows.flatMap(({ engines }) => engines ?? []);
    expect(splitTotals(layers)).toEqual({ load, decode: 4728, scores: 2463, values: 2246, total: load });
    expect(layers.map(({ heads: [first] }) => [first!.globalTokens, first!.sparseEntries])).toEqual([[1, 2244], [1, 392], [70, 2479], [1, 936], [1, 1389], [20, 1785], [17, 1333], [1, 1551], [1, 454], [9, 771], [10, 1039], [31, 602]]);
    expect([0, 2].map((layer) => [layers[layer]!.denseLines, layers[layer]!.sparseLines])).toEqual([[5, 59], [54, 10]]);
    expect(layers.map(({ detail }) => [detail.denseScores, detail.sparseScores, detail.denseValues, detail.sparseValues]).filter((_, layer) => layer === 0 || layer === 2)).toEqual([[120, 117, 119, 115], [840, 744, 767, 745]]);
  });

  it("runs one step of 20 networks at a reduced size", async () => {
    expect(await oneStep(NAME, "ViTCoD", { SIDE: "32", HEAD: "8" }, 20)).toEqual([]);
  }, 60_000);
});
