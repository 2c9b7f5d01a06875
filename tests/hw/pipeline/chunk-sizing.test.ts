/** Arrays sized for one network: the rule iterated with utilisation, behind the language and beside declared arrays; spaces on such accelerators. */
import { describe, expect, it } from "vitest";
import { chunkWork } from "../../../src/hw/pipeline/chunk-balance.js";
import { allSized, sizeChunks } from "../../../src/hw/pipeline/chunk-sizing.js";
import { createCostModel } from "../../../src/hw/cost-model.js";
import { pipelineAlternatives, pipelineOf } from "../../../src/hw/pipeline/pipeline.js";
import { coupledMetrics, spaceCosts } from "../../../src/hw/space-costs.js";
import { checkProgramBudgets } from "../../../src/hw/budget-check.js";
import { bind } from "../../../src/ir/bind.js";
import { arrayFor } from "../../../src/ir/plans/array-shape.js";
import { chipArea, elementArea } from "../../../src/ir/plans/chip-area.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { programOf } from "../../ir/check/programs.js";

const text = (arrays: readonly [string, string], more = "", search = "", bandwidth = "8GBps"): string => `
space Net {
  input image: f32[12, 12, 8]
  width = choose { 8, 16 }
  x = image -> conv(width, kernel = 3) -> choose mix { more: conv(24, kernel = 3)  shifts: shift(24, kernel = 3)  both: conv(12, kernel = 3) -> shift(24, kernel = 3) }
  output y = x -> shift(16, kernel = 1) -> global_pool -> dense(4)
}
accelerator Chip {
  clock 100MHz  ${more}
  memory dram { width 64bit  bandwidth ${bandwidth} }
  memory buffer { size 16KB  width 64bit }
  memory local { size 32B  width 16bit  per pe }
  chunk mac { array ${arrays[0]}  area 188um2  runs conv, dense  dataflow weight_stationary }
  chunk shift { array ${arrays[1]}  area 100um2  runs shift  dataflow output_stationary }
  mapper { }
}
search Main { space Net on Chip  minimize energy ${search} }`;

const planOf = (source: string) => programOf(source).searches.get("Main")!;

