/**
 * The cost of one operator with concrete shapes: its loop nests and vector work priced on the chunk that runs it. Where mappings are
 * searched a nest costs what its best mapping does; else traffic is compulsory (every tensor of a nest moves once), and energies and
 * latencies are lower bounds.
 */
import type { Chunk, NumberFormat } from "../ir/plan.js";
import type { Attributes, Operator, Shape } from "../ops/operator.js";
import type { LoopNest, TensorAccess, VectorWork } from "../ops/workload.js";
import { splitAttention, type SplitCost } from "./mask-split.js";
import type { Machine } from "./machine.js";
import type { MappedNest } from "./nest-mapper.js";
import type { PredictedNest } from "./predictor/predictor.js";
import { asStored, bitProduct, cycleScale, densityOf, multiplierScale, workingPoints } from "./compressed-work.js";
import { storedWeights, type StoredWeights } from "./stored-weights.js";
import { accumulatorFormat, arithmeticEnergy, formatBits } from "./unit-costs.js";
import { utilisation } from "./utilisation.js";

/**
 * Kinds of energy, from the inside out: arithmetic, memories beside the elements, links of arrays, memories of the chip, external memory;
 * and what time alone costs: static power and leakage.
 */
export const energyKinds = ["compute", "registers", "network", "buffer", "dram", "static"] as const;

/** Joules, by where they are spent. */
export type EnergyKind = (typeof energyKinds)[number];
export type EnergySplit = Readonly<Record<EnergyKind, number>>;

export const noEnergy: EnergySplit = { compute: 0, registers: 0, network: 0, buffer: 0, dram: 0, static: 0 };

/** The kinds to show of some energy: links of arrays and time only where they have a price. */
export const shownKinds = (split: EnergySplit): readonly EnergyKind[] => energyKinds.filter((kind) => (kind !== "network" && kind !== "static") || split[kind] > 0);

export type Bound = "compute" | "buffer" | "dram" | "none";

export interface OperatorCost {
  /** Trained parameters of this operator alone (a tensor shared by several nodes is counted by the caller). */
  readonly params: number;
  /** Bytes of those parameters, and how many of them are not cut to zero. */
  readonly size: number;
  readonly kept: number;
  readonly macs: number;
  /** Multiply-accumulates times the widths of both factors. */
  readonly bitops: number;
  readonly multiplies: number;
  readonly shifts: number;
  readonly adds: number;
  /** Compulsory traffic in bytes. */
  readonly bytes: number;
  readonly energy: EnergySplit;
  /** Cycles the arithmetic alone takes. */
  readonly cycles: number;
  /** Seconds, with the slowest of arithmetic, buffer and external memory. */
  readonly latency: number;
  readonly bound: Bound;
  /** Bytes over the external interface, and the seconds they take there. */
  readonly external: number;
  readonly externalTime: number;
  /** The chunk, or `vector` for the vector unit, or `-` where there is nothing to do. */
  readonly chunk: string;
  /** Used share of the array, weighted by points; 1 where there is no array work. */
  readonly utilisation: number;
  /** The operator has array arithmetic that no chunk names: the first chunk runs it. */
  readonly unassigned: boolean;
  /** How its nests run on the array, where mappings are searched. */
  readonly mappings?: readonly MappedNest[];
  /** How its nests run by the predictor's templates, where those stand in for mappings. */
  readonly predictions?: readonly PredictedNest[];
  /** A nest has no mapping that fits: its figures are lower bounds. */
  readonly unmapped?: boolean;
  /** Attention under a mask, on an array that splits its work. */
  readonly engines?: SplitCost;
}

export const VECTOR_UNIT = "vector";
export const NO_UNIT = "-";

const NOTHING: StoredWeights = { params: 0, size: 0, kept: 0 };

