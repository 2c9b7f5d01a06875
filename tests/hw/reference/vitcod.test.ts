/** The two-pronged engine against the cycle logs of GATECH-EIC/ViTCoD for DeiT-Tiny at 95 % (dossier 06). */
import { describe, expect, it } from "vitest";
import { splitLines, transferCycles, vitcodLayer, vitcodLinear, vitcodReleased, vitcodTotals, type VitcodAttention } from "../../../src/hw/reference-models/vitcod.js";
import { shared } from "./shared-data.js";

const attention: VitcodAttention = { tokens: 197, heads: 3, headDimension: 64, ratio: 2 / 3 };
/** Global tokens and sparse entries of head 0, layer by layer (dossier 06). */
const pairs = [[1, 2244], [1, 392], [70, 2479], [1, 936], [1, 1389], [20, 1785], [17, 1333], [1, 1551], [1, 454], [9, 771], [10, 1039], [31, 602]] as const;
const layers = (given: VitcodAttention, engine = vitcodReleased) => pairs.map(([globalTokens, sparseEntries]) => vitcodLayer(engine, given, { globalTokens, sparseEntries }));
const data = shared("costmodel-reference/vitcod-deit-tiny-095.json", "12 layers of ViTCoD");

describe.skipIf(!data.present)("ViTCoD's log", () => {
  const log = data.present ? data.json<{ config: { ae_ratio: number }; rows: number[][] }>() : { config: { ae_ratio: 1 }, rows: [] };
  it.each(log.rows.map((row) => [row[0]!, row] as const))("layer %d, all ten cycle counts", (_, row) => {
    const layer = vitcodLayer(vitcodReleased, { ...attention, ratio: log.config.ae_ratio }, { globalTokens: row[1]!, sparseEntries: row[2]! });
    expect([layer.denseScores, layer.sparseScores, layer.denseValues, layer.sparseValues, layer.denseQueryKeyLoad, layer.denseDecode, layer.sparseQueryKeyLoad, layer.sparseDecode,
      layer.denseValueLoad, layer.sparseValueLoad]).toEqual(row.slice(3));
  });
});

describe("ViTCoD's totals", () => {
  it("of attention, projections and feed-forward", () => {
    expect(vitcodTotals(layers(attention))).toEqual({ load: 9492, decode: 4728, scores: 2463, values: 2246, total: 9492 });
    const linear = vitcodLinear(vitcodReleased, attention);
    expect(linear).toEqual({ projections: 56791, feedForward: 113472, projectionLoad: 1942, feedForwardCompute: 113472 });
    expect([12 * linear.projections, 12 * linear.feedForward]).toEqual([681492, 1361664]);
    expect([layers(attention)[0]!.denseLines, layers(attention)[0]!.sparseLines, layers(attention)[2]!.denseLines, layers(attention)[2]!.sparseLines]).toEqual([5, 59, 54, 10]);
  });

  it("without compression, and with transfers that are not rounded up", () => {
    expect(vitcodTotals(layers({ ...attention, ratio: 1 })).total).toBe(14220);
    const exact = { ...vitcodReleased, transfers: "exact" } as const;
    expect(Math.abs(vitcodTotals(layers(attention, exact)).load - 6422.8)).toBeLessThan(0.1);
    expect(Math.abs(vitcodTotals(layers({ ...attention, ratio: 1 }, exact)).load - 8258.1)).toBeLessThan(0.1);
    expect(vitcodTotals(layers(attention, exact)).total).toBe(9437);
    expect(transferCycles(vitcodReleased, 8 * 192)).toBe(2);
  });

  it("stay finite where the released simulator divides by zero, and fall with the entries", () => {
    for (const mask of [{ globalTokens: 0, sparseEntries: 900 }, { globalTokens: 197, sparseEntries: 0 }, { globalTokens: 0, sparseEntries: 0 }, { globalTokens: 1, sparseEntries: 30000 }]) {
      expect(Object.values(vitcodLayer(vitcodReleased, attention, mask)).every(Number.isFinite), JSON.stringify(mask)).toBe(true);
    }
    expect(splitLines(64, 197, 38612)).toEqual([1, 63]);
    expect(splitLines(64, 0, 5)).toEqual([0, 64]);
    const { sparseScores } = vitcodLayer(vitcodReleased, attention, { globalTokens: 0, sparseEntries: 128 });
    expect(sparseScores).toBe(6);
  });

  it("bill the units the array has when asked to", () => {
    const consistent = vitcodLayer({ ...vitcodReleased, macs: "consistent" }, attention, { globalTokens: 0, sparseEntries: 64 });
    // 64 entries of 64 products each on 64 lines of 8, a third of them per head: floor(512 / 3) = 170 units.
    expect(consistent.sparseValues).toBe(Math.ceil(4096 / 170));
  });
});
