/**
 * Comparing candidates by several objectives at once: Pareto dominance, non-dominated fronts and crowding (Deb et al., NSGA-II, 2002).
 * All vectors are to be minimised; `objectiveVector` turns objectives into such vectors.
 */
import type { Budget, Objective } from "../ir/plan.js";

/** Metric values of one candidate; `accuracy` only after (or with a prediction of) its evaluation. */
export type Values = Readonly<Record<string, number>>;

export function objectiveVector(objectives: readonly Objective[], values: Values): number[] {
  return objectives.map(({ metric, direction }) => {
    const value = values[metric];
    if (value === undefined) throw new Error(`no value of \`${metric}\``);
    return direction === "minimize" ? value : -value;
  });
}

export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > b[i]!) return false;
    if (a[i]! < b[i]!) better = true;
  }
  return better;
}

/** Budgets whose metric is known in `values` and which it breaks. */
export function brokenBudgets(budgets: readonly Budget[], values: Values): Budget[] {
  return budgets.filter(({ metric, relation, bound }) => {
    const value = values[metric];
    return value !== undefined && (relation === "<=" ? value > bound : value < bound);
  });
}

/** Ascending by the first number that differs. */
function lexicographic(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i]! !== b[i]!) return a[i]! - b[i]!;
  return 0;
}

/**
 * Indices by front, best first; within a front in the order given. In lexicographic order nothing is dominated by what comes later, and
 * what a front dominates is dominated by all fronts before it, so each vector finds its front by bisection (Zhang et al., ENS-BS, 2015):
 * a search sorts all its trials for every generation.
 */
export function fronts(vectors: readonly (readonly number[])[]): number[][] {
  const result: number[][] = [];
  // The latest members are the nearest, and the likeliest to dominate.
  const dominatesIn = (front: readonly number[], vector: readonly number[]): boolean => {
    for (let k = front.length - 1; k >= 0; k--) if (dominates(vectors[front[k]!]!, vector)) return true;
    return false;
  };
  for (const index of vectors.map((_, i) => i).sort((a, b) => lexicographic(vectors[a]!, vectors[b]!) || a - b)) {
    let [low, high] = [0, result.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (dominatesIn(result[middle]!, vectors[index]!)) low = middle + 1; else high = middle;
    }
    (result[low] ??= []).push(index);
  }
  for (const front of result) front.sort((a, b) => a - b);
  return result;
}

/** Crowding distance of each member of a front: how alone it stands; the ends of every objective are infinite. */
export function crowding(vectors: readonly (readonly number[])[]): number[] {
  const distance = vectors.map(() => 0);
  for (let objective = 0; objective < (vectors[0]?.length ?? 0); objective++) {
    const order = vectors.map((_, i) => i).sort((a, b) => vectors[a]![objective]! - vectors[b]![objective]! || a - b);
    const range = vectors[order[order.length - 1]!]![objective]! - vectors[order[0]!]![objective]!;
    distance[order[0]!] = Infinity;
    distance[order[order.length - 1]!] = Infinity;
    if (range <= 0) continue;
    for (let k = 1; k < order.length - 1; k++) distance[order[k]!]! += (vectors[order[k + 1]!]![objective]! - vectors[order[k - 1]!]![objective]!) / range;
  }
  return distance;
}

/** Indices of the best `count`: whole fronts first, the last one by crowding; ties keep the given order. */
export function selectBest(vectors: readonly (readonly number[])[], count: number): number[] {
  const chosen: number[] = [];
  for (const front of fronts(vectors)) {
    if (chosen.length >= count) break;
    const distance = crowding(front.map((i) => vectors[i]!));
    const order = front.map((_, k) => k).sort((a, b) => (distance[a] === distance[b] ? a - b : distance[b]! > distance[a]! ? 1 : -1));
    for (const k of order) if (chosen.length < count) chosen.push(front[k]!);
  }
  return chosen;
}
