/**
 * Loop nests mapped onto the chunks of an accelerator: for each nest the best mapping of the best dataflow, remembered by shape, number
 * format and circumstances. Energies leave here in joules, times in seconds.
 */
import type { Accelerator, Chunk, MapperPlan } from "../ir/plan.js";
import type { LoopNest, TensorAccess } from "../ops/workload.js";
import { chunkHardware, shareOf, type ChunkHardware } from "./chunk-hardware.js";
import { dataflowsOf, roleOf, type DataflowRules } from "./dataflows.js";
import { asPublished, physical, type AskingConventions } from "./mapping/conventions.js";
import type { MappingObjective } from "./mapping/incumbent.js";
import { problemOf, type Problem } from "./mapping/problem.js";
import { searchMappings, type MapperOptions, type MapperResult } from "./mapping/search.js";
import { unitsOf } from "./mapping/traffic.js";
import { accumulatorFormat, formatBits } from "./unit-costs.js";

const PICO = 1e-12;

export interface MappedNest {
  readonly nest: string;
  readonly chunk: string;
  readonly dataflow: string;
  readonly problem: Problem;
  readonly target: ChunkHardware;
  readonly result: MapperResult;
  /** Tensors that stay on the chip before or after the layer. */
  readonly onChip: readonly string[];
  /** Joules. */
  readonly compute: number;
  readonly registers: number;
  readonly network: number;
  readonly buffer: number;
  readonly dram: number;
  /** Leakage of the memories in use while it runs. */
  readonly leakage: number;
  /** Seconds. */
  readonly latency: number;
  readonly bound: "compute" | "buffer" | "dram";
  /** Bytes over the external interface. */
  readonly external: number;
}

export interface NestMapper {
  /** Undefined where no mapping fits the memories. */
  map(nest: LoopNest, chunk: Chunk, pointEnergy: number): MappedNest | undefined;
  /** Activations of at most so many bytes stay on the chip. */
  readonly keepLimit: number;
}

/** Part of a memory that an activation may stay in: one coming in, one going out, and room to work. */
const KEPT_PART = 3;

const objectives: Readonly<Record<MapperPlan["minimize"], MappingObjective>> = { energy: "energy", latency: "latency", edp: "energy_delay" };

const conventionsOf = ({ convention }: MapperPlan): AskingConventions => (convention === "physical" ? physical : asPublished("timeloop"));

/** Pooling as HW-NAS-Bench bills it: every channel of the output from every channel of the input. */
function densePooling(nest: LoopNest): LoopNest {
  const channels = nest.dimensions.find(({ name }) => name === "g")?.bound ?? 1;
  const rename = (to: string) => (tensor: TensorAccess): TensorAccess =>
    ({ ...tensor, indices: tensor.indices.map(({ terms }) => ({ terms: terms.map((term) => (term.dimension === "g" ? { ...term, dimension: to } : term)) })) });
  const [input, output] = [nest.tensors.find(({ role }) => role === "input"), nest.tensors.find(({ role }) => role === "output")];
  if (input === undefined || output === undefined) return nest;
  const taps = nest.dimensions.filter(({ name }) => name === "r" || name === "s").map(({ name }) => name);
  const weights: TensorAccess = {
    name: "W", role: "weight", indices: ["k", "c", ...taps].map((dimension) => ({ terms: [{ dimension, coefficient: 1 }] })),
    words: channels * channels * taps.reduce((words, tap) => words * nest.dimensions.find(({ name }) => name === tap)!.bound, 1),
  };
  return {
    ...nest, points: nest.points * channels,
    dimensions: [{ name: "k", bound: channels }, { name: "c", bound: channels }, ...nest.dimensions.filter(({ name }) => name !== "g")],
    tensors: [weights, rename("c")(input), rename("k")(output)],
  };
}

/** Mapped nests by everything that they depend on: variants of one accelerator share it. */
export type MappingMemory = Map<string, MappedNest | undefined>;

