/**
 * The mapper against the RICE-EIC template (hardware notes 3c): with the same array, memories, prices and loops in space it is never worse
 * than the best tiling of the template, for which every tiling is written out as a mapping and priced by our rules. All four dataflows can
 * be written so; tilings that cannot are those whose formulas leave a factor out (`templateMapping`), and those whose register tiles are
 * larger than the registers: the published limits leave the taps of a filter out except for row-stationary tilings.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asPublished } from "../../../src/hw/mapping/conventions.js";
import { evaluate } from "../../../src/hw/mapping/evaluate.js";
import { mappingProblems } from "../../../src/hw/mapping/mapping.js";
import { searchMapping, type MappingObjective } from "../../../src/hw/mapping/search.js";
import { feasibleTilings, type PredictorArray } from "../../../src/hw/reference-models/rice-eic-search.js";
import { hwNasBenchEyeriss } from "../../../src/hw/reference-models/rice-eic-presets.js";
import { tilingCycles, usedElements, type PredictorDataflow, type PredictorLayer } from "../../../src/hw/reference-models/rice-eic.js";
import { spatialLoops, templateHardware, templateKeep, templateMapping, templateProblem, templateStages } from "./template-mapping.js";

const conventions = asPublished("timeloop");
const dataflows: readonly PredictorDataflow[] = ["row_stationary", "weight_stationary", "input_stationary", "output_stationary"];
const objectives: readonly MappingObjective[] = ["energy", "energy_delay", "latency"];

const layerOf = (k: number, c: number, [p, q]: readonly [number, number], kernel: number, stride = 1): PredictorLayer => ({
  kind: p * q * kernel === 1 ? "fully_connected" : "convolution", batch: 1, inputChannels: c, outputChannels: k, input: [p * stride, q * stride], output: [p, q], kernel: [kernel, kernel], stride,
});

const priceOf = (objective: MappingObjective, energy: number, cycles: number): number => (objective === "energy" ? energy : objective === "latency" ? cycles : energy * cycles);

/** The least price of every objective over all tilings; how many of them are mappings that fit. */
function bestOfTemplate(layer: PredictorLayer, array: PredictorArray, dataflow: PredictorDataflow, groups = 1): { readonly prices: Readonly<Record<MappingObjective, number>>; readonly fitting: number } {
  const [problem, hardware] = [templateProblem(layer, groups), templateHardware(array)];
  const prices: Record<MappingObjective, number> = { energy: Infinity, energy_delay: Infinity, latency: Infinity };
  let fitting = 0;
  for (const tiling of feasibleTilings(layer, array, dataflow)) {
    const mapping = templateMapping(layer, dataflow, tiling, groups);
    if (mapping === undefined) continue;
    const { fits, energy, cycles, utilisation } = evaluate(problem, hardware, mapping, conventions);
    if (fitting === 0) expect(mappingProblems(problem, hardware, mapping)).toEqual([]);
    // It is the template's tiling: as many cycles on as many elements.
    if (cycles.compute !== groups * tilingCycles(layer, dataflow, tiling) || Math.round(utilisation * (array.elements - 1)) !== usedElements(layer, dataflow, tiling)) expect.fail(`another tiling: ${JSON.stringify(mapping.loops)}`);
    if (!fits) continue;
    fitting++;
    for (const objective of objectives) prices[objective] = Math.min(prices[objective], priceOf(objective, energy.total, cycles.latency));
  }
  return { prices, fitting };
}

function expectNeverWorse(layer: PredictorLayer, array: PredictorArray, dataflow: PredictorDataflow, chosen: readonly MappingObjective[], groups = 1): number {
  const { prices, fitting } = bestOfTemplate(layer, array, dataflow, groups);
  for (const objective of chosen) {
    const found = searchMapping(templateProblem(layer, groups), templateHardware(array), {
      conventions, objective, keep: templateKeep, stages: templateStages, rules: { array: spatialLoops[dataflow] }, factors: "perfect", leastUse: 0, effort: 1_000_000,
    });
    if (prices[objective] < Infinity) expect(found!.objective, `${dataflow}, ${objective}`).toBeLessThanOrEqual(prices[objective] * (1 + 1e-9));
  }
  return fitting;
}

describe.each(dataflows)("the mapper, with the freedom of the %s template,", (dataflow) => {
  it.each([
    ["a 3x3 convolution", layerOf(16, 8, [8, 8], 3), 1], ["a 1x1 convolution", layerOf(24, 16, [8, 8], 1), 1], ["a 3x3 convolution of stride 2", layerOf(8, 4, [6, 6], 3, 2), 1],
    ["a fully connected layer", layerOf(40, 64, [1, 1], 1), 1], ["a depthwise convolution", layerOf(1, 1, [8, 8], 3), 16],
  ] as const)("is at least as good as its best tiling of %s", (_, layer, groups) => {
    expect(expectNeverWorse(layer, hwNasBenchEyeriss, dataflow, objectives, groups)).toBeGreaterThan(0);
  }, 120_000);
});

describe("the mapper", () => {
  it("is never worse than the template on random layers and arrays", () => {
    const size = fc.constantFrom(1, 2, 3, 4, 6, 8);
    const layer = fc.tuple(size, size, fc.tuple(size, size), fc.constantFrom(1, 3), fc.constantFrom(1, 2)).map(([k, c, positions, kernel, stride]) => layerOf(k, c, positions, kernel, stride));
    const array = fc.record({
      elements: fc.constantFrom(10, 25, 168), inputRegisters: fc.constantFrom(12, 40), weightRegisters: fc.constantFrom(24, 192), outputRegisters: fc.constantFrom(2, 16), bufferWords: fc.constantFrom(150, 600, 65536),
    });
    let fitting = 0;
    fc.assert(fc.property(layer, array, fc.constantFrom(...dataflows), fc.constantFrom(...objectives), fc.constantFrom(1, 1, 4), (own, given, dataflow, objective, groups) => {
      fitting += expectNeverWorse(own, given, dataflow, [objective], groups);
    }), { numRuns: 80 });
    // Not for want of mappings to compare with.
    expect(fitting).toBeGreaterThan(1000);
  }, 240_000);
});
