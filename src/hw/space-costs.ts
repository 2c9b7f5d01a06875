/**
 * The costs of every architecture of a space at once. An architecture's cost is a sum of look-ups in the tables of its nodes; bounds,
 * budgets, histograms and best networks are eliminations over the same tables. Where a graph is too wide for that, the answer comes from
 * random architectures and says how far it may be off.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import { randomStream, type RandomStream } from "../random/stream.js";
import { bind } from "../ir/bind.js";
import type { Architecture, Space } from "../ir/space.js";
import { spaceQueries, type CostBudget, type CostTerm, type SpaceQueries } from "../ir/space-queries.js";
import { batchCosts, type BatchCosts } from "./batch-costs.js";
import { keepsBudget, type MetricBudget } from "./cost-budgets.js";
import type { CostModel, Totals } from "./cost-model.js";
import { exactTotals } from "./exact-totals.js";
import { metricNames, type MetricName } from "./metrics.js";
import { CELL_LIMIT, metricOf, spaceTables, term, type NodeCosts, type Term } from "./node-tables.js";
import { repeated, sampledBest, sampledHistogram, sampledWithin, type BestArchitecture, type CostHistogram, type WithinCosts } from "./sampled-costs.js";

export type { NodeCosts } from "./node-tables.js";
export type { MetricBudget } from "./cost-budgets.js";
export type { BestArchitecture, CostHistogram, WithinCosts } from "./sampled-costs.js";

export interface CostBounds {
  readonly minimum: { readonly value: number; readonly architecture: Architecture };
  readonly maximum: { readonly value: number; readonly architecture: Architecture };
  /** Both values are attained by their architectures and nothing is beyond them. */
  readonly exact: boolean;
  /** Nothing is beyond the values, though the minimum may not be attained (`period`). False where random architectures were all there was. */
  readonly proven: boolean;
}

export interface SpaceCosts {
  readonly model: CostModel;
  readonly nodes: readonly NodeCosts[];
  readonly warnings: readonly Diagnostic[];
  /** Equal to `model.netCost(bind(space, architecture)).totals` up to rounding. */
  costOf(architecture: Architecture): Totals;
  /** The same of many, in their order and to the bit. */
  costsOf(architectures: readonly Architecture[]): readonly Totals[];
  /** The costs of many architectures at once; undefined where some table is too wide to list. */
  batch(metrics: readonly MetricName[]): BatchCosts | undefined;
  bounds(metric: MetricName): CostBounds;
  /** The same where it can be proven, and nothing where random architectures would have to answer. */
  provenBounds(metric: MetricName): CostBounds | undefined;
  /**
   * The sums whose greatest is the metric: one for additive metrics, one per chunk and one for the external memory for `period`;
   * undefined where some table is too wide to list.
   */
  partsOf(metric: MetricName): readonly (readonly CostTerm[])[] | undefined;
  /** The architectures within all budgets: how many, and uniform draws among them. */
  within(budgets: readonly MetricBudget[]): WithinCosts;
  /** Whether any architecture is within all budgets; undefined where that is not decided. */
  anyWithin(budgets: readonly MetricBudget[]): boolean | undefined;
  histogram(metric: MetricName, bins?: number): CostHistogram;
  /** The architecture with the least (or greatest) metric within the budgets; undefined where none was found. */
  best(metric: MetricName, direction: "minimize" | "maximize", budgets: readonly MetricBudget[]): BestArchitecture | undefined;
}

const SAMPLES = 2000;
const COUPLED_SAMPLES = 200;

/** What depends on the other layers where the cost of a layer does: the rest is counted by shapes alone. */
export const coupledMetrics: readonly MetricName[] = ["energy", "latency", "period"];

const BINS = 20;

type AdditiveMetric = Exclude<MetricName, "period">;

const negated = (terms: readonly CostTerm[]): CostTerm[] => terms.map(({ scope, cells }) => ({ scope, cells: Float64Array.from(cells, (cell) => -cell) }));

/** Each metric's answer is computed when it is first asked for. */
function remembering<T>(compute: (metric: MetricName) => T): (metric: MetricName) => T {
  const known = new Map<MetricName, { readonly answer: T }>();
  return (metric) => {
    const found = known.get(metric) ?? { answer: compute(metric) };
    known.set(metric, found);
    return found.answer;
  };
}

/** Networks priced as wholes, each once. */
function wholeTotals(space: Space, model: CostModel): (architectures: readonly Architecture[]) => Totals[] {
  const known = new Map<string, Totals>();
  return (architectures) => architectures.map((architecture) => {
    const key = architecture.join();
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = model.forArchitecture(space, architecture).netCost(bind(space, architecture)).totals));
    return found;
  });
}

