/**
 * Are the budgets of a search worth declaring? One that no architecture meets leaves nothing to search, one that all meet says nothing.
 * Where a few random architectures already show neither to be so, nothing is left to prove; else the exact bounds of the costs decide.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import type { Accelerator, CheckedProgram, SearchPlan } from "../ir/plan.js";
import { bind } from "../ir/bind.js";
import { spaceQueries, type SpaceQueries } from "../ir/space-queries.js";
import { randomStream } from "../random/stream.js";
import { costBudgets, keepsBudget, sideOfBudget, type CostBudget } from "./cost-budgets.js";
import { createCostModel, type CostModel } from "./cost-model.js";
import { formatMetric } from "./metrics.js";
import { coupledMetrics, spaceCosts, type SpaceCosts } from "./space-costs.js";

/** Elementary steps per question, asked only where random architectures leave doubt: about a second. */
const STEP_LIMIT = 1 << 24;

/** Draws, and architectures that come of them, before anything is proven. */
const DRAWS = 500;
const WITNESSES = 60;

function unreachable(plan: SearchPlan, { metric, relation, bound, text, span }: CostBudget, nearest: number): Diagnostic {
  const upper = relation === "<=";
  const [which, have] = [upper ? "least" : "greatest", formatMetric(metric, nearest)];
  return diagnostic("NAS5030", {
    title: `no architecture meets \`${text}\``, ...(span ? { at: span, label: `the ${which} ${metric} is ${have}` } : {}),
    why: `over all architectures of \`${plan.space.name}\` on \`${plan.accelerator.name}\` the ${which} ${metric} is ${have}; the bound is ${formatMetric(metric, bound)}`,
    help: `${upper ? "raise" : "lower"} the bound to at ${upper ? "least" : "most"} that, or give the space ${upper ? "cheaper" : "larger"} options`,
  });
}

function idle(plan: SearchPlan, { metric, relation, bound, text, span }: CostBudget, farthest: number): Diagnostic {
  const upper = relation === "<=";
  const [which, have] = [upper ? "greatest" : "least", formatMetric(metric, farthest)];
  return diagnostic("NAS5031", {
    severity: "warning", title: `every architecture meets \`${text}\``, ...(span ? { at: span, label: `the ${which} ${metric} is ${have}` } : {}),
    why: `over all architectures of \`${plan.space.name}\` on \`${plan.accelerator.name}\` the ${which} ${metric} is ${have}; the bound is ${formatMetric(metric, bound)}`,
    help: `${upper ? "lower" : "raise"} the bound ${upper ? "below" : "above"} that, or leave the budget out`,
  });
}

function together(plan: SearchPlan, budgets: readonly CostBudget[]): Diagnostic {
  const [first, ...others] = budgets;
  return diagnostic("NAS5032", {
    title: "no architecture meets all budgets at once", ...(first?.span ? { at: first.span, label: "this budget" } : {}),
    causes: others.flatMap(({ span }) => (span ? [{ span, text: "and this one" }] : [])),
    why: `each can be met, but no architecture of \`${plan.space.name}\` meets ${budgets.map(({ text }) => `\`${text}\``).join(" and ")} together`, help: "loosen one of the bounds",
  });
}

/** Costs of whole networks have no bounds over a space: such a budget may be out of reach, and only the search finds out. */
function notProven(plan: SearchPlan, { metric, text, span }: CostBudget): Diagnostic {
  return diagnostic("NAS5005", {
    severity: "warning", title: `nothing is proven about \`${text}\``, ...(span ? { at: span, label: `${metric} is of whole networks` } : {}),
    why: `on \`${plan.accelerator.name}\` what a layer costs depends on all others, so \`${plan.space.name}\` has no exact bounds of ${metric}: whether any architecture meets the budget shows in the search`,
    help: `look at some networks with \`nasc cost\`, or at the sampled bounds of \`nasc info\``,
  });
}

