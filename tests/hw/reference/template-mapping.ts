/**
 * Tilings of the RICE-EIC template (hardware notes 2.7) as mappings of the general model. The loops and their order follow from what each
 * formula multiplies: external memory runs the factors 3 (and the channels 2, over which the buffer keeps its sums), the buffer the filters 2
 * and the positions that pass by a stationary register tile, the array the factors 1, the registers the rest. Weights pass the buffer by.
 */
import type { Hardware, MemoryLevel } from "../../../src/hw/mapping/hardware.js";
import type { MappedLoop, Mapping } from "../../../src/hw/mapping/mapping.js";
import { problemOf, type Problem } from "../../../src/hw/mapping/problem.js";
import type { PredictorArray } from "../../../src/hw/reference-models/rice-eic-search.js";
import type { PredictorDataflow, PredictorLayer, Tiling } from "../../../src/hw/reference-models/rice-eic.js";

const WORD_BITS = 16;
const BUFFER = 3;
const EXTERNAL = 4;
const AXIS = "array";

/** Loops that the template spreads over the array. */
export const spatialLoops: Readonly<Record<PredictorDataflow, readonly string[]>> = {
  row_stationary: ["k", "c", "p", "r"], weight_stationary: ["k", "c", "r", "s", "p", "q"], input_stationary: ["k", "c", "p", "q"], output_stationary: ["k", "c", "p", "q"],
};

export const templateKeep = [["I"], ["W"], ["O"], ["I", "O"], ["W", "I", "O"]];
export const templateStages = [[0, 1, 2], [BUFFER], [EXTERNAL]];

/** The template's array takes any factors whose product is below its size: one axis of one place less. Prices are Eyeriss' (ISCA 2016). */
export function templateHardware(array: PredictorArray): Hardware {
  const memory = (name: string, price: number, words?: number): MemoryLevel =>
    ({ name, wordsPerAccess: 1, energy: { read: price, write: price }, ports: [], doubleBuffered: true, ...(words === undefined ? {} : { sizeBits: words * WORD_BITS }) });
  return {
    levels: [memory("inputs", 1, array.inputRegisters), memory("weights", 1, array.weightRegisters), memory("sums", 1, array.outputRegisters), memory("buffer", 6, array.bufferWords), memory("dram", 200)],
    axes: [{ name: AXIS, size: array.elements - 1, below: BUFFER }], network: { energy: 2, wordBits: WORD_BITS }, pointEnergy: 1,
  };
}

/** The layer as a loop nest; with groups as many layers of the given channels, which is how NASA bills a depthwise convolution. */
export function templateProblem({ inputChannels: c, outputChannels: k, output: [p, q], kernel: [r, s], stride }: PredictorLayer, groups = 1): Problem {
  const bounds = { g: groups, k, c, p, q, r, s };
  const index = (...terms: readonly (readonly [string, number])[]) => ({ terms: terms.map(([dimension, coefficient]) => ({ dimension, coefficient })) });
  const [g, rows, columns] = [index(["g", 1]), index(["p", stride], ["r", 1]), index(["q", stride], ["s", 1])];
  return problemOf({
    name: "layer", operation: "multiply_accumulate", points: Object.values(bounds).reduce((product, bound) => product * bound, 1), dimensions: Object.entries(bounds).map(([name, bound]) => ({ name, bound })),
    tensors: [
      { name: "W", role: "weight", words: 0, indices: [g, index(["k", 1]), index(["c", 1]), index(["r", 1]), index(["s", 1])] },
      { name: "I", role: "input", words: 0, indices: [g, index(["c", 1]), rows, columns] },
      { name: "O", role: "output", words: 0, indices: [g, index(["k", 1]), index(["p", 1]), index(["q", 1])] },
    ],
  });
}

type Factors = readonly (readonly [string, number])[];

/** By place: external memory, buffer, array, registers; outermost first. */
function placesOf({ output: [, f], kernel: [r, s] }: PredictorLayer, dataflow: PredictorDataflow, t: Tiling): readonly [Factors, Factors, Factors, Factors] {
  switch (dataflow) {
    // A register tile holds one position at a time: columns pass by, and inputs slide.
    case "row_stationary": return [[["k", t.m3], ["p", t.e3], ["c", t.c2]], [["k", t.m2], ["q", f]], [["k", t.m1], ["c", t.c1], ["p", t.e1], ["r", r]], [["k", t.m0], ["c", t.c0], ["s", s]]];
    case "weight_stationary": return [[["k", t.m3], ["c", t.c2]], [["k", t.m2], ["p", t.e0], ["q", t.f0]], [["k", t.m1], ["c", t.c1], ["r", r], ["s", s], ["p", t.e1], ["q", t.f1]], [["k", t.m0], ["c", t.c0]]];
    case "input_stationary": return [[["p", t.e3], ["q", t.f3], ["c", t.c2]], [["p", t.e0], ["q", t.f0]], [["k", t.m1], ["c", t.c1], ["p", t.e1], ["q", t.f1]], [["k", t.m0], ["c", t.c0], ["r", r], ["s", s]]];
    case "output_stationary": return [[["k", t.m3], ["p", t.e3], ["q", t.f3]], [["k", t.m2], ["p", t.e0], ["q", t.f0]], [["k", t.m1], ["c", t.c1], ["p", t.e1], ["q", t.f1]], [["k", t.m0], ["c", t.c0], ["r", r], ["s", s]]];
  }
}

/**
 * Undefined where the tiling is no mapping: the formulas of the input-stationary template leave out the filters 2 and 3, those of the
 * output-stationary one the channels 2, so that tilings with such factors compute only a part of the layer.
 */
export function templateMapping(layer: PredictorLayer, dataflow: PredictorDataflow, t: Tiling, groups = 1): Mapping | undefined {
  if ((dataflow === "input_stationary" && t.m2 * t.m3 > 1) || (dataflow === "output_stationary" && t.c2 > 1)) return undefined;
  const [external, buffer, array, registers] = placesOf(layer, dataflow, t);
  const at = (factors: Factors, level: number, axis?: string): MappedLoop[] => factors.flatMap(([dimension, bound]) => (bound === 1 ? [] : [{ dimension, bound, level, ...(axis === undefined ? {} : { axis }) }]));
  return { loops: [...at([["g", groups], ...external], EXTERNAL), ...at(buffer, BUFFER), ...at(array, BUFFER, AXIS), ...at(registers, 0)], keep: templateKeep };
}
