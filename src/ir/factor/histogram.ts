/** How the architectures of a space spread over a cost: exact counts per bin for whole-numbered costs, else up to a stated blur. */
import { isExact, type CostTerm } from "./cost-terms.js";
import { distribute, type DistributeOptions } from "./budgeted.js";
import type { SpaceGraph } from "./space-factors.js";

export interface Histogram {
  /** One more than there are bins. Bin i holds costs from edges[i] to below edges[i + 1]; the last one its upper edge too. */
  readonly edges: readonly number[];
  readonly counts: readonly bigint[];
  /** An architecture may be counted in a bin up to this far from its cost; 0 where counts are exact. */
  readonly error: number;
}

/** Undefined where the graph is too wide, or there is no architecture. `parts`: the cost is the greatest of these sums. */
export function histogramOf(graph: SpaceGraph, parts: readonly (readonly CostTerm[])[], bins: number, options: DistributeOptions = {}): Histogram | undefined {
  const found = distribute(graph, parts, [], options);
  if (found === undefined || found.entries.length === 0) return undefined;
  const values = found.entries.map(({ keys }) => Math.max(...found.costs.map(({ base, step, low, high }, at) => base + keys[at]! * step + (low + high) / 2)));
  const error = found.costs.every(isExact) ? 0 : Math.max(...found.costs.map(({ low, high }) => (high - low) / 2));
  return { ...binned(values, found.entries.map(({ count }) => count), bins), error };
}

/** Equal bins from the least to the greatest value; one bin where they are equal. */
export function binned(values: readonly number[], counts: readonly bigint[], bins: number): Pick<Histogram, "edges" | "counts"> {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) { least = Math.min(least, value); greatest = Math.max(greatest, value); }
  const used = greatest > least ? bins : 1;
  const edges = Array.from({ length: used + 1 }, (_, at) => (at === used ? greatest : least + ((greatest - least) * at) / used));
  const sums = new Array<bigint>(used).fill(0n);
  values.forEach((value, at) => {
    let bin = Math.min(used - 1, Math.floor(((value - least) / (greatest - least || 1)) * used));
    // Division may land on the wrong side of an edge.
    if (bin > 0 && value < edges[bin]!) bin--;
    else if (bin + 1 < used && value >= edges[bin + 1]!) bin++;
    sums[bin] = sums[bin]! + counts[at]!;
  });
  return { edges, counts: sums };
}
