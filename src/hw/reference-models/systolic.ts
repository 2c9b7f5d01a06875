/**
 * A systolic array in closed form, after SCALE-Sim (Samajdar et al., ISPASS 2020): every fold of the product over the array pays
 * for filling, streaming and draining the whole array. A convolution is the product M x K by K x N of its unrolled patches.
 */

export type SystolicDataflow = "weight_stationary" | "input_stationary" | "output_stationary";

/** The product (M x K) by (K x N): M output positions, K taps times channels, N filters. */
export interface MatrixProduct { readonly m: number; readonly k: number; readonly n: number }

export interface SystolicArray { readonly rows: number; readonly columns: number }

/** SRAM words over the whole layer. Output-stationary results leave once. */
export interface SystolicTraffic { readonly inputReads: number; readonly weightReads: number; readonly outputWrites: number }

export interface SystolicCycles {
  readonly folds: number;
  readonly perFold: number;
  readonly compute: number;
  /** The number SCALE-Sim prints as total cycles when nothing stalls: it counts from zero. */
  readonly reported: number;
  /** Share of the array's places that hold work, averaged over the folds. */
  readonly mappingEfficiency: number;
  /** Multiply-accumulates over places times reported cycles. */
  readonly utilisation: number;
}

export interface ConvolutionShape { readonly height: number; readonly width: number; readonly kernel: readonly [number, number]; readonly channels: number; readonly filters: number; readonly stride: number }

/** Output sizes round up, as SCALE-Sim does: a last partial window counts. */
export function unrolledConvolution(shape: ConvolutionShape): MatrixProduct {
  const out = (size: number, kernel: number): number => Math.ceil((size - kernel + shape.stride) / shape.stride);
  const [r, s] = shape.kernel;
  return { m: out(shape.height, r) * out(shape.width, s), k: r * s * shape.channels, n: shape.filters };
}

/** What lies on the rows, on the columns, and what streams through. */
function placed(product: MatrixProduct, dataflow: SystolicDataflow): { readonly rows: number; readonly columns: number; readonly streamed: number } {
  switch (dataflow) {
    case "weight_stationary": return { rows: product.k, columns: product.n, streamed: product.m };
    case "input_stationary": return { rows: product.k, columns: product.m, streamed: product.n };
    case "output_stationary": return { rows: product.m, columns: product.n, streamed: product.k };
  }
}

export function systolicCycles(product: MatrixProduct, array: SystolicArray, dataflow: SystolicDataflow): SystolicCycles {
  const { rows, columns, streamed } = placed(product, dataflow);
  const rowFolds = Math.ceil(rows / array.rows);
  const columnFolds = Math.ceil(columns / array.columns);
  const folds = rowFolds * columnFolds;
  // A stationary operand is first shifted in, one row per cycle; outputs are accumulated in place.
  const preload = dataflow === "output_stationary" ? 0 : array.rows;
  const perFold = preload + array.rows + array.columns + streamed - 2;
  const compute = folds * perFold;
  const places = array.rows * array.columns;
  return {
    folds, perFold, compute, reported: compute - 1, mappingEfficiency: (rows * columns) / (folds * places),
    utilisation: (product.m * product.k * product.n) / (places * (compute - 1)),
  };
}

export function systolicTraffic(product: MatrixProduct, array: SystolicArray, dataflow: SystolicDataflow): SystolicTraffic {
  const { m, k, n } = product;
  const across = (size: number): number => Math.ceil(size / array.columns);
  const down = (size: number): number => Math.ceil(size / array.rows);
  switch (dataflow) {
    case "weight_stationary": return { inputReads: m * k * across(n), weightReads: k * n, outputWrites: m * n * down(k) };
    case "input_stationary": return { inputReads: m * k, weightReads: k * n * across(m), outputWrites: m * n * down(k) };
    case "output_stationary": return { inputReads: m * k * across(n), weightReads: k * n * down(m), outputWrites: m * n };
  }
}

/** With a bounded interface the array waits for the busiest operand: cycles are the larger of computing and moving its words. */
export function boundedCycles(compute: number, externalWords: readonly number[], wordsPerCycle: number): number {
  return Math.max(compute, ...externalWords.map((words) => words / wordsPerCycle));
}
