/**
 * Uneven mappings against ZigZag's regression values (KULeuven-MICAS/zigzag, MIT): the GEMMs to the last digit, ResNet-18 within
 * 5 % energy and 10 % latency. Its regression runs look for the least latency (`opt="latency"`, the default of its API), the less
 * energy of equals: the mapping of least energy is up to 7.5 % cheaper and slower.
 */
import { describe, expect, it } from "vitest";
import { asPublished } from "../../../src/hw/mapping/conventions.js";
import { allocate, unevenCost, type UnevenCost } from "../../../src/hw/mapping/uneven.js";
import { bestUneven, distinctOrders, limitedFactors, primeFactors, unroll } from "../../../src/hw/mapping/uneven-search.js";
import { shared } from "./shared-data.js";
import { mappingFor, outputBits, spatialUses, zigzagHardware, zigzagProblem, type ZigzagCase, type ZigzagLayer } from "./zigzag-case.js";

const data = shared("costmodel-reference/zigzag-cases.json", "7 ZigZag cases");
const { cases, resnet18 } = data.present ? data.json<{ cases: ZigzagCase[]; resnet18: ZigzagLayer[] }>() : { cases: [], resnet18: [] };

function costOf(given: ZigzagCase, layer: ZigzagLayer): UnevenCost {
  const mapping = mappingFor(given.mapping, layer);
  const hardware = zigzagHardware(given.hardware, mapping.memory_operand_links);
  const problem = zigzagProblem(layer);
  const uses = spatialUses(mapping, problem);
  const common = { problem, hardware, bits: outputBits(layer), points: problem.points, conventions: asPublished("zigzag") };
  if (mapping.temporal_ordering === undefined) return bestUneven({ ...common, uses, limit: 6, objective: "latency" })!;
  const { temporal, spatial } = unroll(problem.bounds, uses);
  // Listed innermost first; `*` is everything space leaves over.
  const order = mapping.temporal_ordering.map(([name, bound]) => {
    const dimension = problem.dimensions.indexOf(name.toLowerCase());
    return { dimension, bound: bound === "*" ? temporal[dimension]! : Number(bound) };
  }).reverse();
  return unevenCost(problem, hardware, allocate(problem, hardware, order, spatial)!, common.bits, common.points, common.conventions);
}

const total = (given: ZigzagCase): { energy: number; latency: number } => {
  const costs = (typeof given.workload === "string" ? resnet18 : given.workload).map((layer) => costOf(given, layer));
  return { energy: costs.reduce((sum, cost) => sum + cost.energy, 0), latency: costs.reduce((sum, cost) => sum + cost.latency, 0) };
};

describe.skipIf(!data.present)("ZigZag's GEMM", () => {
  it("on one memory: energy to the last digit, and its 2 * 4096 - 1 cycles", () => {
    const { energy, latency } = total(cases.find((given) => given.id === "gemm_l1")!);
    expect(energy).toBeCloseTo(511349.76, 6);
    expect(latency).toBe(8191);
  });

  const two = (): ZigzagCase => cases.find(({ id }) => id === "gemm_l1_l3")!;
  /** The order its search settles on, innermost first: the input is kept for 4 steps, not for 16. */
  const inOrder = (given: ZigzagCase): ZigzagCase => ({ ...given, mapping: given.mapping.map((entry) => ({ ...entry, temporal_ordering: [["D1", 4], ["D2", 4], ["D0", 4], ["D2", 4], ["D1", 4], ["D0", 4]] })) });
  const priced = (given: ZigzagCase, prices: Readonly<Record<string, readonly [number, number]>>): ZigzagCase => ({
    ...given, hardware: { ...given.hardware, memories: Object.fromEntries(Object.entries(given.hardware.memories).map(([name, memory]) => [name, { ...memory, r_cost: prices[name]![0], w_cost: prices[name]![1] }])) },
  });

  it("on two memories: energy to the last digit, as ZigZag 3.9.1 computes it on this very hardware", () => {
    expect(total(inOrder(two())).energy).toBeCloseTo(19860090.88, 4);
  });

  // The recorded total is below what 512 reads of the outermost memory cost at the 16000 pJ recorded with it: it was made before
  // the file's prices were changed, with those of `gemm_l1` and of the DRAM of the arrays, and equals them to the last digit.
  it("on two memories: the recorded energy to the last digit, at the prices it was made with", () => {
    const { energy } = total(inOrder(priced(two(), { reg_O: [0.02, 0.02], l1: [22.9, 52.01], l3: [700, 750] })));
    expect(energy).toBeCloseTo(two().expected.energy_pJ, 6);
  });

  it("on two memories: latency within 10 %", () => {
    const given = two();
    expect(Math.abs(total(given).latency / given.expected.latency_cycles - 1)).toBeLessThan(0.1);
    expect(Math.abs(total(inOrder(given)).latency / given.expected.latency_cycles - 1)).toBeLessThan(0.1);
  });
});

describe.skipIf(!data.present)("ZigZag's ResNet-18", () => {
  const found = new Map<string, { energy: number; latency: number }>();
  const networks = cases.filter((given) => given.id.startsWith("resnet18"));
  const costs = (given: ZigzagCase) => { if (!found.has(given.id)) found.set(given.id, total(given)); return found.get(given.id)!; };

  it.each(networks.map((given) => [given.id, given] as const))("%s: latency within 10 %", (_, given) => {
    expect(Math.abs(costs(given).latency / given.expected.latency_cycles - 1)).toBeLessThan(0.1);
  }, 60_000);

  it.each(networks.map((given) => [given.id, given] as const))("%s: energy within 5 %", (_, given) => {
    expect(Math.abs(costs(given).energy / given.expected.energy_pJ - 1)).toBeLessThan(0.05);
  }, 60_000);

  it("puts the arrays in the same order of energy and of latency", () => {
    const order = (energy: (given: ZigzagCase) => number): string[] => [...networks].sort((a, b) => energy(a) - energy(b)).map((given) => given.id);
    expect(order((given) => costs(given).energy)).toEqual(order((given) => given.expected.energy_pJ));
    expect(order((given) => costs(given).latency)).toEqual(order((given) => given.expected.latency_cycles));
  }, 60_000);
});

describe("loop orders", () => {
  it("are as many as the multiset has, and factors are merged until few are left", () => {
    expect(primeFactors(360)).toEqual([2, 2, 2, 3, 3, 5]);
    const nine = limitedFactors([4, 2, 4, 4, 3, 3], 99);
    expect([nine.length, [...distinctOrders(nine)].length]).toEqual([9, 45360]);
    const five = limitedFactors([4, 2, 4, 4, 3, 3], 6);
    expect(five.length).toBe(6);
    expect(five.reduce((product, loop) => product * loop.bound, 1)).toBe(4 * 2 * 4 * 4 * 9);
  });
});
