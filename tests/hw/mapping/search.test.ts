/** The mapper against every mapping of small layers, and against Timeloop's mapper on its own exercise. */
import { describe, expect, it } from "vitest";
import { asPublished, physical } from "../../../src/hw/mapping/conventions.js";
import { evaluate } from "../../../src/hw/mapping/evaluate.js";
import type { Hardware, MemoryLevel } from "../../../src/hw/mapping/hardware.js";
import { mappingProblems, type MappedLoop } from "../../../src/hw/mapping/mapping.js";
import type { Problem } from "../../../src/hw/mapping/problem.js";
import { cachedMapper, searchMapping, type MapperOptions, type MappingObjective } from "../../../src/hw/mapping/search.js";
import { shared } from "../reference/shared-data.js";
import { timeloopHardware, timeloopProblem, type TimeloopCase } from "../reference/timeloop-case.js";
import { convolution } from "./layers.js";

const memory = (name: string, price: number, words?: number, wordsPerCycle?: number): MemoryLevel => ({
  name, wordsPerAccess: 1, energy: { read: price, write: price }, doubleBuffered: true, ...(words === undefined ? {} : { sizeBits: words * 16 }),
  ports: wordsPerCycle === undefined ? [] : [{ name: "port", wordsPerCycle, carries: ["read", "fill", "update", "drain"] }],
});
const all = ["W", "I", "O"];
const options = (changes: Partial<MapperOptions> = {}): MapperOptions => ({ conventions: physical, objective: "energy", keep: [all, all, all], leastUse: 0, effort: 1e7, ...changes });

const permutations = <T>(items: readonly T[]): T[][] => (items.length <= 1 ? [[...items]] : items.flatMap((item, index) => permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest])));
const triples = (bound: number): number[][] => {
  const found: number[][] = [];
  for (let a = 1; a <= bound; a++) for (let b = 1; b <= bound; b++) if (bound % (a * b) === 0) found.push([a, b, bound / a / b]);
  return found;
};

/** The least price over all factors and all orders of three levels, nothing clever. */
function exhaustive(problem: Problem, hardware: Hardware, keep: MapperOptions["keep"], fixed: readonly MappedLoop[], objective: MappingObjective): number {
  if (keep === "free") throw new Error("one choice of kept tensors");
  let best = Infinity;
  const place = (dimension: number, chosen: readonly number[][]): void => {
    if (dimension < problem.dimensions.length) {
      const name = problem.dimensions[dimension]!;
      const left = fixed.reduce((bound, loop) => (loop.dimension === name ? bound / loop.bound : bound), problem.bounds[dimension]!);
      for (const triple of triples(left)) place(dimension + 1, [...chosen, triple]);
      return;
    }
    const levels = [0, 1, 2].map((level) => permutations(problem.dimensions.flatMap((name, number): MappedLoop[] => (chosen[number]![level]! > 1 ? [{ dimension: name, bound: chosen[number]![level]!, level }] : []))));
    for (const outer of levels[2]!) for (const middle of levels[1]!) {
      const loops = [...outer, ...fixed.filter((loop) => loop.level === 2), ...middle, ...fixed.filter((loop) => loop.level === 1), ...levels[0]![0]!];
      const result = evaluate(problem, hardware, { loops, keep }, physical);
      if (!result.fits) return;
      best = Math.min(best, objective === "energy" ? result.energy.total : objective === "latency" ? result.cycles.latency : result.energy.total * result.cycles.latency);
    }
  };
  place(0, []);
  return best;
}

const oneDimensional: Hardware = { levels: [memory("rf", 1, 64), memory("glb", 6, 400, 2), memory("dram", 200, undefined, 0.5)], axes: [], pointEnergy: 1 };

