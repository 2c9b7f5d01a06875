/** One dataflow for each chunk: all four dataflows on two chunks, the report's answer and the factor graph's against trying all sixteen. */
import { describe, expect, it } from "vitest";
import { bestVariant } from "../../../src/hw/pipeline/chunk-balance.js";
import { bestDataflows } from "../../../src/hw/pipeline/chunk-dataflows.js";
import { createCostModel } from "../../../src/hw/cost-model.js";
import { spaceCosts } from "../../../src/hw/space-costs.js";
import type { MetricName } from "../../../src/hw/metrics.js";
import { bind } from "../../../src/ir/bind.js";
import { describeArchitecture } from "../../../src/ir/describe.js";
import type { Dataflow } from "../../../src/ir/plan.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { programOf } from "../../ir/check/programs.js";

const flows: readonly Dataflow[] = ["row_stationary", "input_stationary", "weight_stationary", "output_stationary"];

const planOf = (dataflow: string, more = "", arrays: readonly [string, string] = ["6 x 4", "4 x 8"]) => programOf(`
space Net {
  input image: f32[10, 10, 6]
  x = image -> conv(12, kernel = 3) -> choose mix { near: shift(20, kernel = 1)  wide: shift(20, kernel = 3) }
  output y = x -> conv(10, kernel = 1) -> shift(24, kernel = 3, stride = 2) -> global_pool -> dense(4)
}
accelerator Chip {
  clock 100MHz ${more}
  memory dram { width 64bit  bandwidth 0.8GBps }
  memory buffer { size 8KB  width 64bit }
  memory local { size 32B  width 16bit  per pe }
  chunk mac { array ${arrays[0]}  runs conv, dense  dataflow ${dataflow} }
  chunk shift { array ${arrays[1]}  runs shift  dataflow ${dataflow} }
  mapper { }
}
search Main { space Net on Chip  minimize energy }`).searches.get("Main")!;

/** Models of their own for every assignment, which share nothing. */
function brute(plan: ReturnType<typeof planOf>, architecture: readonly number[]) {
  const { choices, variants, ...accelerator } = plan.accelerator;
  return flows.flatMap((mac) => flows.map((shift) => {
    const { totals } = createCostModel({ ...accelerator, chunks: accelerator.chunks.map((chunk, index) => ({ ...chunk, dataflow: [index === 0 ? mac : shift] })) }).netCost(bind(plan.space, architecture));
    return { mac, shift, totals, energyPeriod: totals.energy * totals.period };
  }));
}

const least = <T>(all: readonly T[], of: (each: T) => number): T => all.reduce((best, next) => (of(next) < of(best) ? next : best));

describe("one dataflow for each chunk", () => {
  it.each([["fixed parts", "", ["6 x 4", "4 x 8"]], ["shared memories", "share dynamic", ["6 x 4", "4 x 8"]], ["arrays that are sized", "balance { elements 30 }", ["balanced", "balanced"]]] as const)("is the best of all sixteen assignments, with %s", (_, more, arrays) => {
    const plan = planOf(flows.join(", "), more, arrays);
    const model = createCostModel(plan.accelerator);
    const net = bind(plan.space, [1]);
    const found = bestDataflows(model, net, model.netCost(net))!;
    const all = brute(plan, [1]);
    const best = least(all, ({ energyPeriod }) => energyPeriod);
    expect(found.looked).toBe(16);
    expect(found.energyPeriod).toBe(best.energyPeriod);
    expect(found.dataflows).toEqual({ mac: best.mac, shift: best.shift });
    expect(new Set(all.map(({ energyPeriod }) => energyPeriod)).size).toBeGreaterThan(3);
  });

  it("is a factor of the cost graph where it is chosen: the least energy, latency and period of all networks and assignments", () => {
    const plan = planOf(`choose { ${flows.join(", ")} }`);
    const model = createCostModel(plan.accelerator);
    const costs = spaceCosts(plan.space, model, spaceQueries(plan.space));
    expect(spaceQueries(plan.space).count()).toBe(32n);
    const all = [0, 1].flatMap((mix) => brute(plan, [mix, 0, 0]).map((each) => ({ ...each, mix })));
    for (const metric of ["energy", "latency", "period"] as const satisfies readonly MetricName[]) {
      const { value, architecture, proven } = (({ minimum, proven: certain }) => ({ ...minimum, proven: certain }))(costs.bounds(metric));
      const best = least(all, ({ totals }) => totals[metric]);
      expect(proven).toBe(true);
      expect(value / best.totals[metric]).toBeCloseTo(1, 9);
      const labels = describeArchitecture(plan.space, architecture);
      const named = all.find((each) => each.mac === labels["Chip.mac.dataflow"] && each.shift === labels["Chip.shift.dataflow"] && ["near", "wide"][each.mix] === labels["mix"])!;
      expect(named.totals[metric] / best.totals[metric]).toBeCloseTo(1, 9);
    }
    for (const mix of [0, 1]) expect(bestVariant(model, bind(plan.space, [mix, 0, 0]))!.energyPeriod).toBe(Math.min(...all.filter((each) => each.mix === mix).map(({ energyPeriod }) => energyPeriod)));
  });

  it("costs no less than the best dataflow of each layer by what layers are mapped for", () => {
    const plan = planOf(flows.join(", "));
    const model = createCostModel(plan.accelerator);
    const net = bind(plan.space, [0]);
    const free = model.netCost(net);
    const bound = bestDataflows(model, net, free)!;
    free.rows.forEach(({ mappings = [] }, row) => mappings.forEach(({ result }, nest) => expect(result.objective).toBeLessThanOrEqual(bound.cost.rows[row]!.mappings![nest]!.result.objective)));
  });

  it("is nothing to choose where chunks have one dataflow or no work", () => {
    const plan = planOf("row_stationary");
    const model = createCostModel(plan.accelerator);
    const net = bind(plan.space, [0]);
    expect(bestDataflows(model, net, model.netCost(net))).toBeUndefined();
  });
});
