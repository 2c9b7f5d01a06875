/**
 * Cycles of a mapped layer: computing, the busiest port of every memory, and the three latencies ZigZag also reports (steady
 * state, plus loading the first tiles, plus storing the last). Memory numbers are per instance; instances work side by side.
 */
import type { Conventions } from "./conventions.js";
import { temporalSteps, type TensorCounts } from "./counts.js";
import type { AccessKind, Hardware, Port } from "./hardware.js";
import type { ResolvedMapping } from "./mapping.js";
import type { Problem } from "./problem.js";

export interface CycleCounts {
  /** Steps of the array: points over used copies of the arithmetic. */
  readonly compute: number;
  /** Cycles of the busiest port, by level; 0 where bandwidth is no limit. */
  readonly busy: readonly number[];
  /** No loading or storing at the ends: every transfer overlaps where memories are double-buffered. */
  readonly latency: number;
  readonly latencyWithOnloading: number;
  readonly latencyWithOffloading: number;
}

const wordsOf = (count: TensorCounts, kind: AccessKind): number => {
  switch (kind) {
    case "read": return count.reads;
    case "fill": return count.fills;
    case "update": return count.updates;
    case "drain": return count.drains;
  }
};

function portWords(problem: Problem, port: Port, counts: readonly TensorCounts[], conventions: Conventions): number {
  let words = 0;
  for (const count of counts) {
    if (port.tensors !== undefined && !port.tensors.includes(problem.tensors[count.tensor]!.name)) continue;
    for (const kind of port.carries) if (kind !== "drain" || conventions.drainOccupiesPort) words += wordsOf(count, kind);
  }
  return words;
}

export function busyCycles(problem: Problem, hardware: Hardware, counts: readonly TensorCounts[], conventions: Conventions): readonly number[] {
  return hardware.levels.map((memory, level) => {
    const here = counts.filter((count) => count.level === level);
    return memory.ports.reduce((most, port) => Math.max(most, portWords(problem, port, here, conventions) / port.wordsPerCycle), 0);
  });
}

/** Double-buffered memories work beside the array, single-buffered ones before it. */
function combine(hardware: Hardware, compute: number, busy: readonly number[]): number {
  const beside = hardware.levels.reduce((most, memory, level) => (memory.doubleBuffered ? Math.max(most, busy[level]!) : most), compute);
  return hardware.levels.reduce((total, memory, level) => (memory.doubleBuffered ? total : total + busy[level]!), beside);
}

/** First tiles of the inputs and last tile of the output, in words, as they cross the outermost memory. */
function endTransfers(problem: Problem, hardware: Hardware, counts: readonly TensorCounts[]): { readonly first: number; readonly last: number } {
  const outermost = hardware.levels.length - 1;
  let first = 0;
  let last = 0;
  problem.tensors.forEach((tensor, number) => {
    const child = counts.filter((count) => count.tensor === number && count.level < outermost).at(-1);
    if (child === undefined) return;
    if (tensor.role === "output") last += child.tile * child.instances;
    else first += child.tile * child.instances;
  });
  return { first, last };
}

export function cyclesOf(problem: Problem, hardware: Hardware, mapping: ResolvedMapping, counts: readonly TensorCounts[], conventions: Conventions): CycleCounts {
  const compute = temporalSteps(mapping);
  const busy = busyCycles(problem, hardware, counts, conventions);
  const latency = combine(hardware, compute, busy);
  const bandwidth = Math.min(...hardware.levels.at(-1)!.ports.map((port) => port.wordsPerCycle), Infinity);
  const ends = endTransfers(problem, hardware, counts);
  const onload = ends.first / bandwidth;
  const offload = ends.last / bandwidth;
  const without = (cycles: number): number => combine(hardware, compute, busy.map((own, level) => (level === busy.length - 1 ? Math.max(0, own - cycles) : own)));
  return { compute, busy, latency, latencyWithOnloading: onload + without(onload), latencyWithOffloading: onload + without(onload + offload) + offload };
}