describe("the mapper", () => {
  it.each(["energy", "latency", "energy_delay"] as const)("finds the best of all mappings of the 1-D layer: %s", (objective) => {
    const problem = convolution({ K: 32, P: 16, R: 3 });
    const found = searchMapping(problem, oneDimensional, options({ objective }))!;
    expect(found.objective).toBeCloseTo(exhaustive(problem, oneDimensional, [all, all, all], [], objective), 6);
    expect([found.proven, found.bound]).toEqual([true, found.objective]);
    expect(mappingProblems(problem, oneDimensional, found.mapping)).toEqual([]);
    expect(found.evaluation.fits).toBe(true);
  }, 60_000);

  it("finds the best of all mappings of the worked example on its array", () => {
    const hardware: Hardware = { levels: [memory("rf", 1, 24), memory("glb", 6, 400), memory("dram", 200)], axes: [{ name: "X", size: 2, below: 1 }, { name: "Y", size: 2, below: 1 }], pointEnergy: 1 };
    const problem = convolution({ K: 4, C: 2, P: 4, Q: 4, R: 3, S: 3 });
    const fixed: readonly MappedLoop[] = [{ dimension: "k", bound: 2, level: 1, axis: "X" }, { dimension: "c", bound: 2, level: 1, axis: "Y" }];
    const keep = [["W"], all, all];
    const found = searchMapping(problem, hardware, options({ keep, leastUse: 1, rules: { X: ["k"], Y: ["c"] } }))!;
    expect(found.objective).toBeCloseTo(exhaustive(problem, hardware, keep, fixed, "energy"), 6);
    expect(found.proven).toBe(true);
    const free = searchMapping(problem, hardware, options({ keep, leastUse: 1, rules: { X: ["k", "p"], Y: ["c"] } }))!;
    expect(free.objective).toBeLessThanOrEqual(found.objective);
  }, 120_000);

  it.each([[2, 1], [2, 3], [4, 3]])("finds the best of all mappings with stride %d and kernel %d, whose windows leave gaps", (stride, kernel) => {
    const problem = convolution({ K: 4, P: 16, ...(kernel === 1 ? {} : { R: kernel }) }, stride);
    const small: Hardware = { ...oneDimensional, levels: [memory("rf", 1, 12), memory("glb", 6, 60), memory("dram", 200)] };
    expect(searchMapping(problem, small, options())!.objective).toBeCloseTo(exhaustive(problem, small, [all, all, all], [], "energy"), 6);
  }, 60_000);

  it("finds the same when it prices every mapping", () => {
    const hardware: Hardware = { ...oneDimensional, axes: [{ name: "X", size: 4, below: 1 }] };
    const problem = convolution({ K: 8, C: 4, P: 8, R: 3 });
    for (const objective of ["energy", "latency", "energy_delay"] as const) {
      const [pruned, all] = [true, false].map((prune) => searchMapping(problem, hardware, options({ objective, prune }))!);
      expect([pruned!.objective, pruned!.proven, all!.proven]).toEqual([all!.objective, true, true]);
      expect(pruned!.looked).toBeLessThan(all!.looked / 10);
    }
  });

  it("stops at its effort with the best found and a bound below it", () => {
    const problem = convolution({ K: 32, P: 16, R: 3 });
    const full = searchMapping(problem, oneDimensional, options())!;
    const cut = searchMapping(problem, oneDimensional, options({ effort: 20 }))!;
    expect(cut.proven).toBe(false);
    expect(cut.bound).toBeLessThanOrEqual(full.objective);
    expect(cut.objective).toBeGreaterThanOrEqual(full.objective);
  });

  it("never does worse with more buffer or more bandwidth", () => {
    const problem = convolution({ K: 8, P: 16, R: 3 });
    const withLevels = (rf: number, glb: number, bandwidth: number): Hardware => ({ ...oneDimensional, levels: [memory("rf", 1, rf), memory("glb", 6, glb, bandwidth), memory("dram", 200, undefined, 0.5)] });
    const least = (hardware: Hardware, objective: MappingObjective): number => searchMapping(problem, hardware, options({ objective }))!.objective;
    const energies = [16, 32, 64, 256].map((words) => least(withLevels(words, 400, 2), "energy"));
    expect([...energies].sort((a, b) => b - a)).toEqual(energies);
    const latencies = [0.5, 1, 2, 8].map((bandwidth) => least(withLevels(32, 400, bandwidth), "latency"));
    expect([...latencies].sort((a, b) => b - a)).toEqual(latencies);
  }, 60_000);

  it("maps a layer once, and says so when nothing fits", () => {
    const mapper = cachedMapper(oneDimensional, options());
    expect(mapper(convolution({ K: 4, P: 4, R: 3 }))).toBe(mapper(convolution({ K: 4, P: 4, R: 3 })));
    expect(searchMapping(convolution({ K: 4, P: 4, R: 3 }), { ...oneDimensional, levels: [memory("rf", 1, 1), memory("glb", 6, 400), memory("dram", 200)] }, options())).toBeUndefined();
  });
});

const data = shared("costmodel-reference/timeloop-cases.json", "Timeloop's mapper exercise");

describe.skipIf(!data.present)("Timeloop's reference mappings", () => {
  const cases = data.present ? data.json<{ cases: TimeloopCase[] }>().cases : [];
  it.each(cases.map((given) => [given.id, given] as const))("%s: never better than what the mapper finds under the same bypasses", (_, given) => {
    const { hardware, mapping } = timeloopHardware(given);
    const problem = timeloopProblem(given);
    const theirs = evaluate(problem, hardware, mapping, asPublished("timeloop")).energy.total;
    const ours = searchMapping(problem, hardware, options({ conventions: asPublished("timeloop"), keep: mapping.keep, effort: 200_000 }))!;
    expect(ours.objective).toBeLessThanOrEqual(theirs * (1 + 1e-9));
    expect(ours.bound).toBeLessThanOrEqual(ours.objective);
  }, 60_000);
});

describe.skipIf(!data.present)("Timeloop's mapper exercise", () => {
  const cases = data.present ? data.json<{ cases: TimeloopCase[] }>().cases.filter((given) => given.id.includes("05-mapper")) : [];
  it.each(cases.map((given) => [given.id, given] as const))("%s: at least as good under the same bypasses", (_, given) => {
    const { hardware, mapping } = timeloopHardware(given);
    const problem = timeloopProblem(given);
    const theirs = evaluate(problem, hardware, mapping, asPublished("timeloop")).energy.total;
    const ours = searchMapping(problem, hardware, options({ conventions: asPublished("timeloop"), keep: mapping.keep }))!;
    expect(ours.objective).toBeLessThanOrEqual(theirs + 1e-6);
    expect(ours.proven).toBe(true);
  }, 60_000);

  it("reaches 46.49 nJ when it may choose what passes by", () => {
    const { hardware } = timeloopHardware(cases[0]!);
    const found = searchMapping(timeloopProblem(cases[0]!), hardware, options({ conventions: asPublished("timeloop"), keep: "free" }))!;
    expect(found.objective).toBeLessThanOrEqual(46_495);
    expect(found.proven).toBe(true);
  }, 60_000);
});