interface Meter {
  macs: number; bitops: number; multiplies: number; shifts: number; adds: number; bytes: number;
  compute: number; registers: number; network: number; buffer: number; dram: number; static: number;
  cycles: number; latency: number; external: number; points: number; usedPoints: number;
  readonly boundTimes: Record<Bound, number>;
  readonly mappings: MappedNest[];
  readonly predictions: PredictedNest[];
  unmapped: boolean;
}

const newMeter = (): Meter => ({
  macs: 0, bitops: 0, multiplies: 0, shifts: 0, adds: 0, bytes: 0, ...noEnergy, cycles: 0, latency: 0,
  external: 0, points: 0, usedPoints: 0, boundTimes: { compute: 0, buffer: 0, dram: 0, none: 0 }, mappings: [], predictions: [], unmapped: false,
});

/** Bytes through each port of one piece of work. */
interface Traffic { external: number; bufferReads: number; bufferWrites: number }

const staysOnChip = (machine: Machine, bytes: number): boolean => machine.buffer !== undefined && bytes <= machine.keepLimit;

function move(machine: Machine, meter: Meter, traffic: Traffic, role: TensorAccess["role"], bytes: number): void {
  const bits = 8 * bytes;
  const { buffer, dram } = machine;
  const external = role === "weight" || !staysOnChip(machine, bytes);
  if (external) {
    meter.dram += bits * (role === "output" ? dram.write : dram.read);
    traffic.external += bytes;
  }
  if (buffer === undefined) return;
  const written = external || role === "output";
  const readBack = role !== "output" || external;
  if (written) { meter.buffer += bits * buffer.write; traffic.bufferWrites += bytes; }
  if (readBack) { meter.buffer += bits * buffer.read; traffic.bufferReads += bytes; }
}

function settle(machine: Machine, meter: Meter, cycles: number, traffic: Traffic): void {
  const times: Record<Exclude<Bound, "none">, number> = {
    compute: cycles / machine.clock,
    buffer: machine.buffer === undefined ? 0 : Math.max(traffic.bufferReads, traffic.bufferWrites) / machine.buffer.bandwidth,
    dram: traffic.external / machine.dram.bandwidth,
  };
  const bound: Exclude<Bound, "none"> = times.compute >= times.buffer && times.compute >= times.dram ? "compute" : times.buffer >= times.dram ? "buffer" : "dram";
  meter.cycles += cycles;
  meter.latency += times[bound];
  meter.boundTimes[bound] += times[bound];
  meter.external += traffic.external;
}

const formatOf = (machine: Machine, chunk: Chunk | undefined): NumberFormat => chunk?.precision ?? machine.vector.format;

/** Energy of one innermost point that is computed, and operation counts of all of them. */
function pointEnergy(machine: Machine, nest: LoopNest, chunk: Chunk | undefined, meter: Meter): number {
  const format = formatOf(machine, chunk);
  const accumulator = accumulatorFormat[format];
  const price = (operation: "add" | "multiply" | "shift", of: NumberFormat): number => arithmeticEnergy(operation, of, machine.technology);
  const points = workingPoints(nest);
  switch (nest.operation) {
    case "multiply_accumulate":
      meter.macs += points; meter.bitops += points * bitProduct(nest, chunk, format); meter.multiplies += points; meter.adds += points;
      return multiplierScale(nest, chunk) * price("multiply", format) + price("add", accumulator);
    case "shift_accumulate": meter.shifts += points; meter.adds += points; return price("shift", format) + price("add", accumulator);
    case "add_accumulate": meter.adds += 2 * points; return price("add", format) + price("add", accumulator);
    case "accumulate": meter.adds += points; return chunk === undefined ? machine.vector.accumulate : price("add", accumulator);
    case "compare": return chunk === undefined ? machine.vector.add : price("add", format);
    case "none": return 0;
    default: { const never: never = nest.operation; throw new Error(`operation ${String(never)}`); }
  }
}

/** What a mapping and a tiling are charged with alike. */
const runParts = ["compute", "registers", "network", "buffer", "dram", "external"] as const;