export function spaceCosts(space: Space, model: CostModel, queries: SpaceQueries = spaceQueries(space)): SpaceCosts {
  const tables = spaceTables(space, model);
  const { nodes, params, size } = tables;
  const samples = model.coupled ? COUPLED_SAMPLES : SAMPLES;
  const costsOf = model.coupled ? wholeTotals(space, model) : exactTotals(space, tables, (architecture) => queries.assignment(architecture));
  const costOf = (architecture: Architecture): Totals => costsOf([architecture])[0]!;

  const termsOf = (metric: AdditiveMetric): readonly Term[] => (metric === "params" ? params : metric === "size" ? size : nodes.map((node) => term(node, (cost) => metricOf(cost, metric))));

  /** All tables, or nothing where one is too wide to list. */
  const listed = (terms: readonly Term[]): CostTerm[] | undefined => {
    const found = terms.flatMap(({ scope, cells }) => (cells === undefined ? [] : [{ scope, cells }]));
    return found.length < terms.length ? undefined : found;
  };

  const computeParts = (metric: MetricName): readonly (readonly CostTerm[])[] | undefined => {
    if (model.coupled && coupledMetrics.includes(metric)) return undefined;
    if (metric !== "period") {
      const terms = listed(termsOf(metric));
      return terms && [terms];
    }
    const units = [...new Set(nodes.flatMap((node) => (node.cells ?? []).flatMap((cost) => (cost ? [cost.chunk] : []))))];
    const parts = [
      ...units.map((unit) => listed(nodes.map((node) => term(node, (cost) => (cost.chunk === unit ? cost.latency : 0))))),
      listed(nodes.map((node) => term(node, (cost) => cost.externalTime))),
    ].filter((part) => part !== undefined);
    // A unit that is never busy bounds nothing.
    return parts.length < units.length + 1 ? undefined : parts.filter((part, at) => at === units.length || part.some(({ cells }) => Array.from(cells).some((cell) => cell !== 0)));
  };
  const partsOf = remembering(computeParts);

  const sampled = (metric: MetricName): CostBounds => {
    const random = randomStream(0, `cost bounds/${metric}`);
    const first = queries.samplePath(random);
    let minimum = { value: costOf(first)[metric], architecture: first };
    let maximum = minimum;
    for (let i = 1; i < samples; i++) {
      const architecture = queries.samplePath(random);
      const value = costOf(architecture)[metric];
      if (value < minimum.value) minimum = { value, architecture };
      if (value > maximum.value) maximum = { value, architecture };
    }
    return { minimum, maximum, exact: false, proven: false };
  };

  /** Exact extremes of a sum of terms; undefined where the graph is too wide. */
  const extremes = (terms: readonly CostTerm[]): CostBounds | undefined => {
    const minimum = queries.extreme(terms, "minimum");
    const maximum = minimum && queries.extreme(terms, "maximum");
    return minimum && maximum ? { minimum, maximum, exact: true, proven: true } : undefined;
  };

  /**
   * A period is a maximum over chunks: its greatest value is the greatest of any, its least is at least the greatest of the leasts, and
   * where no network attains that, the best point of the Pareto front over all chunks.
   */
  const periodBounds = (): CostBounds | undefined => {
    const sums = partsOf("period");
    const parts = sums?.map(extremes).filter((part) => part !== undefined);
    if (sums === undefined || parts === undefined || parts.length < sums.length || parts.length === 0) return undefined;
    const value = (architecture: Architecture): { value: number; architecture: Architecture } => ({ value: costOf(architecture).period, architecture });
    const least = (architectures: readonly Architecture[]): { value: number; architecture: Architecture } => architectures.map(value).reduce((best, next) => (next.value < best.value ? next : best));
    const maximum = parts.map((part) => value(part.maximum.architecture)).reduce((best, next) => (next.value > best.value ? next : best));
    const floor = Math.max(...parts.map((part) => part.minimum.value));
    const attained = least(parts.map((part) => part.minimum.architecture));
    if (attained.value <= floor * (1 + 1e-12)) return { minimum: attained, maximum, exact: true, proven: true };
    const front = queries.front(sums, sums.map(() => attained.value));
    if (front !== undefined && front.length > 0) return { minimum: least(front), maximum, exact: true, proven: true };
    return { minimum: { value: floor, architecture: attained.architecture }, maximum, exact: false, proven: true };
  };

  const additiveBounds = (metric: AdditiveMetric): CostBounds | undefined => {
    const parts = partsOf(metric)?.[0];
    return parts && extremes(parts);
  };
  const provenBounds = remembering((metric) => (metric === "period" ? periodBounds() : additiveBounds(metric)));
  const bounds = remembering((metric): CostBounds => provenBounds(metric) ?? sampled(metric));

  /** Budgets as sums; `all`: they say everything that the budgets say (at least so much of a maximum cannot be said so). */
  const asSums = (budgets: readonly MetricBudget[]): { readonly sums: readonly CostBudget[]; readonly all: boolean } | undefined => {
    const sums: CostBudget[] = [];
    let all = true;
    for (const { metric, relation, bound } of budgets) {
      const parts = partsOf(metric);
      if (parts === undefined) return undefined;
      if (relation === "<=") sums.push(...parts.map((terms) => ({ terms, bound })));
      else if (parts.length === 1) sums.push({ terms: negated(parts[0]!), bound: -bound });
      else all = false;
    }
    return { sums, all };
  };

  const inside = (budgets: readonly MetricBudget[]) => (architecture: Architecture): boolean => {
    const totals = costOf(architecture);
    return budgets.every((budget) => keepsBudget(budget, totals[budget.metric]));
  };

  const within = (budgets: readonly MetricBudget[]): WithinCosts => {
    const sums = asSums(budgets);
    const holds = inside(budgets);
    const found = sums && queries.within(sums.sums, { holds, stricter: !sums.all });
    if (found === undefined) return sampledWithin(queries, holds, samples);
    const { least, most, exact } = found;
    const draw = (random: RandomStream): Architecture | undefined => found.draw(random);
    return { least, most, how: exact ? "exact" : "bracketed", confidence: 1, draw, drawMany: repeated(draw) };
  };

  const anyWithin = (budgets: readonly MetricBudget[]): boolean | undefined => {
    const holds = inside(budgets);
    // The anchors first: often one of the cheapest networks is within everything.
    if (budgets.some(({ metric, relation }) => { const { minimum, maximum } = bounds(metric); return holds((relation === "<=" ? minimum : maximum).architecture); })) return true;
    const sums = asSums(budgets);
    const front = sums && queries.front(sums.sums.map(({ terms }) => terms), sums.sums.map(({ bound }) => bound));
    if (front === undefined || sums === undefined) return undefined;
    return front.some(holds) ? true : front.length === 0 || sums.all ? false : undefined;
  };

  const histograms = new Map<string, CostHistogram>();
  const histogram = (metric: MetricName, bins = BINS): CostHistogram => {
    const key = `${metric} ${bins}`;
    const found = histograms.get(key) ?? computeHistogram(metric, bins);
    histograms.set(key, found);
    return found;
  };
  const computeHistogram = (metric: MetricName, bins: number): CostHistogram => {
    const parts = partsOf(metric);
    const found = parts && queries.histogram(parts, bins);
    if (found === undefined) return sampledHistogram(queries, (architecture) => costOf(architecture)[metric], bins, samples);
    const total = Number(found.counts.reduce((sum, count) => sum + count, 0n));
    return { ...found, shares: found.counts.map((count) => Number(count) / total), how: found.error === 0 ? "exact" : "rounded", shareError: 0, confidence: 1 };
  };

  const best = (metric: MetricName, direction: "minimize" | "maximize", budgets: readonly MetricBudget[]): BestArchitecture | undefined => {
    const holds = inside(budgets);
    const value = (architecture: Architecture): number => costOf(architecture)[metric];
    const parts = partsOf(metric);
    const sums = asSums(budgets);
    if (parts !== undefined && sums?.all === true && (direction === "minimize" || parts.length === 1)) {
      const objective = direction === "minimize" ? parts : [negated(parts[0]!)];
      const front = queries.front([...objective, ...sums.sums.map(({ terms }) => terms)], [...objective.map(() => Infinity), ...sums.sums.map(({ bound }) => bound)]);
      const [found] = (front ?? []).filter(holds).map((architecture) => ({ value: value(architecture), architecture })).sort((a, b) => (direction === "minimize" ? a.value - b.value : b.value - a.value));
      if (front !== undefined) return found && { ...found, proven: true };
    }
    return sampledBest(within(budgets), value, direction, samples);
  };

  const wide = nodes.filter((node) => node.cells === undefined);
  const unassigned = nodes.filter((node) => node.cells?.some((cost) => cost?.unassigned === true)).map((node) => node.operator);
  const warnings = [
    ...model.warnings,
    ...model.unassignedWarnings(unassigned),
    ...model.unmappedWarnings(nodes.filter((node) => node.cells?.some((cost) => cost?.unmapped === true)).map((node) => node.path)),
    ...(model.coupled ? [diagnostic("NAS5005", {
      severity: "warning", title: `energy, latency and period of \`${space.name}\` on \`${model.accelerator.name}\` have no exact bounds`, ...(model.accelerator.span ? { at: model.accelerator.span, label: "what a layer costs here depends on all others" } : {}),
      why: `arrays are sized, or memories shared, for each network as a whole; answers about all architectures come from ${samples} random ones`,
    })] : []),
    ...(wide.length === 0 ? [] : [diagnostic("NAS5003", { severity: "warning", title: `cost bounds of \`${space.name}\` are sampled`, why: `\`${wide[0]!.path}\` depends on ${wide[0]!.scope.length} variables at once, more than ${CELL_LIMIT.toLocaleString("en-US")} combinations` })]),
  ];
  const joinedTables = new Map<string, BatchCosts | undefined>();
  const batch = (wanted: readonly MetricName[]): BatchCosts | undefined => {
    const key = wanted.join();
    if (!joinedTables.has(key)) {
      const parts = wanted.map(partsOf).filter((part) => part !== undefined);
      joinedTables.set(key, parts.length < wanted.length ? undefined : batchCosts(space, wanted, parts));
    }
    return joinedTables.get(key);
  };
  return { model, nodes, warnings, costOf, costsOf, batch, bounds, provenBounds, partsOf, within, anyWithin, histogram, best };
}

/** All metrics' bounds, for tables. */
export function allBounds(costs: SpaceCosts): ReadonlyMap<MetricName, CostBounds> {
  return new Map(metricNames.map((metric) => [metric, costs.bounds(metric)]));
}
