/** Networks and templates chosen together on a predicted accelerator: the factor graph's answers against all pairs. */
import { describe, expect, it } from "vitest";
import { createCostModel } from "../../../src/hw/cost-model.js";
import type { MetricName } from "../../../src/hw/metrics.js";
import { spaceCosts } from "../../../src/hw/space-costs.js";
import { bind } from "../../../src/ir/bind.js";
import { decisionsIn } from "../../../src/ir/assignment.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { programOf } from "../../ir/check/programs.js";
import { pricedApart } from "../every-architecture.js";

const TEXT = `
space Net {
  input image: f32[12, 12, 6]
  width = choose { 8, 12 }
  x = image -> conv(width, kernel = 3)
  x = x -> choose mix { taps: conv(width, kernel = 1)  apart: depthwise(kernel = 3)  shifts: shift(width, kernel = 3) }
  output y = x -> global_pool -> dense(4)
}
accelerator Chip {
  clock 100MHz
  memory dram    { width 16bit  read 40pJ  bandwidth 1000GBps }
  memory buffer  { size choose { 2KB, 8KB }  width 16bit  read 6pJ  write 0pJ }
  memory inputs  { size 24B   width 16bit  read 1pJ  per pe  holds inputs }
  memory weights { size 128B  width 16bit  read 1pJ  per pe  holds weights }
  memory sums    { size 32B   width 16bit  read 1pJ  per pe  holds outputs }
  chunk mac   { array choose { 4, 6 } x 8  runs conv, depthwise, dense  dataflow choose { row_stationary, weight_stationary, output_stationary, input_stationary }  precision int16 { psum 16bit } }
  chunk shift { array 4 x 8  runs shift  dataflow choose { row_stationary, weight_stationary }  precision int8 { psum 8bit } }
  mapper { minimize edp  convention rice_eic }
}
search Main { space Net on Chip  minimize energy }
`;

const { space, accelerator } = programOf(TEXT).searches.get("Main")!;
const model = createCostModel(accelerator);
const queries = spaceQueries(space);
const costs = spaceCosts(space, model, queries);
const priced = pricedApart(space, model);
const metrics: readonly MetricName[] = ["energy", "latency", "period"];

describe("network and templates together", () => {
  it("are one space", () => {
    expect(space.hardware!.map((id) => decisionsIn(space).find((decision) => decision.id === id)!.path)).toEqual(["Chip.buffer.size", "Chip.mac.array.rows", "Chip.mac.dataflow", "Chip.shift.dataflow"]);
    expect(queries.count()).toBe(BigInt(priced.length));
    expect(priced.length).toBe(2 * 3 * 2 * 2 * 4 * 2);
    expect(costs.warnings).toEqual([]);
  });

  it.each(metrics)("cost the same %s in the tables of the space, with the same least and greatest", (metric) => {
    for (const { architecture, totals } of priced) expect(costs.costOf(architecture)[metric] / totals[metric]).toBeCloseTo(1, 9);
    const all = priced.map(({ totals }) => totals[metric]);
    const { minimum, maximum, proven } = costs.bounds(metric);
    expect(proven).toBe(true);
    expect(minimum.value / Math.min(...all)).toBeCloseTo(1, 9);
    expect(maximum.value / Math.max(...all)).toBeCloseTo(1, 9);
  });

  it("have the best pair within a budget, like trying all", () => {
    const latencies = priced.map(({ totals }) => totals.latency).sort((a, b) => a - b);
    for (const at of [0.1, 0.3, 0.7]) {
      const bound = latencies[Math.floor(at * latencies.length)]!;
      const inside = priced.filter(({ totals }) => totals.latency <= bound);
      const found = costs.best("energy", "minimize", [{ metric: "latency", relation: "<=", bound }])!;
      expect(found.proven).toBe(true);
      expect(found.value / Math.min(...inside.map(({ totals }) => totals.energy))).toBeCloseTo(1, 9);
    }
  });

  it("differ by template, and listing several takes the best of them for each layer", () => {
    const flows = ["row_stationary", "weight_stationary", "output_stationary", "input_stationary"];
    const on = (dataflow: string, goal: string) => {
      const program = programOf(TEXT.replace(/choose \{ row_stationary, weight_stationary, output_stationary, input_stationary \}/, dataflow).replace("minimize edp", `minimize ${goal}`));
      const plan = program.searches.get("Main")!;
      return createCostModel(plan.accelerator.variants![0]!.accelerator).netCost(bind(plan.space, decisionsIn(plan.space).map(() => 0))).rows.find(({ operator }) => operator === "conv")!;
    };
    for (const goal of ["energy", "latency", "edp"] as const) {
      const value = ({ energy, latency }: { readonly energy: number; readonly latency: number }): number => ({ energy, latency, edp: energy * latency })[goal];
      const each = flows.map((flow) => value(on(flow, goal)));
      // All of them use the array equally well here; what they move differs.
      if (goal !== "latency") expect(new Set(each.map((score) => score.toPrecision(9))).size).toBe(4);
      const all = on(flows.join(", "), goal);
      expect(value(all) / Math.min(...each)).toBeCloseTo(1, 12);
      if (goal !== "latency") expect(all.predictions![0]!.dataflow).toBe(flows[each.indexOf(Math.min(...each))]);
    }
  });
});
