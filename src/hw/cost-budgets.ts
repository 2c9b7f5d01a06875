/** Budgets on costs, and on which side of one a cost lies. */
import type { Budget } from "../ir/plan.js";
import { isMetricName, type MetricName } from "./metrics.js";

export interface MetricBudget { readonly metric: MetricName; readonly relation: "<=" | ">="; readonly bound: number }

export type CostBudget = Budget & MetricBudget;

/** Far above what another order of adding changes, far below what a budget is stated to. */
const ROUNDING = 1e-9;

/** The budgets on costs; accuracy is no cost. */
export function costBudgets(budgets: readonly Budget[]): CostBudget[] {
  return budgets.filter((budget): budget is CostBudget => isMetricName(budget.metric));
}

export function keepsBudget({ relation, bound }: MetricBudget, value: number): boolean {
  return relation === "<=" ? value <= bound : value >= bound;
}

export type BudgetSide = "within" | "bound" | "beyond";

/** `bound`: so close to it that sums rounded in another order may lie on the other side. */
export function sideOfBudget({ relation, bound }: MetricBudget, value: number): BudgetSide {
  const beyond = relation === "<=" ? value - bound : bound - value;
  if (Math.abs(beyond) <= ROUNDING * Math.max(Math.abs(value), Math.abs(bound))) return "bound";
  return beyond > 0 ? "beyond" : "within";
}
