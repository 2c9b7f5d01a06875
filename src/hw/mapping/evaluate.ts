/** A mapped layer on hardware, all at once: counts, capacity, cycles, energy. The entry of the mapping model. */
import { occupancies, type Occupancy } from "./capacity.js";
import type { Conventions } from "./conventions.js";
import { countAccesses, type TensorCounts } from "./counts.js";
import { cyclesOf, type CycleCounts } from "./cycles.js";
import { energyOf, type EnergyBreakdown } from "./energy.js";
import { processingElements, type Hardware } from "./hardware.js";
import { resolve, type Mapping } from "./mapping.js";
import type { Problem } from "./problem.js";

export interface Evaluation {
  readonly counts: readonly TensorCounts[];
  readonly occupancies: readonly Occupancy[];
  readonly fits: boolean;
  readonly cycles: CycleCounts;
  readonly energy: EnergyBreakdown;
  /** Used copies of the arithmetic over all copies. */
  readonly utilisation: number;
  /** Points per word of the outermost memory: against `machineBalance`, which side of the roofline the layer is on. */
  readonly intensity: number;
  readonly machineBalance: number;
}

/** Copies of every memory the mapping uses: the spatial loops around it. */
export function usedInstances(hardware: Hardware, mapping: Mapping): readonly number[] {
  return hardware.levels.map((_, level) => mapping.loops.reduce((product, loop) => (loop.axis !== undefined && loop.level > level ? product * loop.bound : product), 1));
}

/** The mapping must be sound (`mappingProblems`); one that does not fit is evaluated all the same and says so. */
export function evaluate(problem: Problem, hardware: Hardware, mapping: Mapping, conventions: Conventions): Evaluation {
  const resolved = resolve(problem, mapping);
  const counts = countAccesses(problem, resolved, conventions);
  const fitting = occupancies(problem, hardware, counts, conventions);
  const cycles = cyclesOf(problem, hardware, resolved, counts, conventions);
  const energy = energyOf(problem, hardware, counts, cycles.latency, usedInstances(hardware, mapping), conventions);
  const outermost = hardware.levels.length - 1;
  const offChip = counts.reduce((words, count) => (count.level === outermost ? words + count.reads + count.updates : words), 0);
  const bandwidth = Math.min(...hardware.levels[outermost]!.ports.map((port) => port.wordsPerCycle), Infinity);
  const elements = processingElements(hardware);
  return {
    counts, occupancies: fitting, fits: fitting.every((occupancy) => occupancy.fits), cycles, energy,
    utilisation: problem.points / cycles.compute / elements, intensity: problem.points / offChip, machineBalance: elements / bandwidth,
  };
}