describe("chunks that are sized for a network", () => {
  const { space, accelerator } = planOf(text(["balanced", "balanced"], "balance { elements 48 }"));
  const model = createCostModel(accelerator);
  const area = 48 * 188e-12;

  it("start with equal parts of the area, whose size is that of so many elements of the first", () => {
    expect(accelerator.balancedArea).toBeCloseTo(area, 18);
    expect(accelerator.chunks.map(({ array }) => array)).toEqual([arrayFor(24), arrayFor(45)]);
  });

  it.each([[[0, 0]], [[1, 1]], [[1, 2]]])("cost what the network costs on the arrays found, which keep the area and are the best of those seen: %o", (architecture) => {
    const net = bind(space, architecture);
    const cost = model.netCost(net);
    const { chunks, rounds } = cost.sizing!;
    const { balancedArea, ...declared } = accelerator;
    const on = (arrays: readonly (readonly [number, number])[]) => createCostModel({ ...declared, chunks: accelerator.chunks.map(({ sized, ...chunk }, index) => ({ ...chunk, array: arrays[index]! })) }).netCost(net);
    expect(cost.totals).toEqual(on(chunks.map(({ array }) => array)).totals);
    for (const round of rounds) {
      expect(round.chunks.reduce((sum, { elements }, index) => sum + elements * accelerator.chunks[index]!.area!, 0)).toBeLessThanOrEqual(area * (1 + 1e-9));
      const { totals } = on(round.chunks.map(({ array }) => array));
      expect(round.energyPeriod).toBe(totals.energy * totals.period);
      expect(cost.totals.energy * cost.totals.period).toBeLessThanOrEqual(round.energyPeriod);
    }
  });

  it("follow the rule: first the points alone, then points over the used share of the arrays before", () => {
    const cost = model.netCost(bind(space, [1, 2]));
    const { rounds } = cost.sizing!;
    const [multiply, shift] = rounds[0]!.chunks;
    // k = A / sum(a F): elements over work are equal but for rounding to arrays.
    const k = area / (multiply!.points * 188e-12 + shift!.points * 100e-12);
    expect(multiply!.array).toEqual(arrayFor(Math.floor(k * multiply!.points + 1e-9)));
    expect(Math.abs(shift!.elements / (k * shift!.points) - 1)).toBeLessThan(0.1);
    rounds.slice(1).forEach(({ chunks }, index) => {
      const before = rounds[index]!.chunks;
      const works = before.map(({ points, utilisation }) => points / utilisation);
      const ratio = (chunks[0]!.elements / works[0]!) / (chunks[1]!.elements / works[1]!);
      expect(Math.abs(Math.log(ratio))).toBeLessThan(0.15);
    });
    expect(rounds.every(({ chunks }) => chunks.every(({ utilisation }) => utilisation > 0 && utilisation <= 1))).toBe(true);
  });

  it("give all to one kind where there is no other", () => {
    const only = planOf(`${text(["balanced", "balanced"], "balance { elements 168 }").split("space Net")[0]!}space Net { input image: f32[12, 12, 8]  output y = image -> conv(8, kernel = 3) -> global_pool -> dense(4) }${text(["balanced", "balanced"], "balance { elements 168 }").split("\n}\n").slice(1).join("\n}\n").replace(/^/, "\n")}`);
    const { sizing, totals } = createCostModel(only.accelerator).netCost(bind(only.space, []));
    expect(sizing!.chunks.map(({ elements }) => elements)).toEqual([168, 0]);
    expect(totals.period).toBeGreaterThan(0);
  });

  it("leave fixed arrays and fixed sides alone", () => {
    const { accelerator: mixed, space: net } = planOf(text(["4 x balanced", "4 x 6"], "balance { area 6000um2 }"));
    expect(mixed.chunks.map(({ sized }) => sized)).toEqual([{ rows: 4 }, undefined]);
    const { sizing } = createCostModel(mixed).netCost(bind(net, [1, 2]));
    // All of the area is the only sized chunk's: 31.9 elements.
    expect(sizing!.chunks.map(({ array }) => array)).toEqual([[4, 7], [4, 6]]);
  });

  it("are proposed where arrays are declared, no worse than the rule at full use", () => {
    const { accelerator: declared, space: net } = planOf(text(["4 x 4", "8 x 10"]));
    const fixed = createCostModel(declared);
    const network = bind(net, [1, 0]);
    const cost = fixed.netCost(network);
    const { balanced } = pipelineAlternatives(fixed, network, cost);
    expect(balanced!.rounds.length).toBeGreaterThan(1);
    expect(balanced!.cost.totals.energy * balanced!.cost.totals.period).toBe(Math.min(...balanced!.rounds.map(({ energyPeriod }) => energyPeriod)));
    // Arithmetic on the slow chunk gets more elements, and the result comes sooner.
    expect(balanced!.chunks[0]!.elements).toBeGreaterThan(16);
    expect(balanced!.cost.totals.period).toBeLessThan(cost.totals.period);
    const total = declared.chunks.reduce((sum, chunk) => sum + chunk.array[0] * chunk.array[1] * elementArea(chunk, 45), 0);
    expect(balanced!.chunks.reduce((sum, { elements }, index) => sum + elements * elementArea(declared.chunks[index]!, 45), 0)).toBeLessThanOrEqual(total);
    expect(sizeChunks(allSized(declared), (sized) => createCostModel(sized).netCost(network)).chunks).toEqual(balanced!.chunks);
  });

  it("count points over used shares as cycles times elements", () => {
    const cost = createCostModel(planOf(text(["4 x 4", "4 x 4"])).accelerator).netCost(bind(space, [0, 1]));
    const [multiply, shift] = chunkWork(cost.rows, planOf(text(["4 x 4", "4 x 4"])).accelerator);
    expect(shift!.points).toBeCloseTo(144 * 8 * 24 * 9 + 144 * 24 * 16, 3);
    expect(multiply!.points).toBeCloseTo(144 * 8 * 8 * 9 + 16 * 4, 3);
    expect(shift!.work).toBeGreaterThanOrEqual(shift!.points);
  });

  it("take at most the area that the chip is said to take", () => {
    const most = chipArea(accelerator);
    for (let option = 0; option < 3; option++) {
      expect(chipArea(model.netCost(bind(space, [1, option])).sizing!.accelerator)).toBeLessThanOrEqual(most);
    }
  });
});

