/** The mapper against every mapping of tiny layers on random hardware: arrays at two places, links with a price, bypasses, widths, ports, buffers, activations that stay. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asPublished, physical } from "../../../src/hw/mapping/conventions.js";
import { evaluate } from "../../../src/hw/mapping/evaluate.js";
import type { AccessKind, Hardware, MemoryLevel } from "../../../src/hw/mapping/hardware.js";
import { mappingProblems, type MappedLoop } from "../../../src/hw/mapping/mapping.js";
import type { Problem } from "../../../src/hw/mapping/problem.js";
import { searchMapping, searchMappings, type MapperOptions, type MappingObjective } from "../../../src/hw/mapping/search.js";
import { divisorsOf, spatialChoices } from "../../../src/hw/mapping/spatial.js";
import { convolution } from "./layers.js";

const permutations = <T>(items: readonly T[]): T[][] => (items.length <= 1 ? [[...items]] : items.flatMap((item, index) => permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest])));
const splits = (bound: number, parts: number): number[][] => (parts === 1 ? [[bound]] : divisorsOf(bound).flatMap((factor) => splits(bound / factor, parts - 1).map((rest) => [factor, ...rest])));

/** The least price (and, of equal latency, energy) over all factors and orders. */
function exhaustive(problem: Problem, hardware: Hardware, options: MapperOptions): number {
  const { keep, conventions, objective } = options;
  if (keep === "free") throw new Error("one choice of kept tensors");
  let best = Infinity;
  for (const choice of spatialChoices(problem, hardware, options.rules, options.factors)) {
    const left = problem.dimensions.map((name, number) => choice.loops.reduce((bound, loop) => (loop.dimension === name ? bound / loop.bound : bound), choice.bounds[number]!));
    const place = (dimension: number, chosen: readonly number[][]): void => {
      if (dimension < problem.dimensions.length) {
        for (const split of splits(left[dimension]!, hardware.levels.length)) place(dimension + 1, [...chosen, split]);
        return;
      }
      const orders = hardware.levels.map((_, level) => {
        const loops = problem.dimensions.flatMap((name, number): MappedLoop[] => (chosen[number]![level]! > 1 ? [{ dimension: name, bound: chosen[number]![level]!, level }] : []));
        return level === 0 ? [loops] : permutations(loops);
      });
      const build = (level: number, outer: readonly MappedLoop[]): void => {
        if (level < 0) {
          const { fits, energy, cycles } = evaluate(problem, hardware, { loops: outer, keep }, conventions);
          if (fits) best = Math.min(best, objective === "energy" ? energy.total : objective === "latency" ? cycles.latency : energy.total * cycles.latency);
          return;
        }
        for (const order of orders[level]!) build(level - 1, [...outer, ...order, ...choice.loops.filter((loop) => loop.level === level)]);
      };
      build(hardware.levels.length - 1, []);
    };
    place(0, []);
  }
  return best;
}

const everyKind: readonly AccessKind[] = ["read", "fill", "update", "drain"];
const ports = fc.constantFrom<MemoryLevel["ports"][]>(
  [], [{ name: "any", wordsPerCycle: 1, carries: everyKind }],
  [{ name: "in", wordsPerCycle: 2, carries: ["fill", "update"] }, { name: "out", wordsPerCycle: 0.5, carries: ["read", "drain"] }],
  [{ name: "outputs", wordsPerCycle: 0.7, carries: everyKind, tensors: ["O"] }, { name: "rest", wordsPerCycle: 3, carries: everyKind, tensors: ["W", "I"] }],
);
const memory = (name: string, sizes: readonly number[] | undefined): fc.Arbitrary<MemoryLevel> => fc.record({
  name: fc.constant(name), wordsPerAccess: fc.constantFrom(1, 4), energy: fc.record({ read: fc.constantFrom(1, 3), write: fc.constantFrom(1, 5), leak: fc.constantFrom(0, 0.5) }), doubleBuffered: fc.boolean(), ports,
  ...(sizes === undefined ? {} : { sizeBits: fc.constantFrom(...sizes.map((words) => words * 16)) }),
}).chain((level) => fc.constantFrom(level, { ...level, wordBits: 24 }));

