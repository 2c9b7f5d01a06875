/**
 * Loop nests priced by the closed-form predictor of HW-NAS-Bench, ShiftAddNAS and NASA (`convention rice_eic`): limits, prices and clocks of
 * a declared accelerator in the words of `reference-models/rice-eic.ts`, which has the formulas. Energies leave here in joules, times in seconds.
 */
import type { Accelerator, Chunk, Dataflow, MemoryLevel, PredictorPlan, TensorRole } from "../../ir/plan.js";
import { registersOf } from "../../ir/plans/read-predictor.js";
import type { LoopNest, TensorAccess } from "../../ops/workload.js";
import { lawPerBit, shareOf } from "../chunk-hardware.js";
import { roleOf } from "../dataflows.js";
import { predictedLayer } from "./layers.js";
import { layerPoints, tilingEnergyParts, tilingWords, usedElements, type PredictorDataflow, type PredictorLayer, type PredictorPrices, type PredictorWords, type TensorPrices, type Tiling } from "../reference-models/rice-eic.js";
import { chooseAmong, type PredictorArray, type PredictorObjective } from "../reference-models/rice-eic-search.js";
import { accumulatorFormat, formatBits } from "../unit-costs.js";

const PICO = 1e-12;

/** What the declared memories are called that the predictor counts. */
export interface MemoryNames { readonly dram: string; readonly buffer: string; readonly inputs: string; readonly weights: string; readonly sums: string }

export interface PredictedNest {
  readonly nest: string;
  readonly chunk: string;
  readonly dataflow: PredictorDataflow;
  readonly layer: PredictorLayer;
  /** Times that the layer runs; cycles, energies and traffic below are of all. */
  readonly repeats: number;
  /** Points billed, which may be more than the network has. */
  readonly points: number;
  readonly tiling: Tiling;
  readonly array: PredictorArray;
  readonly memories: MemoryNames;
  /** Words and pJ per word of one run. */
  readonly words: PredictorWords;
  readonly prices: PredictorPrices;
  readonly usedElements: number;
  /** Feasible tilings, all of which were priced. */
  readonly looked: number;
  readonly cycles: number;
  /** Hertz of the chunk. */
  readonly clock: number;
  /** Joules. */
  readonly compute: number;
  readonly registers: number;
  readonly network: number;
  readonly buffer: number;
  readonly dram: number;
  /** Bytes over the external interface. */
  readonly external: number;
}

/** `unbilled`: no template has the form of the nest, and the convention lets such work cost nothing. */
export type Prediction = { readonly kind: "predicted"; readonly nest: PredictedNest } | { readonly kind: "unbilled" } | { readonly kind: "compulsory" } | { readonly kind: "no_tiling" };

export interface Predictor {
  readonly plan: PredictorPlan;
  predict(nest: LoopNest, chunk: Chunk, pointEnergy: number): Prediction;
}

/** Predictions by everything that they depend on: variants of one accelerator share it. */
export type PredictionMemory = Map<string, Prediction>;

const templates: readonly PredictorDataflow[] = ["row_stationary", "weight_stationary", "output_stationary", "input_stationary"];
const hasTemplate = (dataflow: Dataflow): dataflow is PredictorDataflow => templates.some((template) => template === dataflow);

const objectives: Readonly<Record<PredictorPlan["minimize"], PredictorObjective>> = { energy: "energy", latency: "latency", edp: "energy_delay", normalised_sum: "normalised_sum" };

/** Bits of the words that a chunk moves: what it says of a tensor, else what the operator dictates, else its number format. */
interface WordBits { readonly inputs: number; readonly weights: number; readonly outputs: number }

function wordBits(nest: LoopNest, { precision, widths = {} }: Chunk): WordBits {
  const format = formatBits[precision];
  const of = (role: TensorRole, said: number | undefined): number => {
    const tensor: TensorAccess | undefined = nest.tensors.find((each) => roleOf(nest, each) === role);
    // Words that zeros are cut out of are as wide as they are on average.
    return tensor?.density === undefined ? said ?? tensor?.bits ?? format : tensor.bits ?? said ?? format;
  };
  return { inputs: of("inputs", widths.activations), weights: of("weights", widths.weights), outputs: widths.psum ?? formatBits[accumulatorFormat[precision]] };
}

/** pJ of a word of `bits` of a memory whose prices hold for an access of `width` bits. */
function priceOf(memory: MemoryLevel | undefined, bits: number, action: "read" | "write", technology: number): number {
  if (memory === undefined) return 0;
  const read = memory.readEnergy ?? lawPerBit(memory, technology) * memory.width;
  return ((action === "read" ? read : memory.writeEnergy ?? read) * bits) / memory.width / PICO;
}

const wordsOf = (memory: MemoryLevel | undefined): number => (memory?.size === undefined ? Infinity : Math.floor((8 * memory.size) / memory.width));

