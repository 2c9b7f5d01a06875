/**
 * Says of most architectures whether they keep the budgets by looking them up in the joined cost tables, without pricing them node by
 * node. Those sums are rounded in another order than exact costs: what lies on a bound is left to them, so that a search asks the same
 * with it and without.
 */
import type { BatchCosts } from "../hw/batch-costs.js";
import { costBudgets, sideOfBudget, type BudgetSide } from "../hw/cost-budgets.js";
import type { SpaceCosts } from "../hw/space-costs.js";
import type { Budget } from "../ir/plan.js";
import type { Architecture } from "../ir/space.js";

/** `within` and `beyond` are certain; `bound` is for exact costs to decide. For canonical architectures. */
export type BudgetFilter = (architecture: Architecture) => BudgetSide;

/** Undefined where no budget is on a cost; decides nothing where a table of one is too wide to list. */
export function budgetFilter(costs: Pick<SpaceCosts, "batch">, budgets: readonly Budget[]): BudgetFilter | undefined {
  const priced = costBudgets(budgets);
  if (priced.length === 0) return undefined;
  const metrics = [...new Set(priced.map(({ metric }) => metric))];
  const limits = priced.map((budget) => ({ column: metrics.indexOf(budget.metric), budget }));
  const row = new Float64Array(metrics.length);
  let batch: BatchCosts | undefined;
  let joined = false;
  return (architecture) => {
    // The tables are joined when the first architecture comes.
    if (!joined) { batch = costs.batch(metrics); joined = true; }
    if (batch === undefined) return "bound";
    batch.evaluate(architecture, 1, row);
    let side: BudgetSide = "within";
    for (const { column, budget } of limits) {
      const own = sideOfBudget(budget, row[column]!);
      if (own === "beyond") return own;
      if (own === "bound") side = own;
    }
    return side;
  };
}
