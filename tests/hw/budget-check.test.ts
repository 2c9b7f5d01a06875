/** Budgets against exact bounds, and the answers of `spaceCosts` against pricing every architecture of a small space. */
import { describe, expect, it } from "vitest";
import { checkBudgets, checkProgramBudgets } from "../../src/hw/budget-check.js";
import { createCostModel } from "../../src/hw/cost-model.js";
import { metricNames } from "../../src/hw/metrics.js";
import { spaceCosts, type MetricBudget } from "../../src/hw/space-costs.js";
import { checkProgram } from "../../src/ir/check.js";
import type { CheckedProgram, SearchPlan } from "../../src/ir/plan.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { TINY } from "../cli/run-cli.js";

function programOf(budgets: string): CheckedProgram {
  const text = TINY.replace("subject to params <= 20K", budgets);
  const { program, diagnostics } = checkProgram({ source: { file: "tiny.nas", text }, readImport: () => undefined, constants: new Map() });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return program!;
}

const planOf = (budgets: string): SearchPlan => programOf(budgets).searches.get("Main")!;

const plan = planOf("subject to params <= 20K");
const queries = spaceQueries(plan.space);
const costs = spaceCosts(plan.space, createCostModel(plan.accelerator), queries);

/** All fifty: drawn until they are. */
const members = ((): readonly (readonly number[])[] => {
  const random = randomStream(0, "all members");
  const found = new Map<string, readonly number[]>();
  while (BigInt(found.size) < queries.count()!) { const member = queries.sampleUniform(random); found.set(member.join(), member); }
  return [...found.values()];
})();
const totals = members.map((member) => costs.costOf(member));

describe("the costs of a space", () => {
  it.each(metricNames)("count, bound and rank the networks by %s as pricing each of them does", (metric) => {
    const values = totals.map((total) => total[metric]).sort((a, b) => a - b);
    const { minimum, maximum, exact } = costs.bounds(metric);
    expect(exact).toBe(true);
    expect(minimum.value).toBeCloseTo(values[0]!, 12);
    expect(maximum.value).toBeCloseTo(values.at(-1)!, 12);
    const middle = values[20]!;
    for (const relation of ["<=", ">="] as const) {
      const within = costs.within([{ metric, relation, bound: middle }]);
      const count = BigInt(values.filter((value) => (relation === "<=" ? value <= middle : value >= middle)).length);
      expect([within.how, within.least, within.most]).toEqual(["exact", count, count]);
      const drawn = within.draw(randomStream(1, metric))!;
      expect(relation === "<=" ? costs.costOf(drawn)[metric] <= middle : costs.costOf(drawn)[metric] >= middle).toBe(true);
    }
    const histogram = costs.histogram(metric, 6);
    expect(histogram.how).not.toBe("sampled");
    expect(histogram.counts!.reduce((sum, count) => sum + count, 0n)).toBe(50n);
  });

  it("find the best network under one and under several budgets", () => {
    const sorted = (metric: "params" | "latency" | "period"): number => totals.map((total) => total[metric]).sort((a, b) => a - b)[24]!;
    const sets: MetricBudget[][] = [[{ metric: "params", relation: "<=", bound: sorted("params") }], [{ metric: "params", relation: "<=", bound: sorted("params") }, { metric: "period", relation: "<=", bound: sorted("period") }], [{ metric: "latency", relation: ">=", bound: sorted("latency") }]];
    for (const budgets of sets) for (const metric of ["energy", "period", "macs"] as const) {
      const feasible = totals.filter((total) => budgets.every(({ metric: own, relation, bound }) => (relation === "<=" ? total[own] <= bound : total[own] >= bound)));
      const best = costs.best(metric, "minimize", budgets);
      expect(best?.proven).toBe(true);
      expect(best?.value).toBeCloseTo(Math.min(...feasible.map((total) => total[metric])), 12);
    }
  });
});

describe("budgets", () => {
  const titles = (budgets: string): string[] => {
    const other = planOf(budgets);
    return checkBudgets(other, spaceCosts(other.space, createCostModel(other.accelerator))).map(({ code, severity, title }) => `${code} ${severity} ${title}`);
  };
  const params = costs.bounds("params");

  it("that nothing meets are errors with both numbers", () => {
    const bound = params.minimum.value - 1;
    expect(titles(`subject to params <= ${bound}`)).toEqual([`NAS5030 error no architecture meets \`params <= ${bound}\``]);
    const [found] = checkBudgets(planOf(`subject to params <= ${bound}`), costs);
    expect(found!.why).toContain(String(params.minimum.value));
    expect(found!.why).toContain(String(bound));
  });

  it("that everything meets are warnings, on the very edge too", () => {
    expect(titles(`subject to params <= ${params.maximum.value}`)).toEqual([`NAS5031 warning every architecture meets \`params <= ${params.maximum.value}\``]);
    expect(titles(`subject to params <= ${params.maximum.value - 1}`)).toEqual([]);
    expect(titles(`subject to params <= ${params.minimum.value}`)).toEqual([]);
  });

  it("that exclude each other are an error", () => {
    const least = costs.bounds("params").minimum.value;
    const most = costs.bounds("macs").maximum.value;
    expect(titles(`subject to params <= ${least}, macs >= ${most}`)).toEqual(["NAS5032 error no architecture meets all budgets at once"]);
  });

  it("are judged alike by proof alone and after a look at random architectures, wherever the bound lies", () => {
    const tally = new Map<string, number>();
    const middle = totals.map(({ macs }) => macs).sort((a, b) => a - b)[totals.length >> 1]!;
    for (const metric of ["params", "multiplies", "energy"] as const) {
      const values = [...new Set(totals.map((total) => total[metric]))].sort((a, b) => a - b);
      for (const relation of ["<=", ">="] as const) {
        for (const bound of [values[0]! * 0.9, values[0]!, values[1]! * 1.0001, values[values.length >> 1]!, values.at(-1)!, values.at(-1)! * 1.1]) {
          const budgets = `subject to ${metric} ${relation} ${metric === "energy" ? `${bound * 1e12}pJ` : Math.round(bound)}, macs >= ${middle}`;
          const program = programOf(budgets);
          const plan = program.searches.get("Main")!;
          const proven = checkBudgets(plan, spaceCosts(plan.space, createCostModel(plan.accelerator)));
          expect(checkProgramBudgets(program), budgets).toEqual(proven);
          for (const { code } of proven.length === 0 ? [{ code: "none" }] : proven) tally.set(code, (tally.get(code) ?? 0) + 1);
        }
      }
    }
    expect([...tally.keys()].sort()).toEqual(["NAS5030", "NAS5031", "NAS5032", "none"]);
  });
});
