/** Architectures and costs as numbers for a ranker: what a feature map is, one-hot features of plain products, standardised log costs. */
import type { Architecture } from "../ir/space.js";
import type { Values } from "./dominance.js";

export interface FeatureMap {
  readonly size: number;
  /** Writes the features of architecture k to `into`, which is zero, from `k * stride` on. */
  fill(architectures: readonly Architecture[], into: Float64Array, stride: number): void;
}

/** One-hot features of a plain product space with these numbers of options (tabular benchmarks). */
export function productFeatures(options: readonly number[]): FeatureMap {
  const size = options.reduce((sum, count) => sum + count, 0);
  return {
    size,
    fill(architectures, into, stride) {
      architectures.forEach((architecture, k) => {
        let offset = k * stride;
        options.forEach((count, gene) => { into[offset + architecture[gene]!] = 1; offset += count; });
      });
    },
  };
}

/** Standardises columns by the mean and deviation of the rows it is made from; a constant column becomes 0. */
export class Standardizer {
  private readonly mean: number[];
  private readonly deviation: number[];

  constructor(rows: readonly (readonly number[])[]) {
    const columns = rows[0]?.length ?? 0;
    this.mean = Array.from({ length: columns }, (_, c) => rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length);
    this.deviation = this.mean.map((mean, c) => Math.sqrt(rows.reduce((sum, row) => sum + (row[c]! - mean) ** 2, 0) / rows.length));
  }

  apply(row: readonly number[]): number[] {
    return row.map((value, c) => (this.deviation[c]! > 1e-12 ? (value - this.mean[c]!) / this.deviation[c]! : 0));
  }
}

/** Costs on a logarithmic scale, in the order of `names`; counts may be zero, energies and times are not. */
export function logCosts(names: readonly string[], costs: Values): number[] {
  return names.map((name) => {
    const value = costs[name] ?? 0;
    return name === "energy" || name === "latency" || name === "period" ? Math.log(Math.max(value, 1e-15)) : Math.log1p(value);
  });
}
