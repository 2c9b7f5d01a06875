/** Elements for equal throughput, and the best variant of an accelerator for one network. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { balancedElements, bestVariant } from "../../../src/hw/pipeline/chunk-balance.js";
import { createCostModel } from "../../../src/hw/cost-model.js";
import { bind } from "../../../src/ir/bind.js";
import { arrayFor } from "../../../src/ir/plans/array-shape.js";
import type { Accelerator } from "../../../src/ir/plan.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { randomStream } from "../../../src/random/stream.js";
import { programOf } from "../../ir/check/programs.js";
import { accelerator } from "../fixtures.js";

describe("elements for equal throughput", () => {
  it("are NASA's 109 multiplying and 110 adding ones for equal work in the area of 168, and all for one kind (dossier 02)", () => {
    const multiply = { area: 1, step: 1 };
    const other = { area: 1 / 1.88, step: 1 };
    expect(balancedElements([{ work: 7e6, ...multiply }, { work: 7e6, ...other }], 168)).toEqual([109, 110]);
    expect(balancedElements([{ work: 7e6, ...multiply }, { work: 0, ...other }], 168)).toEqual([168, 0]);
    expect(balancedElements([{ work: 0, ...multiply }, { work: 0, ...other }], 168)).toEqual([0, 0]);
  });

  const demands = fc.array(fc.record({ work: fc.integer({ min: 1, max: 1e6 }), area: fc.constantFrom(1, 1.22, 1.88, 2.45), step: fc.constantFrom(1, 1, 4) }), { minLength: 2, maxLength: 3 });

  it("keep the area, and no other whole numbers in it make the slowest chunk faster", () => {
    fc.assert(fc.property(demands, fc.integer({ min: 0, max: 300 }), fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 }), (parts, more, moves) => {
      const area = (elements: readonly number[]): number => elements.reduce((sum, count, index) => sum + count * parts[index]!.area, 0);
      const slowest = (elements: readonly number[]): number => Math.max(...elements.map((count, index) => parts[index]!.work / count));
      const total = area(parts.map(({ step }) => step)) + more;
      const found = balancedElements(parts, total);
      expect(area(found)).toBeLessThanOrEqual(total * (1 + 1e-9));
      const other = found.map((count, index) => Math.max(parts[index]!.step, count + moves[index]! * parts[index]!.step));
      if (area(other) <= total) expect(slowest(other)).toBeGreaterThanOrEqual(slowest(found) * (1 - 1e-9));
      // The rule in fractions: its throughput is a bound, missed by a step of each chunk at most.
      const ideal = parts.reduce((sum, { work, area: own }) => sum + work * own, 0) / total;
      expect(slowest(found)).toBeGreaterThanOrEqual(ideal * (1 - 1e-9));
      const rounded = parts.map(({ work, step }) => Math.max(step, Math.floor(work / ideal / step) * step));
      if (area(rounded) <= total) expect(slowest(found)).toBeLessThanOrEqual(slowest(rounded) * (1 + 1e-9));
    }), { numRuns: 500 });
  });
});

describe("the array for some elements", () => {
  it("has most of them, is at most four times as wide as high, of equals the squarest", () => {
    expect([1, 2, 3, 7, 109, 110, 168].map((elements) => arrayFor(elements))).toEqual([[1, 1], [1, 2], [1, 3], [2, 3], [9, 12], [10, 11], [12, 14]]);
    expect(arrayFor(0)).toEqual([0, 0]);
  });

  it("keeps a side that is declared", () => {
    expect([arrayFor(109, { rows: 8 }), arrayFor(109, { columns: 10 }), arrayFor(3, { rows: 8 })]).toEqual([[8, 13], [10, 10], [8, 1]]);
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
