/** Budgets by joined tables: nothing wrong is said, and a search asks the same with them and plain. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCostModel } from "../../src/hw/cost-model.js";
import { spaceCosts } from "../../src/hw/space-costs.js";
import type { Budget } from "../../src/ir/plan.js";
import type { Architecture } from "../../src/ir/space.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { budgetFilter } from "../../src/search/budget-filter.js";
import { candidateSpace } from "../../src/search/candidates.js";
import { brokenBudgets } from "../../src/search/dominance.js";
import { createEvolution } from "../../src/search/evolution.js";
import type { Explorer, ExplorerOptions } from "../../src/search/explorer.js";
import { createRandomExplorer } from "../../src/search/random-explorer.js";
import { programOf } from "../ir/check/programs.js";

const samples = ["samples/quickstart.nas", "samples/mobile-hybrid.nas", "samples/hybrid-fashion.nas"];

function setUp(file: string) {
  const [plan] = [...programOf(readFileSync(file, "utf8")).searches.values()];
  const queries = spaceQueries(plan!.space);
  const costs = spaceCosts(plan!.space, createCostModel(plan!.accelerator), queries);
  const random = randomStream(3, "budget filter");
  const drawn = Array.from({ length: 200 }, () => queries.samplePath(random));
  /** A bound that one of the drawn networks meets to the bit, and a third of them keep. */
  const edge = (metric: "energy" | "latency" | "params", relation: "<=" | ">="): Budget => {
    const sorted = drawn.map((architecture) => costs.costOf(architecture)[metric]).sort((a, b) => a - b);
    return { metric, relation, bound: sorted[Math.floor(sorted.length * (relation === "<=" ? 1 / 3 : 2 / 3))]!, text: `${metric} ${relation}` };
  };
  return { plan: plan!, queries, costs, drawn, edge };
}

describe.each(samples)("budgets by joined tables: %s", (file) => {
  const { plan, queries, costs, drawn, edge } = setUp(file);

  it.each(["energy", "latency", "params"] as const)("refuse what is over in %s and nothing else", (metric) => {
    for (const relation of ["<=", ">="] as const) {
      const budgets = [edge(metric, relation)];
      const sideOf = budgetFilter(costs, budgets)!;
      const broken = drawn.filter((architecture) => brokenBudgets(budgets, costs.costOf(architecture)).length > 0);
      expect(broken.length).toBeGreaterThan(0);
      expect(drawn.filter((architecture) => sideOf(architecture) === "beyond")).toEqual(broken);
    }
  });

  it.each([["random", createRandomExplorer], ["evolution", createEvolution]] as const)("leave what %s asks as it is, and price less", (_, make: (options: ExplorerOptions) => Explorer) => {
    const budgets = [edge("energy", "<="), edge("params", "<=")];
    const run = (filter: boolean): { readonly asked: readonly Architecture[]; readonly priced: number } => {
      let priced = 0;
      const explorer = make({
        space: candidateSpace(plan.space, queries), costsOf: (architectures) => { priced += architectures.length; return costs.costsOf(architectures); }, budgets, plan: plan.explore, seed: 7,
        objectives: [{ metric: "accuracy", direction: "maximize" }], ...(filter ? { sideOf: budgetFilter(costs, budgets)! } : {}),
      });
      const asked = [1, 2, 3].flatMap(() => {
        const { candidates } = explorer.ask(8);
        explorer.tell(candidates.map((candidate) => ({ ...candidate, accuracy: (candidate.architecture.reduce((sum, option, gene) => sum + option * (gene % 3), 0) % 17) / 17 })));
        return candidates.map(({ architecture }) => architecture);
      });
      return { asked, priced };
    };
    const plain = run(false);
    const filtered = run(true);
    expect(filtered.asked).toEqual(plain.asked);
    expect(filtered.asked.length).toBeGreaterThan(0);
    expect(filtered.priced).toBeLessThan(plain.priced);
  });

  it("say nothing where no budget is on a cost", () => {
    expect(budgetFilter(costs, [{ metric: "accuracy", relation: ">=", bound: 0.5, text: "accuracy >= 0.5" }])).toBeUndefined();
  });
});

describe("tables too wide to list", () => {
  it("refuse nothing", () => {
    expect(budgetFilter({ batch: () => undefined }, [{ metric: "params", relation: "<=", bound: 0, text: "params <= 0" }])!([0, 1])).toBe("bound");
  });
});
