/** From a plan to its explorer and ranker, wired to a space and its exact costs. */
import { costBudgets } from "../hw/cost-budgets.js";
import { isMetricName } from "../hw/metrics.js";
import type { SpaceCosts } from "../hw/space-costs.js";
import type { SearchPlan } from "../ir/plan.js";
import type { SpaceQueries } from "../ir/space-queries.js";
import type { Architecture } from "../ir/space.js";
import { randomStream } from "../random/stream.js";
import { budgetFilter } from "./budget-filter.js";
import { candidateSpace } from "./candidates.js";
import { decisionFeatures } from "./decisions.js";
import { createEvolution } from "./evolution.js";
import type { DrawsWithin, Explorer, ExplorerOptions, Ranker } from "./explorer.js";
import { createLambdaRank } from "./lambdarank.js";
import { createRandomExplorer } from "./random-explorer.js";

const WEAK_EXAMPLES = 300;

/** Labels of the plan that are exact costs: cheap enough to label architectures that are never evaluated. */
function weakMetrics(plan: SearchPlan): string[] {
  return plan.ranker.labels.filter(isMetricName);
}

export function rankerFor(plan: SearchPlan, costs: SpaceCosts, queries: SpaceQueries, seed: number): Ranker | undefined {
  switch (plan.ranker.kind) {
    case "none": return undefined;
    case "lambdarank": {
      const named = [...plan.objectives, ...plan.budgets].map((aim) => aim.metric).filter(isMetricName);
      const weak = weakMetrics(plan);
      const random = randomStream(seed, "weak labels");
      const architectures = weak.length === 0 ? [] : Array.from({ length: WEAK_EXAMPLES }, () => queries.samplePath(random));
      const examples = costs.costsOf(architectures).map((own, index) => ({ architecture: architectures[index]!, costs: own }));
      return createLambdaRank({ features: decisionFeatures(plan.space, queries), costs: [...new Set([...named, "params", "energy"])], seed, weak: { metrics: weak, examples } });
    }
    default: { const never: never = plan.ranker.kind; throw new Error(`ranker ${String(never)}`); }
  }
}

/** The extreme members by each budgeted cost, the nearest to being feasible. */
export function anchorsFor(plan: SearchPlan, costs: SpaceCosts): Architecture[] {
  return plan.budgets.flatMap(({ metric, relation }) => {
    if (!isMetricName(metric)) return [];
    const bounds = costs.bounds(metric);
    return [(relation === "<=" ? bounds.minimum : bounds.maximum).architecture];
  });
}

/** Draws that are looked at for one within the budgets, at most, before walking outwards from the cheapest is the better way. */
const LOOKED_AT = 100n;

/**
 * Where the count under the budgets is sampled, draws are random ones thrown away until one is within: no better than what was tried
 * before. The same where costs had to be rounded so far that few of those that may be within are.
 */
export function drawsWithin(plan: SearchPlan, costs: SpaceCosts): DrawsWithin | undefined {
  const budgets = costBudgets(plan.budgets);
  const within = budgets.length === 0 ? undefined : costs.within(budgets);
  if (within === undefined || within.how === "sampled" || within.least === undefined || within.most === undefined) return undefined;
  if (within.least * LOOKED_AT < within.most) return undefined;
  return { count: within.least === within.most ? within.least : undefined, draw: (draws, random) => within.drawMany(draws, random) };
}

export function explorerFor(plan: SearchPlan, costs: SpaceCosts, queries: SpaceQueries, seed: number): Explorer {
  const ranker = rankerFor(plan, costs, queries, seed);
  const sideOf = budgetFilter(costs, plan.budgets);
  const options: ExplorerOptions = {
    space: candidateSpace(plan.space, queries), costsOf: (architectures) => costs.costsOf(architectures), budgets: plan.budgets, objectives: plan.objectives, plan: plan.explore, seed,
    anchors: anchorsFor(plan, costs), within: () => drawsWithin(plan, costs), ...(ranker === undefined ? {} : { ranker }), ...(sideOf === undefined ? {} : { sideOf }),
  };
  switch (plan.explore.kind) {
    case "evolution": return createEvolution(options);
    case "random": return createRandomExplorer(options);
    default: { const never: never = plan.explore.kind; throw new Error(`explorer ${String(never)}`); }
  }
}