/** Compulsory bytes of a nest, and the energies and traffic of the way it runs. */
function addRun(meter: Meter, nest: LoopNest, chunk: Chunk, run: Pick<MappedNest & PredictedNest, (typeof runParts)[number]>): void {
  for (const tensor of nest.tensors) meter.bytes += (tensor.words * (tensor.bits ?? formatBits[chunk.precision])) / 8;
  for (const part of runParts) meter[part] += run[part];
}

/** What the best mapping costs; false where there is none. */
function priceMapping(machine: Machine, nest: LoopNest, chunk: Chunk, perPoint: number, scale: number, meter: Meter): boolean {
  const mapped = machine.mapper?.map(nest, chunk, perPoint);
  if (mapped === undefined) { meter.unmapped = true; return false; }
  const { compute, busy } = mapped.result.evaluation.cycles;
  // The array waits for no port longer than before: what changes is the part of the time that only computing took.
  const slowest = Math.max(...busy);
  const latency = scale === 1 ? mapped.latency : mapped.latency + (Math.max(compute * scale, slowest) - Math.max(compute, slowest)) / machine.clock;
  addRun(meter, nest, chunk, mapped);
  if (mapped.leakage > 0) meter.static += (mapped.leakage * latency) / mapped.latency;
  meter.cycles += compute * scale;
  meter.latency += latency;
  meter.boundTimes[mapped.bound] += latency;
  meter.points += nest.points;
  meter.usedPoints += nest.points / mapped.result.evaluation.utilisation;
  meter.mappings.push(mapped);
  return true;
}

/** What the predictor says; false where the compulsory costs count. */
function pricePrediction(machine: Machine, nest: LoopNest, chunk: Chunk | undefined, perPoint: number, scale: number, meter: Meter): boolean {
  const { predictor } = machine;
  if (predictor === undefined) return false;
  if (chunk === undefined || nest.operation === "none") return predictor.plan.others === "free";
  const prediction = predictor.predict(nest, chunk, perPoint);
  switch (prediction.kind) {
    case "unbilled": return true;
    case "compulsory": return false;
    case "no_tiling": meter.unmapped = true; return false;
    case "predicted": break;
  }
  const { nest: predicted } = prediction;
  const latency = (predicted.cycles * scale) / predicted.clock;
  addRun(meter, nest, chunk, predicted);
  meter.cycles += predicted.cycles * scale;
  meter.latency += latency;
  meter.boundTimes.compute += latency;
  meter.points += predicted.points;
  meter.usedPoints += predicted.cycles * chunk.array[0] * chunk.array[1];
  meter.predictions.push(predicted);
  return true;
}

function priceNest(machine: Machine, given: LoopNest, chunk: Chunk | undefined, meter: Meter): void {
  const format = formatOf(machine, chunk);
  const working = workingPoints(given);
  const arithmetic = pointEnergy(machine, given, chunk, meter);
  const perPoint = (machine.mapper === undefined && machine.predictor === undefined) || chunk?.pointEnergy === undefined ? arithmetic : chunk.pointEnergy * multiplierScale(given, chunk);
  const [nest, scale] = [asStored(given, chunk, format), cycleScale(given, chunk)];
  const { points } = nest;
  if (machine.mapper !== undefined && chunk !== undefined && nest.operation !== "none" && priceMapping(machine, nest, chunk, perPoint * densityOf(given), scale, meter)) return;
  if (pricePrediction(machine, nest, chunk, perPoint * densityOf(given), scale, meter)) return;
  meter.compute += working * perPoint;
  const traffic: Traffic = { external: 0, bufferReads: 0, bufferWrites: 0 };
  let operandBits = 0;
  for (const tensor of nest.tensors) {
    const bits = tensor.bits ?? formatBits[format];
    const bytes = (tensor.words * bits) / 8;
    meter.bytes += bytes;
    move(machine, meter, traffic, tensor.role, bytes);
  }
  for (const { role, bits = formatBits[format] } of given.tensors) if (role !== "output") operandBits += bits;
  if (nest.operation !== "none") {
    const sumBits = formatBits[accumulatorFormat[format]];
    meter.registers += working * ((operandBits + sumBits) * machine.registers.read + sumBits * machine.registers.write);
  }
  const share = chunk === undefined ? 1 : utilisation(nest, chunk);
  const lanes = chunk === undefined ? machine.vector.lanes : chunk.array[0] * chunk.array[1];
  if (nest.operation !== "none") { meter.points += points; meter.usedPoints += points / share; }
  settle(machine, meter, nest.operation === "none" ? 0 : (points * scale) / (lanes * share), traffic);
}

