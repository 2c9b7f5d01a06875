/**
 * NASA's chunked accelerator (Shi et al., ICCAD 2022; dossier 02): elements shared out so that every operator family needs the
 * same time, chunks that pipeline different inputs over one buffer, and the per-layer mapper of rice-eic-search.ts.
 */
import type { PredictorDataflow, PredictorLayer } from "./rice-eic.js";
import { nasaArray, nasaPrices, type ShiftAddOperator } from "./rice-eic-presets.js";
import { chooseTiling, type PredictorChoice, type PredictorObjective } from "./rice-eic-search.js";
import { tilingEnergy, tilingWords } from "./rice-eic.js";

/** Area of a multiplying element over that of a shifting or adding one, as coded. */
export const multiplierArea = 1.88;

const relativeArea = (operator: ShiftAddOperator): number => (operator === "multiply" ? 1 : 1 / multiplierArea);

export type PerOperator = Readonly<Record<ShiftAddOperator, number>>;

/** Elements of each chunk inside an area of `total` multiplying ones, proportional to its operations: multipliers round down, the others up. */
export function allocateElements(operations: PerOperator, total = 168): PerOperator {
  const weighed = operations.multiply + operations.shift * relativeArea("shift") + operations.add * relativeArea("add");
  if (weighed === 0) return { multiply: 0, shift: 0, add: 0 };
  const share = total / weighed;
  return { multiply: Math.floor(share * operations.multiply), shift: Math.ceil(share * operations.shift), add: Math.ceil(share * operations.add) };
}

/** "Scaled FLOPs" of the search: multiply-accumulates and two per normalised element; a shift counts an eighth, an addition a fifth. */
export const scaledFlops = (operations: PerOperator): number => operations.multiply + operations.shift / 8 + operations.add / 5;

export interface NasaLayer {
  readonly operator: ShiftAddOperator;
  readonly layer: PredictorLayer;
  /** Times the layer is repeated: a depthwise convolution is one 1-to-1 convolution per channel. */
  readonly repeat: number;
}

export interface NasaSettings {
  readonly elements: PerOperator;
  readonly bits: Readonly<Record<ShiftAddOperator, 6 | 8 | 16 | 32>>;
  readonly dataflow: Readonly<Record<ShiftAddOperator, PredictorDataflow>>;
  readonly objective: PredictorObjective;
  readonly billed: "as_coded" | "by_operator";
  readonly bufferWords: number;
}

export const nasaAsPublished = (elements: PerOperator): NasaSettings => ({
  elements, bits: { multiply: 8, shift: 6, add: 6 }, objective: "energy_delay", billed: "as_coded", bufferWords: 131070,
  dataflow: { multiply: "row_stationary", shift: "row_stationary", add: "row_stationary" },
});

export interface ChunkTotals { readonly energy: number; readonly energyWithoutDram: number; readonly cycles: number }

export interface NasaRun {
  readonly chunks: Readonly<Record<ShiftAddOperator, ChunkTotals>>;
  /** pJ of one inference. */
  readonly energy: number;
  readonly energyWithoutDram: number;
  /** Cycles between two results: the busiest chunk. NASA calls this latency. */
  readonly period: number;
  /** Cycles one input needs through all its layers. */
  readonly latency: number;
  readonly energyDelay: number;
}

const operators: readonly ShiftAddOperator[] = ["multiply", "shift", "add"];

/** The chunk with the least accumulated time issues next; its buffer is what the layers running on the others leave. Undefined when a layer fits nowhere. */
export function runNasa(layers: readonly NasaLayer[], settings: NasaSettings): NasaRun | undefined {
  const queues = new Map(operators.map((operator) => [operator, layers.filter((layer) => layer.operator === operator)]));
  const totals = { multiply: { energy: 0, energyWithoutDram: 0, cycles: 0 }, shift: { energy: 0, energyWithoutDram: 0, cycles: 0 }, add: { energy: 0, energyWithoutDram: 0, cycles: 0 } };
  const next = { multiply: 0, shift: 0, add: 0 };
  const held = { multiply: 0, shift: 0, add: 0 };
  const known = new Map<string, PredictorChoice | undefined>();
  for (let issued = 0; issued < layers.length; issued++) {
    const waiting = operators.filter((operator) => next[operator] < queues.get(operator)!.length);
    const operator = waiting.reduce((least, other) => (totals[other].cycles < totals[least].cycles ? other : least));
    const given = queues.get(operator)![next[operator]++]!;
    const others = operators.reduce((words, other) => (other === operator ? words : words + held[other]), 0);
    const bufferWords = settings.bufferWords - others;
    const key = JSON.stringify([operator, given.layer, bufferWords]);
    if (!known.has(key)) known.set(key, choose(given, settings, bufferWords));
    const choice = known.get(key);
    if (choice === undefined) return undefined;
    held[operator] = next[operator] < queues.get(operator)!.length ? choice.bufferWords : 0;
    add(totals[operator], given, choice, settings);
  }
  const chunks = operators.map((operator) => totals[operator]);
  const energy = chunks.reduce((sum, chunk) => sum + chunk.energy, 0);
  const period = Math.max(...chunks.map((chunk) => chunk.cycles));
  return {
    chunks: totals, energy, energyWithoutDram: chunks.reduce((sum, chunk) => sum + chunk.energyWithoutDram, 0), period,
    latency: chunks.reduce((sum, chunk) => sum + chunk.cycles, 0), energyDelay: energy * period,
  };
}

function choose({ operator, layer }: NasaLayer, settings: NasaSettings, bufferWords: number): PredictorChoice | undefined {
  const prices = nasaPrices(operator, settings.bits[operator], settings.billed);
  return chooseTiling(layer, nasaArray(settings.elements[operator], bufferWords), prices, settings.dataflow[operator], settings.objective);
}

function add(total: { energy: number; energyWithoutDram: number; cycles: number }, { operator, layer, repeat }: NasaLayer, choice: PredictorChoice, settings: NasaSettings): void {
  const prices = nasaPrices(operator, settings.bits[operator], settings.billed);
  const words = tilingWords(layer, settings.dataflow[operator], choice.tiling);
  total.energy += repeat * choice.energy;
  total.energyWithoutDram += repeat * tilingEnergy(layer, words, prices, false);
  total.cycles += repeat * choice.cycles;
}
