/** Elements for equal throughput, and the best variant of an accelerator for one network. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { balancedChunks, bestVariant } from "../../src/hw/chunk-balance.js";
import { createCostModel, type CostRow } from "../../src/hw/cost-model.js";
import { bind } from "../../src/ir/bind.js";
import type { Accelerator } from "../../src/ir/plan.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { programOf } from "../ir/check/programs.js";
import { accelerator, chunk } from "./fixtures.js";

/** Rows with so many cycles on each chunk. */
const rowsOf = (cycles: Readonly<Record<string, number>>): readonly CostRow[] => Object.entries(cycles).map(([name, own]) => ({
  path: name, operator: "conv", chunk: name, shape: [1], params: 0, size: 0, macs: 0, bitops: 0, multiplies: 0, shifts: 0, adds: 0, bytes: 0, energy: 0, split: { compute: 0, registers: 0, network: 0, buffer: 0, dram: 0 },
  cycles: own, latency: 0, bound: "compute", utilisation: 1, external: 0,
}));

describe("elements for equal throughput", () => {
  it("are NASA's 109 multiplying and as many adding ones for equal work in the area of 168 (rounded down; dossier 02 rounds adders up)", () => {
    const chip: Accelerator = accelerator({ chunks: [{ ...chunk("mac", ["conv"], "int8", [6, 14]), area: 1.88e-10 }, { ...chunk("adder", ["add"], "int8", [2, 79]), area: 1e-10 }] });
    expect(balancedChunks({ rows: rowsOf({ mac: 158, adder: 84 }) }, chip)).toEqual([{ chunk: "mac", elements: 84, balanced: 109 }, { chunk: "adder", elements: 158, balanced: 109 }]);
  });

  it("keep the area, and no other whole numbers in it make the slowest chunk faster but by rounding", () => {
    fc.assert(fc.property(fc.array(fc.record({ work: fc.integer({ min: 1, max: 1e6 }), area: fc.constantFrom(1, 1.22, 1.88, 2.45), side: fc.integer({ min: 2, max: 12 }) }), { minLength: 2, maxLength: 3 }), fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 }), (parts, moves) => {
      const chip = accelerator({ chunks: parts.map(({ area, side }, index) => ({ ...chunk(`c${index}`, [], "int8", [side, side]), area: area * 1e-10 })) });
      const balanced = balancedChunks({ rows: rowsOf(Object.fromEntries(parts.map(({ work, side }, index) => [`c${index}`, work / side ** 2]))) }, chip).map((own) => own.balanced);
      const area = (elements: readonly number[]): number => elements.reduce((sum, count, index) => sum + count * parts[index]!.area, 0);
      const total = area(parts.map(({ side }) => side * side));
      const slowest = (elements: readonly number[]): number => Math.max(...elements.map((count, index) => parts[index]!.work / count));
      if (balanced.every((count) => count > 1)) expect(area(balanced)).toBeLessThanOrEqual(total * (1 + 1e-9));
      const other = balanced.map((count, index) => Math.max(1, count + moves[index]!));
      if (area(other) > total) return;
      // One element more in each chunk is all that rounding down can have lost.
      expect(slowest(other)).toBeGreaterThanOrEqual(slowest(balanced.map((count) => count + 1)) * (1 - 1e-9));
    }), { numRuns: 300 });
  });
});

describe("the best variant for a network", () => {
  const plan = programOf(`
    space Net { input image: f32[12, 12, 8]  x = image -> conv(16, kernel = 3) -> add(16, kernel = 3) -> shift(16, kernel = 1)  output y = x -> global_pool -> dense(4) }
    accelerator Chip {
      clock 100MHz   area 0.2mm2
      memory dram { width 64bit }
      memory buffer { size 16KB  width 64bit }
      memory local { size 32B  width 16bit  per pe }
      chunk mac { array choose { 4, 8 } x 4  runs conv, dense  dataflow choose { weight_stationary, output_stationary } }
      chunk shift { array 4 x 4  runs shift  dataflow choose { weight_stationary, output_stationary } }
      chunk adder { array 4 x choose { 4, 8 }  runs add  dataflow choose { weight_stationary, output_stationary, row_stationary } }
      mapper { }
    }
    search Main { space Net on Chip  minimize energy }`).searches.get("Main")!;
  const net = bind(plan.space, spaceQueries(plan.space).samplePath(randomStream(0, "net")));

  it("is the one with the least energy times period of all within the area, dataflows of every chunk included", () => {
    const best = bestVariant(createCostModel(plan.accelerator), net)!;
    // Models of their own, which share no mappings.
    const all = plan.accelerator.variants!.map(({ accelerator: own, fits }) => { const { energy, period } = createCostModel(own).netCost(net).totals; return fits ? energy * period : Infinity; });
    expect(all.length).toBe(2 * 2 * 2 * 2 * 3);
    expect(best.energyPeriod).toBe(Math.min(...all));
    expect(best.index).toBe(all.indexOf(best.energyPeriod));
    expect(best.looked).toBe(all.filter(Number.isFinite).length);
    expect(Object.keys(best.labels)).toEqual(plan.accelerator.choices!.map(({ path }) => path));
    const { chunks } = plan.accelerator.variants![best.index]!.accelerator;
    expect(best.labels["Chip.adder.dataflow"]).toBe(chunks[2]!.dataflow[0]);
  });

  it("is none where nothing is chosen", () => {
    expect(bestVariant(createCostModel(accelerator()), net)).toBeUndefined();
  });

  it("pipelines: a result per period, and the period is the busiest of chunks and external memory", () => {
    const { busy, totals, externalTime } = createCostModel(plan.accelerator.variants![0]!.accelerator).netCost(net);
    expect(totals.period).toBe(Math.max(externalTime, ...Object.values(busy)));
    expect(totals.period).toBeLessThan(totals.latency);
  });

  it("has a part of the buffer for each chunk, and larger parts cost no more", () => {
    const withShare = (share: number): Accelerator => ({ ...plan.accelerator.variants![0]!.accelerator, chunks: plan.accelerator.chunks.map((own) => ({ ...own, share })) });
    const products = [0.05, 0.1, 0.3].map((share) => createCostModel({ ...withShare(share), mapper: { ...plan.accelerator.mapper!, keepOnChip: false } }).netCost(net).rows.filter(({ mappings }) => mappings !== undefined).map(({ energy, latency }) => energy * latency));
    products[0]!.forEach((own, index) => { expect(products[1]![index]!).toBeLessThanOrEqual(own * (1 + 1e-9)); expect(products[2]![index]!).toBeLessThanOrEqual(products[1]![index]! * (1 + 1e-9)); });
    expect(products[2]!.some((own, index) => own < products[0]![index]! * 0.999)).toBe(true);
  });
});