/** What random architectures show of some budgets. */
interface Witnessed {
  /** Some are within it and some are not: it is neither unreachable nor idle. */
  readonly bites: ReadonlySet<CostBudget>;
  /** One is within all of them. */
  readonly together: boolean;
}

const NOTHING_WITNESSED: Witnessed = { bites: new Set(), together: false };

function witness({ space }: SearchPlan, model: CostModel, queries: SpaceQueries, budgets: readonly CostBudget[]): Witnessed {
  const random = randomStream(0, "budget witnesses");
  const met = new Set<CostBudget>();
  const missed = new Set<CostBudget>();
  let together = false;
  const open = (): boolean => !together || met.size < budgets.length || missed.size < budgets.length;
  let witnesses = 0;
  for (let draw = 0; draw < DRAWS && witnesses < WITNESSES && open(); draw++) {
    const architecture = queries.tryPath(random);
    if (architecture === undefined) continue;
    witnesses++;
    const { totals } = model.forArchitecture(space, architecture).netCost(bind(space, architecture));
    let all = true;
    for (const budget of budgets) {
      const side = sideOfBudget(budget, totals[budget.metric]);
      if (side === "beyond") missed.add(budget);
      if (side === "within") met.add(budget);
      else all = false;
    }
    together ||= all;
  }
  return { bites: new Set(budgets.filter((budget) => met.has(budget) && missed.has(budget))), together };
}

/** What is wrong with the budgets of one search. Where nothing can be proven it says nothing. */
export function checkBudgets(plan: SearchPlan, costs: SpaceCosts, { bites, together: reached }: Witnessed = NOTHING_WITNESSED): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const biting: CostBudget[] = [];
  for (const budget of costBudgets(plan.budgets)) {
    const known = bites.has(budget) ? undefined : costs.provenBounds(budget.metric);
    if (bites.has(budget)) biting.push(budget);
    if (known === undefined) continue;
    const { minimum, maximum } = known;
    const [nearest, farthest] = budget.relation === "<=" ? [minimum.value, maximum.value] : [maximum.value, minimum.value];
    if (!keepsBudget(budget, nearest)) found.push(unreachable(plan, budget, nearest));
    else if (keepsBudget(budget, farthest)) found.push(idle(plan, budget, farthest));
    else biting.push(budget);
  }
  if (biting.length > 1 && !reached && !found.some(({ severity }) => severity === "error") && costs.anyWithin(biting) === false) found.push(together(plan, biting));
  return found;
}

/** An accelerator on which shapes are counted alone. */
function unmapped({ mapper, predictor, balancedArea, sharing, variants, ...rest }: Accelerator): Accelerator {
  return { ...rest, ...(variants === undefined ? {} : { variants: variants.map(({ accelerator, fits }) => ({ accelerator: unmapped(accelerator), fits })) }) };
}

/** The budgets of every search of a program. */
export function checkProgramBudgets(program: CheckedProgram): readonly Diagnostic[] {
  return [...program.searches.values()].flatMap((plan) => {
    const whole = createCostModel(plan.accelerator);
    // Nothing is proven about costs of whole networks; other costs are the same without mappings.
    const open = costBudgets(plan.budgets).filter(({ metric }) => whole.coupled && coupledMetrics.includes(metric));
    const unproven = open.map((budget) => notProven(plan, budget));
    const budgets = costBudgets(plan.budgets).filter((budget) => !open.includes(budget));
    if (budgets.length === 0) return unproven;
    const model = whole.coupled ? createCostModel(unmapped(plan.accelerator)) : whole;
    const queries = spaceQueries(plan.space, STEP_LIMIT);
    const witnessed = witness(plan, model, queries, budgets);
    // The tables of a large space take longer than all its witnesses.
    if (witnessed.together && witnessed.bites.size === budgets.length) return unproven;
    return [...unproven, ...checkBudgets({ ...plan, budgets }, spaceCosts(plan.space, model, queries), witnessed)];
  });
}
