/**
 * Energy of a mapped layer in pJ: the arithmetic, every access of every memory, the links of arrays, and leakage while the layer runs.
 * Memories are priced per physical access: a level that moves 8 words at a time pays for 8 when it needs 3 (`wholeAccesses`).
 */
import type { Conventions } from "./conventions.js";
import type { TensorCounts } from "./counts.js";
import type { AccessKind, Hardware, MemoryLevel } from "./hardware.js";
import { networkEnergies } from "./network.js";
import type { Problem, ProblemTensor } from "./problem.js";
import { accessUnits, unitsOf } from "./traffic.js";

export interface EnergyBreakdown {
  readonly compute: number;
  /** In the order of the counts. */
  readonly accesses: readonly number[];
  /** In the order of the counts: what travels between a memory and its copies below. */
  readonly network: readonly number[];
  /** By level. */
  readonly leakage: readonly number[];
  /** What the chip takes whatever is mapped. */
  readonly idle: number;
  readonly total: number;
}

/** pJ of one tensor at one memory, all used instances together. */
export function accessEnergy(memory: MemoryLevel, tensor: ProblemTensor, count: TensorCounts, conventions: Conventions): number {
  const accesses = (kind: AccessKind): number => {
    const amount = unitsOf(memory, tensor, count, kind) / accessUnits(memory);
    return conventions.wholeAccesses ? Math.ceil(amount) : amount;
  };
  const { read, write, update = write } = memory.energy;
  const drains = conventions.drainReads ? accesses("drain") * read : 0;
  return count.instances * (accesses("read") * read + accesses("fill") * write + accesses("update") * update + drains);
}

export function energyOf(problem: Problem, hardware: Hardware, counts: readonly TensorCounts[], cycles: number, instances: readonly number[], conventions: Conventions): EnergyBreakdown {
  const compute = problem.points * hardware.pointEnergy;
  const accesses = counts.map((count) => accessEnergy(hardware.levels[count.level]!, problem.tensors[count.tensor]!, count, conventions));
  const network = networkEnergies(problem, hardware, counts);
  const leakage = hardware.levels.map((memory, level) => cycles * instances[level]! * (memory.energy.leak ?? 0));
  const idle = cycles * (hardware.staticEnergy ?? 0);
  const total = [compute, ...accesses, ...network, ...leakage, idle].reduce((sum, part) => sum + part, 0);
  return { compute, accesses, network, leakage, idle, total };
}