describe("a space on chunks that are sized", () => {
  const { space, accelerator } = planOf(text(["balanced", "balanced"], "balance { elements 48 }"));
  const model = createCostModel(accelerator);
  const queries = spaceQueries(space);
  const costs = spaceCosts(space, model, queries);
  const all = [0, 1].flatMap((width) => [0, 1, 2].map((mix) => [width, mix]));

  it("costs what its networks cost as wholes", () => {
    for (const architecture of all) expect(costs.costOf(architecture)).toEqual(model.netCost(bind(space, architecture)).totals);
  });

  it("has no tables, bounds or budgets of what depends on all layers, and says so", () => {
    expect(model.coupled).toBe(true);
    for (const metric of coupledMetrics) {
      expect(costs.partsOf(metric)).toBeUndefined();
      expect(costs.provenBounds(metric)).toBeUndefined();
      expect(costs.batch([metric])).toBeUndefined();
      const { minimum, maximum, exact, proven } = costs.bounds(metric);
      expect([exact, proven]).toEqual([false, false]);
      // Two hundred draws meet all six.
      const values = all.map((architecture) => costs.costOf(architecture)[metric]);
      expect([minimum.value, maximum.value]).toEqual([Math.min(...values), Math.max(...values)]);
      const histogram = costs.histogram(metric);
      expect([histogram.how, histogram.shareError > 0.05]).toEqual(["sampled", true]);
      const bound = [...values].sort((a, b) => a - b)[2]!;
      const within = costs.within([{ metric, relation: "<=", bound }]);
      expect(within.how).toBe("sampled");
      expect(costs.best(metric, "minimize", [{ metric: "macs", relation: "<=", bound: Infinity }])).toMatchObject({ value: Math.min(...values), proven: false });
    }
    expect(costs.bounds("macs").exact).toBe(true);
    expect(costs.warnings.map(({ code }) => code)).toContain("NAS5005");
  });

  it("is refused for budgets that can be proven, and for no others", () => {
    const codes = (search: string): readonly string[] => checkProgramBudgets(programOf(text(["balanced", "balanced"], "balance { elements 48 }", search))).map(({ code }) => code);
    expect(codes("subject to macs <= 10")).toEqual(["NAS5030"]);
    expect(codes("subject to energy <= 1fJ")).toEqual(["NAS5005"]);
    expect(codes("subject to energy <= 1fJ, macs <= 10")).toEqual(["NAS5005", "NAS5030"]);
  });
});

describe("what a period hangs on", () => {
  it("is the busiest chunk, or the external memory where the traffic of all takes longer", () => {
    for (const [bandwidth, expected] of [["8GBps", "mac"], ["0.02GBps", "external memory"]] as const) {
      const { space, accelerator } = planOf(text(["4 x 4", "8 x 10"], "", "", bandwidth));
      const model = createCostModel(accelerator);
      const cost = model.netCost(bind(space, [1, 2]));
      const pipeline = pipelineOf(model, cost)!;
      expect(pipeline.limitedBy).toBe(expected);
      expect(pipeline.externalBinds).toBe(expected !== "mac");
      expect(pipeline.period).toBe(Math.max(cost.externalTime, ...Object.values(cost.busy)));
      expect(cost.externalTime).toBeCloseTo(cost.rows.reduce((sum, { external }) => sum + external, 0) / model.externalBandwidth, 12);
      expect([pipeline.throughput, pipeline.latency, pipeline.energyPeriod]).toEqual([1 / cost.totals.period, cost.totals.latency, cost.totals.energy * cost.totals.period]);
    }
  });
});