export function createNestMapper(accelerator: Accelerator, plan: MapperPlan, known: MappingMemory = new Map()): NestMapper {
  const conventions = conventionsOf(plan);
  const [, outermost] = accelerator.memories;
  const leastShare = Math.min(1, ...accelerator.chunks.map((chunk) => shareOf(accelerator, chunk)));
  const keeping = plan.keepOnChip && outermost?.size !== undefined && outermost.per === undefined ? outermost : undefined;
  const keepLimit = keeping === undefined ? 0 : (keeping.size! * leastShare) / KEPT_PART;
  const targets = new Map<string, ChunkHardware>();
  const circumstances = new Map<Chunk, string>();
  /** What a mapping depends on besides the layer. */
  const circumstancesOf = (chunk: Chunk): string => {
    let text = circumstances.get(chunk);
    if (text === undefined) circumstances.set(chunk, (text = JSON.stringify([{ ...chunk, runs: [] }, shareOf(accelerator, chunk), accelerator.technology, accelerator.clock, accelerator.memories, { ...plan, keepOnChip: undefined }])));
    return text;
  };

  const bitsOf = (nest: LoopNest, chunk: Chunk, tensor: TensorAccess): number => {
    const format = formatBits[chunk.precision];
    const sums = nest.operation === "compare" || nest.operation === "none" ? format : chunk.widths?.psum ?? formatBits[accumulatorFormat[chunk.precision]];
    switch (tensor.role) {
      case "output": return sums;
      case "weight": return chunk.widths?.weights ?? format;
      case "input": return chunk.widths?.activations ?? format;
    }
  };

  const problemFor = (nest: LoopNest, chunk: Chunk, keep: boolean): Problem => {
    const activation = chunk.widths?.activations ?? formatBits[chunk.precision];
    const level = keep && keeping !== undefined ? accelerator.memories.length - 2 : undefined;
    return problemOf(nest, (tensor) => bitsOf(nest, chunk, tensor), (tensor) => ({
      ...(tensor.role === "output" ? { finalBits: activation } : {}),
      ...(level !== undefined && tensor.role !== "weight" && (keeping!.holds?.includes(roleOf(nest, tensor)) ?? true) && tensor.words * activation <= 8 * keepLimit ? { top: level } : {}),
    }));
  };

  const optionsOf = (nest: LoopNest, target: ChunkHardware, flow: DataflowRules): MapperOptions => {
    const keep = target.memories.map((memory) => nest.tensors.flatMap((tensor) => (memory.holds?.includes(roleOf(nest, tensor)) ?? true) && !(flow.bare && memory.per === "pe") ? [tensor.name] : []));
    const stationary = nest.tensors.find((tensor) => roleOf(nest, tensor) === flow.stationary)?.name;
    // Rules about processing elements need a memory there.
    const local = target.memories[0]?.per !== undefined;
    return {
      conventions, objective: objectives[plan.minimize], keep, stages: target.stages, rules: flow.rules, factors: plan.factors, leastUse: plan.leastUse, effort: plan.effort,
      ...(local && flow.inside !== undefined ? { inside: flow.inside } : {}), ...(local && stationary !== undefined ? { stationary } : {}),
    };
  };

  const search = (nest: LoopNest, chunk: Chunk, target: ChunkHardware, problem: Problem): { readonly result: MapperResult; readonly dataflow: string } | undefined => {
    const flows = dataflowsOf(chunk, nest);
    const found = searchMappings(problem, target.hardware, flows.map((flow) => optionsOf(nest, target, flow)));
    return found === undefined ? undefined : { result: found.result, dataflow: flows[found.way]!.name };
  };

  const priced = (nest: LoopNest, chunk: Chunk, target: ChunkHardware, problem: Problem, result: MapperResult, dataflow: string): MappedNest => {
    const { energy, counts, cycles } = result.evaluation;
    const split = { registers: 0, network: 0, buffer: 0, dram: 0 };
    let externalBits = 0;
    counts.forEach((count, index) => {
      const memory = target.memories[count.level]!;
      const level = target.hardware.levels[count.level]!;
      split[memory.size === undefined ? "dram" : memory.per === undefined ? "buffer" : "registers"] += energy.accesses[index]! * PICO;
      split.network += energy.network[index]! * PICO;
      if (memory.size === undefined) externalBits += (unitsOf(level, problem.tensors[count.tensor]!, count, "read") + unitsOf(level, problem.tensors[count.tensor]!, count, "update")) * count.instances;
    });
    const slowest = cycles.busy.reduce((most, busy, level) => (busy > cycles.busy[most]! ? level : most), 0);
    const bound = cycles.busy[slowest]! <= cycles.compute ? "compute" : target.memories[slowest]!.size === undefined ? "dram" : "buffer";
    return {
      nest: nest.name, chunk: chunk.name, dataflow, problem, target, result, onChip: problem.tensors.flatMap(({ name, top }) => (top === undefined ? [] : [name])),
      compute: energy.compute * PICO, ...split, leakage: energy.leakage.reduce((sum, own) => sum + own, 0) * PICO, latency: cycles.latency / accelerator.clock, bound, external: externalBits / 8,
    };
  };

  return {
    keepLimit,
    map(given, chunk, price) {
      const billed = plan.convention === "hw_nas_bench" && (given.operation === "accumulate" || given.operation === "compare");
      const nest = billed ? densePooling(given) : given;
      const pointEnergy = billed ? 0 : price;
      // Of how much may stay on the chip, what does stay of this layer matters.
      const staying = problemFor(nest, chunk, keepLimit > 0);
      const key = `${circumstancesOf(chunk)}${JSON.stringify([pointEnergy, nest.operation, nest.dimensions, nest.tensors, staying.tensors.map(({ top }) => top ?? null)])}`;
      if (known.has(key)) return known.get(key);
      const name = `${chunk.name} ${pointEnergy}`;
      const target = targets.get(name) ?? chunkHardware(accelerator, chunk, pointEnergy);
      targets.set(name, target);
      let mapped: MappedNest | undefined;
      // Where what stays leaves no room to work, it goes out after all.
      for (const keep of [true, false]) {
        if (!keep && keepLimit === 0) break;
        const problem = keep ? staying : problemFor(nest, chunk, false);
        const found = search(nest, chunk, target, problem);
        if (found === undefined) continue;
        mapped = priced(nest, chunk, target, problem, found.result, found.dataflow);
        break;
      }
      known.set(key, mapped);
      return mapped;
    },
  };
}

