/** The predictor against ShiftAddNAS rows (dossier 01) and the operations of NAS-Bench-201 run through DNN-Chip Predictor. */
import { describe, expect, it } from "vitest";
import { chooseTiling, factorisations, feasibleTilings } from "../../../src/hw/reference-models/rice-eic-search.js";
import { hwNasBenchEyeriss, hwNasBenchPrices, shiftAddNasArray, shiftAddNasCycle, shiftAddNasPrices, type ShiftAddOperator } from "../../../src/hw/reference-models/rice-eic-presets.js";
import { layerPoints, tilingCycles, usedElements, type PredictorLayer } from "../../../src/hw/reference-models/rice-eic.js";
import { shared } from "./shared-data.js";

const convolution = (inputChannels: number, outputChannels: number, kernel: number, input: number, output: number): PredictorLayer =>
  ({ kind: "convolution", batch: 1, inputChannels, outputChannels, input: [input, input], output: [output, output], kernel: [kernel, kernel], stride: input / output });
const classifier: PredictorLayer = { ...convolution(2048, 1000, 1, 1, 1), kind: "fully_connected" };

/** Layer, operator, (mJ, s) below 168 elements, (mJ, s) below 192. */
const rows: readonly (readonly [string, PredictorLayer, ShiftAddOperator, readonly [number, number], readonly [number, number]])[] = [
  ["FC 2048 to 1000", classifier, "multiply", [0.928905864, 5.12e-5], [0.928905864, 5.12e-5]],
  ["conv 7x7 s2 3 to 64", convolution(3, 64, 7, 224, 112), "multiply", [5.2231811072, 0.003211264], [5.2549726208, 0.002809856]],
  ["conv 1x1 64 to 64 @56", convolution(64, 64, 1, 56, 56), "multiply", [0.6784999424, 0.000401408], [0.6784999424, 0.000401408]],
  ["conv 1x1 64 to 256 @56", convolution(64, 256, 1, 56, 56), "multiply", [2.4731549696, 0.001605632], [2.4731549696, 0.001605632]],
  ["conv 3x3 64 to 64 @56", convolution(64, 64, 3, 56, 56), "multiply", [5.0017042432, 0.004816896], [4.9132306432, 0.002752512]],
  ["shift 1x1 512 to 256 @28", convolution(512, 256, 1, 28, 28), "shift", [1.36621671424, 0.00100352], [1.36621671424, 0.00100352]],
  ["shift 3x3 256 to 256 @14", convolution(256, 256, 3, 14, 14), "shift", [1.53419645952, 0.00172032], [1.48964017152, 0.00086016]],
  ["shift 1x1 256 to 1024 @14", convolution(256, 1024, 1, 14, 14), "shift", [0.73807782912, 0.00057344], [0.73807782912, 0.00057344]],
  ["add 1x1 1024 to 256 @14", convolution(1024, 256, 1, 14, 14), "add", [1.1876257792, 0.001605632], [1.1876257792, 0.001605632]],
  ["add 3x3 256 to 256 @14", convolution(256, 256, 3, 14, 14), "add", [4.001234944, 0.004816896], [4.001234944, 0.002752512]],
];

const relative = (got: number, expected: number): number => Math.abs(got / expected - 1);

describe("ShiftAddNAS, ten recorded layers", () => {
  it.each(rows)("%s", (_, layer, operator, small, large) => {
    for (const [elements, [energy, seconds]] of [[168, small], [192, large]] as const) {
      const choice = chooseTiling(layer, shiftAddNasArray(elements), shiftAddNasPrices(operator), "row_stationary", "normalised_sum")!;
      expect(relative(choice.energy * 1e-9, energy), `energy below ${elements}`).toBeLessThan(1e-9);
      expect(relative(choice.cycles * shiftAddNasCycle(operator), seconds), `latency below ${elements}`).toBeLessThan(1e-9);
    }
  });

  it("splits every number in all ordered ways", () => {
    expect(factorisations(4, 3)).toEqual([[1, 1, 4], [1, 2, 2], [1, 4, 1], [2, 1, 2], [2, 2, 1], [4, 1, 1]]);
    expect(factorisations(64, 4).length).toBe(84);
  });
});

interface Operation {
  idx: number; type: "Conv" | "AvgP" | "FC"; kernel_size: number; stride: number; input_H: number; input_W: number; input_C: number; output_E: number; output_F: number; output_M: number;
  energy_mJ: number; min_energy_mJ: number; latency_ms: number; min_latency_ms: number; cycles: number;
}

const data = shared("costmodel-reference/eyeriss-nasbench201-ops.json", "37 operations of NAS-Bench-201");

describe.skipIf(!data.present)("DNN-Chip Predictor, NAS-Bench-201 operations", () => {
  const operations = data.present ? data.json<{ ops: Operation[] }>().ops : [];
  it.each(operations.map((given) => [given.idx, given.type, given] as const))("%d %s", (_, type, given) => {
    const layer: PredictorLayer = {
      kind: type === "FC" ? "fully_connected" : "convolution", batch: 1, inputChannels: given.input_C, outputChannels: given.output_M,
      input: [given.input_H, given.input_W], output: [given.output_E, given.output_F], kernel: [given.kernel_size, given.kernel_size], stride: given.stride,
    };
    const prices = hwNasBenchPrices(type === "AvgP" ? "pooling" : "multiply_accumulate");
    const pick = (objective: "normalised_sum" | "energy" | "latency") => chooseTiling(layer, hwNasBenchEyeriss, prices, "row_stationary", objective)!;
    const best = pick("normalised_sum");
    expect(best.cycles).toBe(given.cycles);
    expect(relative(best.energy * 1e-9, given.energy_mJ)).toBeLessThan(1e-9);
    expect(relative(pick("energy").energy * 1e-9, given.min_energy_mJ)).toBeLessThan(1e-9);
    expect(relative(pick("latency").cycles / 250e3, given.min_latency_ms)).toBeLessThan(1e-9);
  });
});

describe("templates", () => {
  it.each(["row_stationary", "weight_stationary", "input_stationary", "output_stationary"] as const)("%s: cycles times used elements are the points of the layer, for every tiling", (dataflow) => {
    for (const layer of [convolution(12, 24, 3, 8, 8), convolution(6, 10, 1, 12, 12), convolution(3, 8, 5, 16, 8), { ...convolution(24, 36, 1, 1, 1), kind: "fully_connected" as const, batch: 6 }]) {
      const tilings = feasibleTilings(layer, hwNasBenchEyeriss, dataflow);
      expect(tilings.length).toBeGreaterThan(0);
      for (const tiling of tilings) expect(tilingCycles(layer, dataflow, tiling) * usedElements(layer, dataflow, tiling)).toBe(layerPoints(layer));
    }
  });

  it("leave fewer tilings where they have to fit the sides, and the fastest of those uses no more elements than 12 x 14 can", () => {
    const layer = convolution(112, 184, 1, 7, 7);
    const sides = { ...hwNasBenchEyeriss, sides: [12, 14] as const };
    expect(feasibleTilings(layer, sides, "row_stationary").length).toBeLessThan(feasibleTilings(layer, hwNasBenchEyeriss, "row_stationary").length);
    const used = (array: typeof hwNasBenchEyeriss): number => { const { tiling } = chooseTiling(layer, array, hwNasBenchPrices("multiply_accumulate"), "row_stationary", "latency")!; return usedElements(layer, "row_stationary", tiling); };
    expect([used(hwNasBenchEyeriss), used(sides)]).toEqual([161, 112]);
  });
});