export function createPredictor(accelerator: Accelerator, plan: PredictorPlan, known: PredictionMemory = new Map()): Predictor {
  const { memories, technology } = accelerator;
  const external = memories.find(({ size }) => size === undefined);
  const buffer = memories.find(({ size, per }) => size !== undefined && per === undefined);
  const [inputs, weights, sums] = (["inputs", "weights", "outputs"] as const).map((role) => registersOf(memories, role));

  const names: MemoryNames = { dram: external?.name ?? "dram", buffer: buffer?.name ?? "buffer", inputs: inputs?.name ?? "inputs", weights: weights?.name ?? "weights", sums: sums?.name ?? "sums" };

  const arrayOf = (chunk: Chunk): PredictorArray => ({
    elements: chunk.array[0] * chunk.array[1], inputRegisters: wordsOf(inputs), weightRegisters: wordsOf(weights), outputRegisters: wordsOf(sums),
    bufferWords: Math.floor(wordsOf(buffer) * (plan.buffer === "whole" ? 1 : shareOf(accelerator, chunk))), ...(plan.places === "sides" ? { sides: chunk.array } : {}),
  });

  const pricesOf = (nest: LoopNest, chunk: Chunk, operation: number): PredictorPrices => {
    const bits = wordBits(nest, chunk);
    const free = plan.adders === "free" && nest.operation === "add_accumulate" ? 0 : 1;
    const of = (memory: MemoryLevel | undefined, width: number, action: "read" | "write" = "read"): number => priceOf(memory, width, action, technology);
    // Inputs and results pass the buffer on their way, which costs a `write` of it; weights pass it by.
    const passing = (width: number): number => of(buffer, width, "write");
    const delivered = (width: number, declared = 0): number => (declared * width) / formatBits[chunk.precision] / PICO;
    const price = (input: number, weight: number, output: number): TensorPrices => ({ input, weight, output });
    return {
      operation,
      dram: price(free * (of(external, bits.inputs) + passing(bits.inputs)), free * of(external, bits.weights), free * (of(external, bits.outputs, "write") + passing(bits.outputs))),
      buffer: price(free * of(buffer, bits.inputs), free * of(buffer, bits.weights), free * of(buffer, bits.outputs)),
      network: price(free * delivered(bits.inputs, chunk.networkEnergy), free * delivered(bits.weights, chunk.networkEnergy), delivered(bits.outputs, chunk.networkSumEnergy ?? chunk.networkEnergy)),
      registers: price(of(inputs, bits.inputs), of(weights, bits.weights), of(sums, bits.outputs)),
    };
  };

  const predictNew = (nest: LoopNest, chunk: Chunk, pointEnergy: number): Prediction => {
    const pools = nest.operation === "accumulate" || nest.operation === "compare";
    if (pools && plan.pooling === "free") return { kind: "unbilled" };
    const given = predictedLayer(nest, plan);
    if (given === undefined) return { kind: plan.others === "free" ? "unbilled" : "compulsory" };
    const { layer, repeats } = given;
    const array = arrayOf(chunk);
    const prices = pricesOf(nest, chunk, pools ? 0 : pointEnergy / PICO);
    const choice = chooseAmong(layer, array, prices, chunk.dataflow.filter(hasTemplate), objectives[plan.minimize]);
    if (choice === undefined) return { kind: "no_tiling" };
    const words = tilingWords(layer, choice.dataflow, choice.tiling);
    const energy = tilingEnergyParts(layer, words, prices);
    const bits = wordBits(nest, chunk);
    const joules = (picojoules: number): number => repeats * picojoules * PICO;
    return { kind: "predicted", nest: {
      nest: nest.name, chunk: chunk.name, dataflow: choice.dataflow, layer, repeats, points: repeats * layerPoints(layer), tiling: choice.tiling, array, memories: names, words, prices, usedElements: usedElements(layer, choice.dataflow, choice.tiling),
      looked: choice.looked, cycles: repeats * choice.cycles, clock: chunk.clock ?? accelerator.clock,
      compute: joules(energy.operation), registers: joules(energy.registers), network: joules(energy.network), buffer: joules(energy.buffer), dram: joules(energy.dram),
      external: (repeats * (words.dram.input * bits.inputs + words.dram.weight * bits.weights + words.dram.output * bits.outputs)) / 8,
    } };
  };

  return {
    plan,
    predict(nest, chunk, pointEnergy) {
      const key = JSON.stringify([{ ...chunk, runs: [] }, memories, technology, accelerator.clock, plan, shareOf(accelerator, chunk), pointEnergy, nest.name, nest.operation, nest.dimensions, nest.tensors]);
      let found = known.get(key);
      if (found === undefined) known.set(key, (found = predictNew(nest, chunk, pointEnergy)));
      return found;
    },
  };
}
