/**
 * The Pareto front of several additive costs over all architectures, exactly: elimination over sets of cost vectors of which none is
 * beaten by another. Dropping a beaten partial sum is safe because whatever is added later is added to both. Points remember the options
 * they were made of. Partial sums over a bound are dropped as they come up.
 */
import type { VariableId } from "../space.js";
import { mergeTerms, type CostTerm } from "./cost-terms.js";
import { eliminate } from "./eliminate.js";
import type { Weights } from "./factor.js";
import type { Semiring } from "./semiring.js";
import { wholeProblem, type SpaceGraph } from "./space-factors.js";

interface Point {
  readonly costs: readonly number[];
  readonly from: readonly [Point, Point] | { readonly variable: VariableId; readonly option: number } | undefined;
}

/** In lexicographic order of costs. */
type Front = readonly Point[];

const WORK = 1 << 24;

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

const beats = (a: readonly number[], b: readonly number[]): boolean => a.every((cost, at) => cost <= b[at]!);

interface FrontSemiring extends Semiring<Front> {
  exhausted(): boolean;
  point(costs: readonly number[], from: Point["from"]): Front;
}

function fronts(dimensions: number, bounds: readonly number[], limit: number): FrontSemiring {
  const zero: Front = [];
  const one: Front = [{ costs: new Array<number>(dimensions).fill(0), from: undefined }];
  let work = limit;

  /** Of points in lexicographic order, those that no earlier one beats. */
  const unbeaten = (points: readonly Point[]): Front => {
    const kept: Point[] = [];
    if (dimensions <= 2) {
      let least = Infinity;
      for (const point of points) {
        const last = dimensions === 2 ? point.costs[1]! : 0;
        if (last < least) { kept.push(point); least = last; }
      }
    } else {
      for (const point of points) {
        work -= kept.length;
        if (work < 0) return zero;
        if (!kept.some((other) => beats(other.costs, point.costs))) kept.push(point);
      }
    }
    work -= points.length;
    return kept.length === 0 ? zero : kept;
  };

  const plus = (a: Front, b: Front): Front => {
    if (a === zero) return b;
    if (b === zero) return a;
    if (work < 0) return zero;
    const merged: Point[] = [];
    for (let i = 0, j = 0; i < a.length || j < b.length;) {
      if (j === b.length || (i < a.length && compare(a[i]!.costs, b[j]!.costs) <= 0)) merged.push(a[i++]!);
      else merged.push(b[j++]!);
    }
    return unbeaten(merged);
  };

  const sum = (a: Point, b: Point): Point => ({ costs: a.costs.map((cost, at) => cost + b.costs[at]!), from: a.from === undefined ? b.from : b.from === undefined ? a.from : [a, b] });

  const times = (a: Front, b: Front): Front => {
    if (a === zero || b === zero) return zero;
    if (a === one) return b;
    if (b === one) return a;
    work -= a.length * b.length;
    if (work < 0) return zero;
    const sums: Point[] = [];
    for (const left of a) for (const right of b) {
      const point = sum(left, right);
      if (beats(point.costs, bounds)) sums.push(point);
    }
    if (a.length > 1 && b.length > 1) sums.sort((x, y) => compare(x.costs, y.costs));
    return unbeaten(sums);
  };

  return {
    zero, one, plus, times,
    cells: (count) => new Array<Front>(count).fill(zero),
    exact: () => work >= 0,
    exhausted: () => work < 0,
    point: (costs, from) => (from === undefined && costs.every((cost) => cost === 0) ? one : beats(costs, bounds) ? [{ costs, from }] : zero),
  };
}

/** Domain indices of the decisions, and the costs as they were added up along the way. */
export interface FrontPoint { readonly costs: readonly number[]; readonly assignment: readonly number[] }

/**
 * One architecture for every unbeaten vector of costs within the bounds, in lexicographic order; "too_wide" where the graph or the front
 * is too large. Bounds are taken with a slack of a few rounding errors: whoever needs them exactly looks again.
 */
export function paretoFront(graph: SpaceGraph, costs: readonly (readonly CostTerm[])[], bounds: readonly number[], stepLimit?: number): readonly FrontPoint[] | "too_wide" {
  const merged = costs.map((terms) => mergeTerms(graph, terms));
  const least = merged.map((terms) => terms.map(({ cells }) => cells.reduce((a, b) => Math.min(a, b), Infinity)));
  const base = least.map((values) => values.reduce((sum, value) => sum + value, 0));
  const magnitude = merged.map((terms) => terms.reduce((sum, { cells }) => sum + cells.reduce((a, b) => Math.max(a, Math.abs(b)), 0), 0));
  const slack = costs.map((_, at) => (bounds[at] ?? Infinity) - base[at]! + 1e-12 * magnitude[at]!);
  const semiring = fronts(costs.length, slack, Math.min(WORK, stepLimit ?? Infinity));
  const weights: Weights<Front>[] = graph.variables.flatMap((variable) => (variable.kind === "decision" ? [{ kind: "weights", scope: [variable.id], cells: variable.domain.map((_, option) => semiring.point(costs.map(() => 0), { variable: variable.id, option })) }] : []));
  merged.forEach((terms, at) => terms.forEach(({ scope, cells }, term) => {
    weights.push({ kind: "weights", scope, cells: Array.from(cells, (cell) => semiring.point(costs.map((_, own) => (own === at ? cell - least[at]![term]! : 0)), undefined)) });
  }));
  const result = eliminate(wholeProblem(graph, weights), semiring, stepLimit);
  if (semiring.exhausted() || result.kind !== "eliminated") return "too_wide";
  return result.total.map((point) => ({ costs: point.costs.map((cost, at) => cost + base[at]!), assignment: optionsOf(point) }));
}

function optionsOf(point: Point): number[] {
  const assignment: number[] = [];
  const open: Point[] = [point];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.from === undefined) continue;
    if ("variable" in next.from) assignment[next.from.variable] = next.from.option;
    else open.push(...next.from);
  }
  return assignment;
}
