/**
 * The order of temporal loops for an uneven mapping: prime factors of what space leaves over, small ones merged until few are
 * left, every distinct order tried (ZigZag's LOMA, Symons et al., AICAS 2021). Space is small once factors are limited: 6 give 720 orders.
 */
import type { Conventions } from "./conventions.js";
import type { Problem } from "./problem.js";
import { allocate, unevenCost, type OutputBits, type UnevenCost, type UnevenHardware, type UnevenLoop } from "./uneven.js";

export function primeFactors(value: number): readonly number[] {
  for (let prime = 2; prime * prime <= value; prime++) if (value % prime === 0) return [prime, ...primeFactors(value / prime)];
  return value === 1 ? [] : [value];
}

/** Merges the two smallest factors of the dimension that has most, until `limit` are left. */
export function limitedFactors(bounds: readonly number[], limit: number): readonly UnevenLoop[] {
  const factors = bounds.map((bound) => [...primeFactors(bound)]);
  while (factors.reduce((count, own) => count + own.length, 0) > limit) {
    const most = factors.reduce((longest, own) => (own.length > longest.length ? own : longest));
    if (most.length < 2) break;
    most.sort((a, b) => a - b);
    most.splice(0, 2, most[0]! * most[1]!);
  }
  return factors.flatMap((own, dimension) => own.sort((a, b) => a - b).map((bound) => ({ dimension, bound })));
}

/** Every distinct order of a multiset of loops. */
export function* distinctOrders(loops: readonly UnevenLoop[]): Generator<readonly UnevenLoop[]> {
  if (loops.length === 0) { yield []; return; }
  const tried = new Set<string>();
  for (const [index, loop] of loops.entries()) {
    const key = `${loop.dimension}:${loop.bound}`;
    if (tried.has(key)) continue;
    tried.add(key);
    for (const rest of distinctOrders([...loops.slice(0, index), ...loops.slice(index + 1)])) yield [loop, ...rest];
  }
}

export interface SpatialUse { readonly dimension: number; readonly size: number; readonly axis: string }

/** What an axis of `size` places makes of each dimension: whole steps in time, and the places used on average. */
export function unroll(bounds: readonly number[], uses: readonly SpatialUse[]): { readonly temporal: readonly number[]; readonly spatial: readonly UnevenLoop[] } {
  const temporal = [...bounds];
  const spatial = uses.map(({ dimension, size, axis }): UnevenLoop => {
    const before = temporal[dimension]!;
    temporal[dimension] = Math.ceil(before / size);
    return { dimension, bound: before / temporal[dimension]!, axis };
  });
  return { temporal, spatial };
}

export interface UnevenSearch { readonly problem: Problem; readonly hardware: UnevenHardware; readonly uses: readonly SpatialUse[]; readonly bits: OutputBits; readonly points: number; readonly conventions: Conventions; readonly limit: number; readonly objective: UnevenObjective }

/** What an order is chosen by first; the other decides between equals. */
export type UnevenObjective = "energy" | "latency";

/** The order that is best by the objective; undefined when nothing fits. */
export function bestUneven(search: UnevenSearch): UnevenCost | undefined {
  const { problem, hardware, bits, points, conventions } = search;
  const other = search.objective === "energy" ? "latency" : "energy";
  const { temporal, spatial } = unroll(problem.bounds, search.uses);
  let best: UnevenCost | undefined;
  for (const order of distinctOrders(limitedFactors(temporal, search.limit))) {
    const mapping = allocate(problem, hardware, order, spatial);
    if (mapping === undefined) continue;
    const cost = unevenCost(problem, hardware, mapping, bits, points, conventions);
    const first = best === undefined ? -1 : cost[search.objective] - best[search.objective];
    if (best === undefined || first < 0 || (first === 0 && cost[other] < best[other])) best = cost;
  }
  return best;
}
