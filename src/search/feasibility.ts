/** What can be refused before anything is trained: metrics that do not exist and budgets that no architecture meets. */
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import { formatMetric, isMetricName, metricNames } from "../hw/metrics.js";
import type { SpaceCosts } from "../hw/space-costs.js";
import type { Budget, SearchPlan } from "../ir/plan.js";
import type { SpaceQueries } from "../ir/space-queries.js";
import { explorerFor } from "./strategies.js";

function unknownMetrics(plan: SearchPlan): Diagnostic[] {
  return [...plan.objectives, ...plan.budgets].filter(({ metric }) => metric !== "accuracy" && !isMetricName(metric)).map(({ metric, span }) => diagnostic("NAS7026", {
    title: `there is no metric \`${metric}\``, ...(span ? { at: span, label: "not a metric" } : {}), help: `metrics are accuracy, ${metricNames.join(", ")}`,
  }));
}

function unreachable(plan: SearchPlan, costs: SpaceCosts, budget: Budget): Diagnostic | undefined {
  if (!isMetricName(budget.metric)) return undefined;
  const bounds = costs.bounds(budget.metric);
  const upper = budget.relation === "<=";
  const nearest = (upper ? bounds.minimum : bounds.maximum).value;
  // Sampled bounds prove nothing: leave the verdict to the search.
  if (!bounds.proven) return undefined;
  if (upper ? nearest <= budget.bound : nearest >= budget.bound) return undefined;
  return diagnostic("NAS7020", {
    title: `no architecture meets \`${budget.text}\``, ...(budget.span ? { at: budget.span, label: `the ${upper ? "least" : "greatest"} ${budget.metric} is ${formatMetric(budget.metric, nearest)}` } : {}),
    why: `over all architectures of \`${plan.space.name}\` the ${upper ? "least" : "greatest"} ${budget.metric} is ${formatMetric(budget.metric, nearest)}; the bound is ${formatMetric(budget.metric, budget.bound)}`,
    help: `${upper ? "raise" : "lower"} the bound to at least that, or give the space ${upper ? "cheaper" : "larger"} options`,
  });
}

/** The explorer's first question, asked on trial: a search that finds nothing to evaluate should fail before it trains. */
function nothingFeasible(plan: SearchPlan, costs: SpaceCosts, queries: SpaceQueries, seed: number): Diagnostic | undefined {
  const { candidates } = explorerFor({ ...plan, ranker: { kind: "none", labels: [] } }, costs, queries, seed).ask(1);
  if (candidates.length > 0) return undefined;
  const each = plan.budgets.filter(({ metric }) => isMetricName(metric)).map((budget) => {
    if (!isMetricName(budget.metric)) return budget.text;
    const { minimum, maximum } = costs.bounds(budget.metric);
    return `\`${budget.text}\` (the space has ${formatMetric(budget.metric, minimum.value)} to ${formatMetric(budget.metric, maximum.value)})`;
  });
  const [first] = plan.budgets;
  return diagnostic("NAS7021", {
    title: "no architecture within all budgets was found", ...(first?.span ? { at: first.span, label: "together with the other budgets" } : {}),
    why: `tried random architectures and the surroundings of the cheapest ones against ${each.join(" and ")}`, help: "loosen one of the bounds",
  });
}

/** Success, or why there is nothing to search. */
export function checkAims(plan: SearchPlan, costs: SpaceCosts, queries: SpaceQueries, seed: number): Result<true> {
  const unknown = unknownMetrics(plan);
  if (unknown.length > 0) return failure(...unknown);
  const out = plan.budgets.flatMap((budget) => unreachable(plan, costs, budget) ?? []);
  if (out.length > 0) return failure(...out);
  const nothing = nothingFeasible(plan, costs, queries, seed);
  return nothing === undefined ? success(true) : failure(nothing);
}

/** Whether a failure means that no candidate is feasible (exit code 3). */
export function isInfeasible(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ code }) => code === "NAS7020" || code === "NAS7021");
}
