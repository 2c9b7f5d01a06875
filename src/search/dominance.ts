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

/** Indices by front, best first; within a front in the order given. */
export function fronts(vectors: readonly (readonly number[])[]): number[][] {
  const dominatedBy = vectors.map(() => 0);
  const dominated: number[][] = vectors.map(() => []);
  for (let i = 0; i < vectors.length; i++) {
    for (let j = 0; j < vectors.length; j++) {
      if (dominates(vectors[i]!, vectors[j]!)) { dominated[i]!.push(j); dominatedBy[j]!++; }
    }
  }
  const result: number[][] = [];
  let current = vectors.flatMap((_, i) => (dominatedBy[i] === 0 ? [i] : []));
  while (current.length > 0) {
    result.push(current);
    const next: number[] = [];
    for (const i of current) for (const j of dominated[i]!) if (--dominatedBy[j]! === 0) next.push(j);
    current = next.sort((a, b) => a - b);
  }
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