/** The work on the part of the scores that is kept. */
const scaledWork = (work: VectorWork, part: number): VectorWork => ({
  ...work, multiplies: (work.multiplies ?? 0) * part, adds: (work.adds ?? 0) * part, compares: (work.compares ?? 0) * part, specials: (work.specials ?? 0) * part, readWords: work.readWords * part, writeWords: work.writeWords * part,
});

/** Every point reads its operands and updates its sum beside the element; rows and results move once, scores stay with the engines. */
function priceSplit(machine: Machine, engines: SplitCost, nests: readonly LoopNest[], chunk: Chunk, meter: Meter): void {
  const { precision } = chunk;
  const bits = formatBits[precision];
  const sumBits = formatBits[accumulatorFormat[precision]];
  const { points } = engines;
  const arithmetic = pointEnergy(machine, { name: "masked", operation: "multiply_accumulate", dimensions: [], tensors: nests[nests.length - 1]!.tensors, points }, chunk, meter);
  meter.compute += points * (chunk.pointEnergy ?? arithmetic);
  meter.registers += points * ((2 * bits + sumBits) * machine.registers.read + sumBits * machine.registers.write);
  const traffic: Traffic = { external: 0, bufferReads: 0, bufferWrites: 0 };
  for (const [role, words] of [["input", engines.loadedWords], ["weight", nests.flatMap(({ tensors }) => tensors).reduce((sum, { role: of, words: many }) => sum + (of === "weight" ? many : 0), 0)], ["output", engines.storedWords]] as const) {
    meter.bytes += (words * bits) / 8;
    move(machine, meter, traffic, role, (words * bits) / 8);
  }
  const time = Math.max(engines.load, engines.compute);
  const bound: Bound = engines.load > engines.compute ? "dram" : "compute";
  meter.cycles += engines.compute;
  meter.latency += time / machine.clock;
  meter.boundTimes[bound] += time / machine.clock;
  meter.external += traffic.external;
  meter.points += points;
  meter.usedPoints += engines.compute * chunk.array[0] * chunk.array[1];
}

/** Applied on the way out of another operator: arithmetic alone. */
const isFused = ({ vector }: Machine, { fusible }: VectorWork): boolean => fusible && vector.fuses;

function priceVector(machine: Machine, work: VectorWork, meter: Meter): void {
  const { multiplies = 0, adds = 0, compares = 0, specials = 0 } = work;
  const { vector } = machine;
  meter.multiplies += multiplies;
  meter.adds += adds;
  if (machine.predictor?.plan.others === "free") return;
  meter.compute += multiplies * vector.multiply + (adds + compares) * vector.add + specials * vector.special;
  if (isFused(machine, work)) return;
  const wordBytes = formatBits[vector.format] / 8;
  const traffic: Traffic = { external: 0, bufferReads: 0, bufferWrites: 0 };
  for (const [role, words] of [["input", work.readWords], ["output", work.writeWords]] as const) {
    meter.bytes += words * wordBytes;
    if (words > 0) move(machine, meter, traffic, role, words * wordBytes);
  }
  settle(machine, meter, (multiplies + adds + compares + specials) / vector.lanes, traffic);
}

const dominant = (times: Readonly<Record<Bound, number>>): Bound =>
  (["compute", "buffer", "dram"] as const).reduce<Bound>((best, bound) => (times[bound] > times[best] ? bound : best), "none");

