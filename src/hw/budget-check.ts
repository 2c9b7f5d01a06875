/**
 * Are the budgets of a search worth declaring? One that no architecture meets leaves nothing to search, one that all meet says nothing:
 * both are known from the exact bounds of the costs, before anything is trained.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import type { Budget, CheckedProgram, SearchPlan } from "../ir/plan.js";
import { spaceQueries } from "../ir/space-queries.js";
import { createCostModel } from "./cost-model.js";
import { formatMetric, isMetricName } from "./metrics.js";
import { spaceCosts, type MetricBudget, type SpaceCosts } from "./space-costs.js";

/** Elementary steps per question: a check should not take longer than reading the result. */
const STEP_LIMIT = 1 << 18;

/** The budgets on costs; accuracy is no cost. */
export function costBudgets(budgets: readonly Budget[]): (Budget & MetricBudget)[] {
  return budgets.flatMap((budget) => (isMetricName(budget.metric) ? [{ ...budget, metric: budget.metric }] : []));
}

function unreachable(plan: SearchPlan, { metric, relation, bound, text, span }: Budget & MetricBudget, nearest: number): Diagnostic {
  const upper = relation === "<=";
  const [which, have] = [upper ? "least" : "greatest", formatMetric(metric, nearest)];
  return diagnostic("NAS5030", {
    title: `no architecture meets \`${text}\``, ...(span ? { at: span, label: `the ${which} ${metric} is ${have}` } : {}),
    why: `over all architectures of \`${plan.space.name}\` on \`${plan.accelerator.name}\` the ${which} ${metric} is ${have}; the bound is ${formatMetric(metric, bound)}`,
    help: `${upper ? "raise" : "lower"} the bound to at ${upper ? "least" : "most"} that, or give the space ${upper ? "cheaper" : "larger"} options`,
  });
}

function idle(plan: SearchPlan, { metric, relation, bound, text, span }: Budget & MetricBudget, farthest: number): Diagnostic {
  const upper = relation === "<=";
  const [which, have] = [upper ? "greatest" : "least", formatMetric(metric, farthest)];
  return diagnostic("NAS5031", {
    severity: "warning", title: `every architecture meets \`${text}\``, ...(span ? { at: span, label: `the ${which} ${metric} is ${have}` } : {}),
    why: `over all architectures of \`${plan.space.name}\` on \`${plan.accelerator.name}\` the ${which} ${metric} is ${have}; the bound is ${formatMetric(metric, bound)}`,
    help: `${upper ? "lower" : "raise"} the bound ${upper ? "below" : "above"} that, or leave the budget out`,
  });
}

function together(plan: SearchPlan, budgets: readonly (Budget & MetricBudget)[]): Diagnostic {
  const [first, ...others] = budgets;
  return diagnostic("NAS5032", {
    title: "no architecture meets all budgets at once", ...(first?.span ? { at: first.span, label: "this budget" } : {}),
    causes: others.flatMap(({ span }) => (span ? [{ span, text: "and this one" }] : [])),
    why: `each can be met, but no architecture of \`${plan.space.name}\` meets ${budgets.map(({ text }) => `\`${text}\``).join(" and ")} together`, help: "loosen one of the bounds",
  });
}

/** What is wrong with the budgets of one search. Where nothing can be proven it says nothing. */
export function checkBudgets(plan: SearchPlan, costs: SpaceCosts): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const biting: (Budget & MetricBudget)[] = [];
  for (const budget of costBudgets(plan.budgets)) {
    const known = costs.provenBounds(budget.metric);
    if (known === undefined) continue;
    const { minimum, maximum } = known;
    const [nearest, farthest] = budget.relation === "<=" ? [minimum.value, maximum.value] : [maximum.value, minimum.value];
    const meets = (value: number): boolean => (budget.relation === "<=" ? value <= budget.bound : value >= budget.bound);
    if (!meets(nearest)) found.push(unreachable(plan, budget, nearest));
    else if (meets(farthest)) found.push(idle(plan, budget, farthest));
    else biting.push(budget);
  }
  if (biting.length > 1 && !found.some(({ severity }) => severity === "error") && costs.anyWithin(biting) === false) found.push(together(plan, biting));
  return found;
}

/** The budgets of every search of a program. */
export function checkProgramBudgets(program: CheckedProgram): readonly Diagnostic[] {
  return [...program.searches.values()].flatMap((plan) => {
    if (costBudgets(plan.budgets).length === 0) return [];
    return checkBudgets(plan, spaceCosts(plan.space, createCostModel(plan.accelerator), spaceQueries(plan.space, STEP_LIMIT)));
  });
}