const hardware: fc.Arbitrary<Hardware> = fc.record({
  levels: fc.tuple(memory("rf", [2, 6, 40]), memory("glb", [20, 60, 400]), memory("dram", undefined)),
  axes: fc.constantFrom<Hardware["axes"][]>([], [{ name: "X", size: 2, below: 1 }], [{ name: "X", size: 2, below: 1 }, { name: "Y", size: 3, below: 0 }], [{ name: "X", size: 3, below: 2 }]),
  pointEnergy: fc.constant(1),
}).chain((bare) => fc.constantFrom<Hardware[]>(bare, { ...bare, network: { energy: 2 } }, { ...bare, network: { energy: 30, wordBits: 24 } }, { ...bare, staticEnergy: 5 }));
const layer = fc.constantFrom(
  convolution({ K: 2, P: 4, R: 3 }), convolution({ K: 4, C: 2, P: 3 }), convolution({ P: 6, R: 2 }, 2), convolution({ P: 4, R: 3, K: 2 }, 2), convolution({ K: 2, C: 2, P: 5 }), convolution({ P: 4, R: 1 }, 3),
).chain((problem) => fc.record({ final: fc.constantFrom(undefined, 8), top: fc.constantFrom(undefined, "I", "O", "both") }).map(({ final, top }): Problem => ({
  ...problem, tensors: problem.tensors.map((tensor) => ({
    ...tensor, ...(tensor.role === "output" && final !== undefined ? { finalBits: final } : {}),
    ...(top !== undefined && tensor.role !== "weight" && (top === "both" || tensor.name === top) ? { top: 1 } : {}),
  })),
})));
const keeps = fc.constantFrom([["W", "I", "O"], ["W", "I", "O"], ["W", "I", "O"]], [["W"], ["W", "I", "O"], ["W", "I", "O"]], [["O"], ["I", "O"], ["W", "I", "O"]]);
const settings = fc.record({
  conventions: fc.constantFrom(physical, asPublished("timeloop")), objective: fc.constantFrom<MappingObjective[]>("energy", "latency", "energy_delay"),
  keep: keeps, factors: fc.constantFrom("perfect" as const, "padded" as const), leastUse: fc.constant(0), effort: fc.constant(1e7),
});

describe("the mapper", () => {
  it("finds the best of all mappings, and prices it as the model does", () => {
    fc.assert(fc.property(layer, hardware, settings, (problem, given, options) => {
      const least = exhaustive(problem, given, options);
      const found = searchMapping(problem, given, options);
      if (found === undefined) { expect(least).toBe(Infinity); return; }
      const { energy, cycles, fits } = found.evaluation;
      const own = options.objective === "energy" ? energy.total : options.objective === "latency" ? cycles.latency : energy.total * cycles.latency;
      expect(fits).toBe(true);
      expect(mappingProblems(problem, given, found.mapping)).toEqual([]);
      expect(Math.abs(found.objective - own)).toBeLessThanOrEqual(1e-9 * own);
      expect(Math.abs(found.objective - least)).toBeLessThanOrEqual(1e-9 * least);
      expect(found.proven).toBe(true);
    }), { numRuns: 150 });
  }, 240_000);

  it("finds the same of several ways to run a layer as of each alone, though what one way finds rules out mappings of the others", () => {
    fc.assert(fc.property(layer, hardware, settings, fc.shuffledSubarray(["as given", "weights first", "rows of filters", "one rule"] as const, { minLength: 2 }), (problem, given, options, names) => {
      const kinds: Readonly<Record<(typeof names)[number], MapperOptions>> = {
        "as given": options, "weights first": { ...options, keep: [["W"], ["W", "I", "O"], ["W", "I", "O"]], stationary: "W" }, "rows of filters": { ...options, rules: { X: ["k", "r"], Y: ["p"] } }, "one rule": { ...options, rules: { X: ["p"] } },
      };
      const ways = names.map((name) => kinds[name]);
      const alone = ways.map((way) => searchMapping(problem, given, way));
      const together = searchMappings(problem, given, ways);
      const least = Math.min(...alone.map((result) => result?.objective ?? Infinity));
      if (together === undefined) { expect(least).toBe(Infinity); return; }
      const { way, result } = together;
      // To the last bit, mapping included; of equals the first way (of equal latency the one with less energy).
      expect(result.objective).toBe(least);
      expect(result.mapping).toEqual(alone[way]!.mapping);
      expect([result.proven, result.bound]).toEqual([true, result.objective]);
      if (options.objective !== "latency") expect(way).toBe(alone.findIndex((other) => other?.objective === least));
      else for (const other of alone) if (other?.objective === least) expect(result.evaluation.energy.total).toBeLessThanOrEqual(other.evaluation.energy.total * (1 + 1e-8));
      const hasty = searchMappings(problem, given, ways.map((own) => ({ ...own, effort: 4 })));
      if (hasty === undefined) return;
      expect(hasty.result.bound).toBeLessThanOrEqual(least * (1 + 1e-9));
      if (hasty.result.proven) expect(hasty.result.objective).toBeLessThanOrEqual(least * (1 + 1e-9));
    }), { numRuns: 300 });
  }, 120_000);

  it("never does worse with more buffer, more bandwidth or more processing elements", () => {
    const grown = fc.tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(1, 2, 5), fc.constantFrom(0, 1, 3));
    fc.assert(fc.property(layer, hardware, settings, grown, (problem, given, options, [room, width, more]) => {
      const larger: Hardware = {
        ...given, axes: given.axes.map((axis) => ({ ...axis, size: axis.size + more })),
        levels: given.levels.map((level) => ({ ...level, ...(level.sizeBits === undefined ? {} : { sizeBits: level.sizeBits * room }), ports: level.ports.map((port) => ({ ...port, wordsPerCycle: port.wordsPerCycle * width })) })),
      };
      const [before, after] = [searchMapping(problem, given, options), searchMapping(problem, larger, options)];
      if (before === undefined) return;
      expect(after!.objective).toBeLessThanOrEqual(before.objective * (1 + 1e-9));
    }), { numRuns: 300 });
  }, 120_000);
});
