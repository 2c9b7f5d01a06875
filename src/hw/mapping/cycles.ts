/**
 * Cycles of a mapped layer: computing, the busiest port of every memory, and the three latencies ZigZag also reports (steady
 * state, plus loading the first tiles, plus storing the last). Memory numbers are per instance; instances work side by side.
 */
import type { Conventions } from "./conventions.js";
import { temporalSteps, type TensorCounts } from "./counts.js";
import type { Hardware, MemoryLevel, Port } from "./hardware.js";
import type { ResolvedMapping } from "./mapping.js";
import type { Problem } from "./problem.js";
import { finalUnitOf, unitOf, unitsOf } from "./traffic.js";

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

function portWords(problem: Problem, memory: MemoryLevel, port: Port, counts: readonly TensorCounts[], conventions: Conventions): number {
  let units = 0;
  for (const count of counts) {
    const tensor = problem.tensors[count.tensor]!;
    if (port.tensors !== undefined && !port.tensors.includes(tensor.name)) continue;
    for (const kind of port.carries) if (kind !== "drain" || conventions.drainOccupiesPort) units += unitsOf(memory, tensor, count, kind);
  }
  return units / (memory.wordBits ?? 1);
}

export function busyCycles(problem: Problem, hardware: Hardware, counts: readonly TensorCounts[], conventions: Conventions): readonly number[] {
  return hardware.levels.map((memory, level) => {
    const here = counts.filter((count) => count.level === level);
    return memory.ports.reduce((most, port) => Math.max(most, portWords(problem, memory, port, here, conventions) / port.wordsPerCycle), 0);
  });
}

/** Double-buffered memories work beside the array, single-buffered ones before it. */
export function combineCycles(hardware: Hardware, compute: number, busy: readonly number[]): number {
  const beside = hardware.levels.reduce((most, memory, level) => (memory.doubleBuffered ? Math.max(most, busy[level]!) : most), compute);
  return hardware.levels.reduce((total, memory, level) => (memory.doubleBuffered ? total : total + busy[level]!), beside);
}

/** First tiles of the inputs and last tile of the output, in words, as they cross the outermost memory. */
function endTransfers(problem: Problem, hardware: Hardware, counts: readonly TensorCounts[]): { readonly first: number; readonly last: number } {
  const outermost = hardware.levels.length - 1;
  const memory = hardware.levels[outermost]!;
  let first = 0;
  let last = 0;
  problem.tensors.forEach((tensor, number) => {
    const child = counts.filter((count) => count.tensor === number && count.level < outermost).at(-1);
    if (child === undefined || tensor.top !== undefined) return;
    const words = child.tile * child.instances / (memory.wordBits ?? 1);
    if (tensor.role === "output") last += words * finalUnitOf(memory, tensor);
    else first += words * unitOf(memory, tensor);
  });
  return { first, last };
}

export function cyclesOf(problem: Problem, hardware: Hardware, mapping: ResolvedMapping, counts: readonly TensorCounts[], conventions: Conventions): CycleCounts {
  const compute = temporalSteps(mapping);
  const busy = busyCycles(problem, hardware, counts, conventions);
  const latency = combineCycles(hardware, compute, busy);
  const bandwidth = Math.min(...hardware.levels.at(-1)!.ports.map((port) => port.wordsPerCycle), Infinity);
  const ends = endTransfers(problem, hardware, counts);
  const onload = ends.first / bandwidth;
  const offload = ends.last / bandwidth;
  const without = (cycles: number): number => combineCycles(hardware, compute, busy.map((own, level) => (level === busy.length - 1 ? Math.max(0, own - cycles) : own)));
  return { compute, busy, latency, latencyWithOnloading: onload + without(onload), latencyWithOffloading: onload + without(onload + offload) + offload };
}
