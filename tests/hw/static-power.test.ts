/** Static power and leakage: energy that time costs (hardware.md 1.4 and 2.4), by hand. */
import { describe, expect, it } from "vitest";
import { createCostModel, energyOf, type CostRow, type NetCost } from "../../src/hw/cost-model.js";
import { spaceCosts } from "../../src/hw/space-costs.js";
import { bind } from "../../src/ir/bind.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { programOf } from "../ir/check/programs.js";
import { pricedApart } from "./every-architecture.js";

const textOf = (accelerator: string, body: string): string => `${accelerator}\nspace S { ${body} }\nsearch Main { space S on Chip  maximize accuracy }`;

function costOf(accelerator: string, body: string): { readonly cost: NetCost; readonly convention: string } {
  const plan = programOf(textOf(accelerator, body)).searches.get("Main")!;
  const model = createCostModel(plan.accelerator);
  return { cost: model.netCost(bind(plan.space, spaceQueries(plan.space).samplePath(randomStream(0, "net")))), convention: model.convention };
}

const chip = (settings: string, registers = "", mapper = "mapper { minimize energy }"): string =>
  `accelerator Chip { clock 100MHz  ${settings}\n memory dram { width 16bit }\n memory buffer { size 8KB  width 16bit }\n memory registers { size 64B  width 16bit  per pe ${registers} }\n chunk mac { array 4 x 4  runs conv, dense  precision int16 }\n ${mapper} }`;

const NETWORK = "input x: f32[8, 8, 4]  output y = x -> conv(8, kernel = 3) -> softmax";
const conv = ({ rows }: NetCost): CostRow => rows.find(({ operator }) => operator === "conv")!;

describe("static power", () => {
  it.each(["mapper { minimize energy }", ""])("costs its watts for the seconds of every layer (%s)", (mapper) => {
    const { cost, convention } = costOf(chip("static 3mW", "", mapper), NETWORK);
    for (const row of cost.rows) expect(row.split.static).toBeCloseTo(3e-3 * row.latency, 18);
    expect(cost.rows.filter(({ latency }) => latency > 0).length).toBeGreaterThan(1);
    expect(cost.split.static).toBeCloseTo(3e-3 * cost.totals.latency, 16);
    expect(cost.totals.energy).toBeCloseTo(energyOf(cost.split), 18);
    expect(convention).toContain("The chip takes 3mW");
  });

  it("decides between mappings: the dearer time is, the less of it the cheapest mapping takes", () => {
    const of = (settings: string): CostRow => conv(costOf(chip(settings), NETWORK).cost);
    const [free, dear] = [of(""), of("static 10W")];
    expect(dear.latency).toBeLessThanOrEqual(free.latency);
    expect(dear.energy - dear.split.static).toBeGreaterThanOrEqual(free.energy * (1 - 1e-12));
    expect(dear.energy).toBeLessThanOrEqual(free.energy + 10 * free.latency);
    expect(free.split.static).toBe(0);
  });

  it("is in the tables of a space as in one network", () => {
    const plan = programOf(textOf(chip("static choose { 1mW, 4mW }"), "input x: f32[8, 8, 4]  output y = x -> conv(choose { 4, 8 }, kernel = choose { 1, 3 })")).searches.get("Main")!;
    const model = createCostModel(plan.accelerator);
    const costs = spaceCosts(plan.space, model);
    const energies = pricedApart(plan.space, model).map(({ totals }) => totals.energy);
    expect(energies.length).toBe(8);
    expect(costs.bounds("energy").minimum.value).toBeCloseTo(Math.min(...energies), 18);
    expect(costs.bounds("energy").maximum.value).toBeCloseTo(Math.max(...energies), 18);
  });
});

describe("leakage", () => {
  it("is that of every copy in use, for the seconds of the layer", () => {
    const { cost, convention } = costOf(chip("", "leak 5uW"), NETWORK);
    const row = conv(cost);
    const [mapped] = row.mappings!;
    const copies = mapped!.result.evaluation.utilisation * 16;
    expect(row.split.static / (5e-6 * row.latency)).toBeCloseTo(copies, 6);
    expect(convention).toContain("Leakage of registers");
  });
});
