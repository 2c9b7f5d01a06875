/**
 * The counting rules against statistics Timeloop wrote (Accelergy-Project/timeloop-accelergy-exercises, MIT): every count of every
 * tensor at every level exact, energies to their printed digits, cycles exact.
 */
import { describe, expect, it } from "vitest";
import { asPublished } from "../../../src/hw/mapping/conventions.js";
import { evaluate, type Evaluation } from "../../../src/hw/mapping/evaluate.js";
import { mappingProblems } from "../../../src/hw/mapping/mapping.js";
import { shared } from "./shared-data.js";
import { timeloopHardware, timeloopProblem, type TimeloopCase } from "./timeloop-case.js";

const data = shared("costmodel-reference/timeloop-cases.json", "19 Timeloop cases");
const cases = data.present ? data.json<{ cases: TimeloopCase[] }>().cases : [];

/** Timeloop prices these registers per cluster of 16, not per instance (costmodel-reference/README.md). */
const pricedPerCluster = (id: string, level: string): boolean => id.includes("simba") && level === "PEWeightRegs";

/** Prices are printed to 6 decimals: an energy is known to that times the accesses, and to its own last digit. */
function printedDigits(energy: number, accesses: number): number {
  return 0.00501 + accesses * 0.51e-6 + Math.abs(energy) * 1e-12;
}

// `partition` of a sliding input is the whole input over the spatial tile, overlaps and all, and enters no other figure: not compared.
describe.skipIf(!data.present)("Timeloop's counts", () => {
  it.each(cases.map((given) => [given.id, given] as const))("%s", (_, given) => {
    const problem = timeloopProblem(given);
    const { hardware, mapping } = timeloopHardware(given);
    expect(mappingProblems(problem, hardware, mapping)).toEqual([]);
    const result = evaluate(problem, hardware, mapping, asPublished("timeloop"));
    const expected = Object.entries(given.expected.per_level).flatMap(([level, { dataspaces }]) =>
      Object.entries(dataspaces ?? {}).map(([tensor, { tile, partition, instances, reads, fills, updates }]) =>
        [`${level}.${tensor}`, { tile, distinct: tensor === "Inputs" ? null : partition, instances, reads, fills, updates }]));
    const counted = result.counts.map(({ level, tensor, tile, distinct, instances, reads, fills, updates }) => {
      const { name, role } = problem.tensors[tensor]!;
      return [`${hardware.levels[level]!.name}.${name}`, { tile, distinct: role === "input" ? null : distinct, instances, reads, fills, updates }];
    });
    expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(expected));
    expect(counted.length).toBe(expected.length);
    expect(result.fits).toBe(true);
    expect(result.cycles.latency).toBe(given.expected.cycles);
  });
});

/** What the unprinted digits of all prices can amount to, in fJ per point. */
function priceDigits(result: Evaluation, points: number): number {
  const accesses = result.counts.reduce((sum, count) => sum + count.instances * (count.reads + count.fills + count.updates), 0);
  return (accesses + points) * 0.51e-6 * 1000 / points;
}

describe.skipIf(!data.present)("Timeloop's energies", () => {
  it.each(cases.map((given) => [given.id, given] as const))("%s", (_, given) => {
    const problem = timeloopProblem(given);
    const { hardware, mapping } = timeloopHardware(given);
    const result = evaluate(problem, hardware, mapping, asPublished("timeloop"));
    let unlike = 0;
    result.counts.forEach((count, index) => {
      const level = hardware.levels[count.level]!.name;
      const printed = given.expected.per_level[level]!.dataspaces![problem.tensors[count.tensor]!.name]!.energy_total_pJ;
      const energy = result.energy.accesses[index]!;
      const accesses = count.instances * (count.reads + count.fills + count.updates);
      if (pricedPerCluster(given.id, level)) { unlike += printed - energy; return; }
      expect(Math.abs(energy - printed), `${level} ${problem.tensors[count.tensor]!.name}: ${energy} and ${printed}`).toBeLessThanOrEqual(printedDigits(printed, accesses));
    });
    hardware.levels.forEach((memory, level) => {
      const printed = given.expected.per_level[memory.name]!.leakage_pJ ?? 0;
      expect(Math.abs(result.energy.leakage[level]! - printed)).toBeLessThanOrEqual(printedDigits(printed, 168 * given.expected.cycles));
    });
    const printed = given.expected.fJ_per_compute.Total!;
    const perPoint = (result.energy.total + unlike) * 1000 / problem.points;
    expect(Math.abs(perPoint - printed)).toBeLessThanOrEqual(0.00501 + 1e-9 * printed + priceDigits(result, problem.points));
  });
});
