/**
 * Uneven mappings, after ZigZag (Mei et al., IEEE TC 2021): one order of temporal loops for the layer, and each tensor cut into
 * its own memories at its own loops, as low as the tiles fit. Memories are described as there: the array axes one instance
 * serves, ports in bits, prices per access of the widest port.
 */
import type { Conventions } from "./conventions.js";
import { blockOf, countAccesses, type TensorCounts } from "./counts.js";
import type { AccessKind } from "./hardware.js";
import type { Holding, ResolvedLoop, ResolvedMapping } from "./mapping.js";
import { tileWords, type Problem } from "./problem.js";
import { unevenLatency } from "./uneven-latency.js";

export interface UnevenPort {
  readonly name: string;
  /** Bits one access moves at least (and is billed for), and at most. */
  readonly minimumBits: number;
  readonly maximumBits: number;
  readonly carries: readonly { readonly tensor: string; readonly kind: AccessKind }[];
}

export interface UnevenMemory {
  readonly name: string;
  readonly sizeBits: number;
  /** pJ per access of the port's full width. */
  readonly read: number;
  readonly write: number;
  /** Axes of the array inside one instance; there is a copy for every place of the others. */
  readonly serves: readonly string[];
  readonly tensors: readonly string[];
  readonly ports: readonly UnevenPort[];
  readonly doubleBuffered: boolean;
}

export interface UnevenHardware { readonly memories: readonly UnevenMemory[]; readonly pointEnergy: number }

/** A loop in time, or in space on an axis. A bound need not be whole: the average use of a partly filled axis. */
export interface UnevenLoop { readonly dimension: number; readonly bound: number; readonly axis?: string }

/** Output words leave at their final width once nothing is left to add. */
export interface OutputBits { readonly partial: number; readonly final: number }

export interface UnevenCost {
  readonly energy: number;
  readonly compute: number;
  /** Cycles: the first tiles in, computing with its stalls, the last tile out. */
  readonly latency: number;
  readonly counts: readonly TensorCounts[];
}

/** Gives every tensor's memories, inner to outer, as many loops as their tiles fit; undefined when a memory is too small for the array itself. */
export function allocate(problem: Problem, hardware: UnevenHardware, temporal: readonly UnevenLoop[], spatial: readonly UnevenLoop[]): ResolvedMapping | undefined {
  const all = [...temporal, ...spatial];
  const loops = all.map((loop): ResolvedLoop => ({ dimension: loop.dimension, bound: loop.bound, spatial: loop.axis !== undefined }));
  const holdings: Holding[][] = problem.tensors.map(() => []);
  const cut = problem.tensors.map(() => temporal.length);
  for (const [level, memory] of hardware.memories.entries()) {
    const available = memory.doubleBuffered ? memory.sizeBits / 2 : memory.sizeBits;
    const inside = (from: number): boolean[] => all.map((loop, position) => (loop.axis === undefined ? position >= from : memory.serves.includes(loop.axis)));
    const bits = (number: number, from: number): number => {
      const within = inside(from);
      const tensor = problem.tensors[number]!;
      return tileWords(tensor, blockOf(problem, { loops, holdings: [] }, (position) => within[position]!)) * tensor.bits;
    };
    const held = problem.tensors.flatMap((tensor, number) => (memory.tensors.includes(tensor.name) ? [number] : []));
    let used = held.reduce((total, number) => total + bits(number, cut[number]!), 0);
    if (used > available) return undefined;
    for (const number of held) {
      const others = used - bits(number, cut[number]!);
      while (cut[number]! > 0 && others + bits(number, cut[number]! - 1) <= available) cut[number]!--;
      used = others + bits(number, cut[number]!);
      holdings[number]!.push({ level, inside: inside(cut[number]!) });
    }
  }
  return cut.every((from) => from === 0) ? { loops, holdings } : undefined;
}

export interface Flow { readonly kind: AccessKind; readonly words: number; /** Words of one transfer. */ readonly burst: number; readonly bits: number }

/** Whether nothing is left to add to an output outside a set of loops. */
function finished(problem: Problem, mapping: ResolvedMapping, number: number, inside: readonly boolean[] | undefined): boolean {
  return mapping.loops.every((loop, position) => loop.spatial || loop.bound === 1 || problem.tensors[number]!.relevant[loop.dimension]! || (inside?.[position] ?? false));
}

/** What moves at one memory of a tensor. */
export function flowsAt(problem: Problem, mapping: ResolvedMapping, count: TensorCounts, bits: OutputBits): readonly Flow[] {
  const tensor = problem.tensors[count.tensor]!;
  const chain = mapping.holdings[count.tensor]!;
  const rank = chain.findIndex((holding) => holding.level === count.level);
  const child = chain[rank - 1];
  const own = chain[rank]!;
  const below = blockOf(problem, mapping, (position) => child?.inside[position] ?? false);
  const spread = mapping.loops.reduce((product, loop, position) =>
    (loop.spatial && own.inside[position]! && !(child?.inside[position] ?? false) && tensor.relevant[loop.dimension]! ? product * loop.bound : product), 1);
  const burst = tileWords(tensor, below) * spread;
  if (tensor.role !== "output") return [{ kind: "read", words: count.reads, burst, bits: tensor.bits }, { kind: "fill", words: count.fills, burst: count.tile, bits: tensor.bits }];
  const doneBelow = child !== undefined && finished(problem, mapping, count.tensor, child.inside);
  const done = finished(problem, mapping, count.tensor, own.inside);
  return [
    { kind: "update", words: count.updates, burst, bits: doneBelow ? bits.final : bits.partial },
    { kind: "read", words: doneBelow ? 0 : count.reads, burst, bits: bits.partial },
    { kind: "drain", words: count.drains, burst: count.tile, bits: done ? bits.final : bits.partial },
    { kind: "fill", words: done ? 0 : count.fills, burst: count.tile, bits: bits.partial },
  ];
}

/** Full-width accesses: every transfer is rounded up to the port's smallest access. */
function accesses(flow: Flow, port: UnevenPort): number {
  if (flow.words === 0) return 0;
  return (Math.ceil((flow.burst * flow.bits) / port.minimumBits) * port.minimumBits / port.maximumBits) * (flow.words / flow.burst);
}

export function unevenCost(problem: Problem, hardware: UnevenHardware, mapping: ResolvedMapping, bits: OutputBits, points: number, conventions: Conventions): UnevenCost {
  const counts = countAccesses(problem, mapping, conventions);
  let energy = points * hardware.pointEnergy;
  for (const count of counts) {
    const memory = hardware.memories[count.level]!;
    for (const flow of flowsAt(problem, mapping, count, bits)) {
      const name = problem.tensors[count.tensor]!.name;
      const port = memory.ports.findIndex((candidate) => candidate.carries.some((carried) => carried.tensor === name && carried.kind === flow.kind));
      if (port < 0) continue;
      const amount = accesses(flow, memory.ports[port]!);
      energy += amount * count.instances * (flow.kind === "read" || flow.kind === "drain" ? memory.read : memory.write);
    }
  }
  const { compute, stalls, onload, offload } = unevenLatency(problem, hardware, mapping, counts, bits);
  return { energy, compute, counts, latency: onload + compute + stalls + offload };
}
