/** Figures of one network that are no sums over its operators: shares, ratios, products of totals, and the most memory in use at once. */
import type { CostRow, Totals } from "./cost-model.js";
import type { FigureName } from "./metrics.js";

export type NetFigures = Readonly<Record<FigureName, number>>;

/** Bits of a parameter that nobody has compressed. */
const UNCOMPRESSED = 32;

export interface FigureSources {
  readonly totals: Totals;
  readonly rows: readonly CostRow[];
  /** Parameters that are not cut to zero. */
  readonly kept: number;
  /** Bytes of activations in use at once. */
  readonly memory: number;
  /** Hertz. */
  readonly clock: number;
}

export function figuresOf({ totals, rows, kept, memory, clock }: FigureSources): NetFigures {
  const { params, size, multiplies, adds, shifts, energy, latency, period } = totals;
  const working = rows.reduce((cycles, row) => cycles + row.cycles * row.utilisation, 0);
  return {
    compression: size === 0 ? 1 : (params * UNCOMPRESSED) / 8 / size,
    sparsity: params === 0 ? 0 : 1 - kept / params,
    memory,
    operations: multiplies + adds + shifts,
    throughput: period === 0 ? 0 : 1 / period,
    edp: energy * latency,
    utilisation: latency === 0 ? 0 : working / (latency * clock),
  };
}