function finish(machine: Machine, meter: Meter, stored: StoredWeights, chunk: string, unassigned: boolean): OperatorCost {
  return {
    ...stored, macs: meter.macs, bitops: meter.bitops, multiplies: meter.multiplies, shifts: meter.shifts, adds: meter.adds, bytes: meter.bytes,
    energy: { compute: meter.compute, registers: meter.registers, network: meter.network, buffer: meter.buffer, dram: meter.dram, static: meter.static + (machine.accelerator.staticPower ?? 0) * meter.latency },
    cycles: meter.cycles, latency: meter.latency, bound: dominant(meter.boundTimes), external: meter.external, externalTime: meter.external / machine.dram.bandwidth,
    chunk, utilisation: meter.usedPoints === 0 ? 1 : meter.points / meter.usedPoints, unassigned,
    ...(meter.mappings.length > 0 ? { mappings: meter.mappings } : {}), ...(meter.predictions.length > 0 ? { predictions: meter.predictions } : {}), ...(meter.unmapped ? { unmapped: true } : {}),
  };
}

const elements = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

/** Prices one operator. `inputs` and `output` are shapes without the batch dimension. */
export function operatorCost(machine: Machine, operator: Operator, inputs: readonly Shape[], attributes: Attributes, output: Shape): OperatorCost {
  const { nests, vectors, masked } = operator.workload(inputs, attributes, output);
  const declared = machine.chunkOf(operator.name);
  const isArrayWork = (nest: LoopNest): boolean => nest.operation === "multiply_accumulate" || nest.operation === "shift_accumulate" || nest.operation === "add_accumulate";
  const unassigned = declared === undefined && nests.some(isArrayWork);
  // Pooling and copies that no chunk names belong to the vector unit; arithmetic that no chunk names falls to the first chunk.
  const chunkFor = (nest: LoopNest): Chunk | undefined => declared ?? (isArrayWork(nest) ? machine.firstChunk : undefined);
  const meter = newMeter();
  const engines = masked === undefined || declared?.maskSplit === undefined ? undefined : splitAttention(masked, declared, declared.maskSplit, machine);
  if (engines === undefined || declared === undefined) for (const nest of nests) priceNest(machine, nest, chunkFor(nest), meter);
  else priceSplit(machine, engines, nests, declared, meter);
  for (const work of vectors) priceVector(machine, engines === undefined ? work : scaledWork(work, engines.kept), meter);
  const main = nests.map(chunkFor).find((chunk) => chunk !== undefined);
  const unit = main?.name ?? (nests.length > 0 || vectors.some((work) => !isFused(machine, work)) ? VECTOR_UNIT : NO_UNIT);
  const cost = finish(machine, meter, storedWeights(machine, [{ operator, inputs, attributes }]), unit, unassigned);
  return engines === undefined ? cost : { ...cost, engines };
}

/** The network's own input from external memory, or its output to it, at the first chunk's precision. */
export function boundaryCost(machine: Machine, direction: "input" | "output", shape: Shape): OperatorCost {
  const meter = newMeter();
  const bytes = (elements(shape) * formatBits[machine.firstChunk.precision]) / 8;
  const bits = 8 * bytes;
  const { buffer, dram } = machine;
  // A tensor too large for the buffer is fetched (or put back) by the operator beside it, which is billed there.
  if (buffer === undefined || !staysOnChip(machine, bytes)) return finish(machine, meter, NOTHING, NO_UNIT, false);
  meter.bytes = bytes;
  meter.dram = bits * (direction === "input" ? dram.read : dram.write);
  meter.buffer = bits * (direction === "input" ? buffer.write : buffer.read);
  settle(machine, meter, 0, { external: bytes, bufferReads: direction === "input" ? 0 : bytes, bufferWrites: direction === "input" ? bytes : 0 });
  return finish(machine, meter, NOTHING, NO_UNIT, false);
}
