/**
 * The kernels that work in place on the engine's heap. Addresses are byte offsets from the start of the heap, sizes count floats unless
 * said otherwise; outputs are allocated by the caller and workspaces too. Providers: the AssemblyScript modules (strict and relaxed) and the
 * C++ addon (a table per instruction set). Each is deterministic, whatever its threads: a fixed order of operations.
 */

/** A byte offset on the heap. */
export type Address = number;

/** A 0 or a 1. */
export type Flag = 0 | 1;

export interface KernelPack {
  /** Bytes of workspace that `products` needs for n columns. */
  productWorkspace(n: number): number;
  /** `batch` products c[m,n] = op(a) op(b); step 0 uses an operand again. */
  products(a: Address, transposeA: Flag, stepA: number, b: Address, transposeB: Flag, stepB: number, c: Address, batch: number, m: number, n: number, k: number, workspace: Address): void;

  /** Bytes of workspace for `convolve` and `convolutionFilterGradient`. */
  convolutionWorkspace(channels: number, columns: number, taps: number): number;
  /** Sweeps as `writeSweep` lays them out. kind 0: products; 1: -|source - weight|. `turned`: a tap's weights are [columns, channels]. */
  convolve(sweep: Address, source: Address, sourceStride: number, channels: number, weights: Address, weightStride: number, turned: Flag, target: Address, targetStride: number, columns: number, kind: Flag, workspace: Address): void;
  convolutionFilterGradient(sweep: Address, source: Address, sourceStride: number, channels: number, upstream: Address, upstreamStride: number, columns: number, target: Address, targetStride: number, workspace: Address): void;

  /** `list`: 8 bytes per tap. */
  depthwise(sweep: Address, source: Address, weights: Address, target: Address, channels: number, multiplier: number, backward: Flag, list: Address): void;
  depthwiseFilterGradient(sweep: Address, x: Address, dy: Address, target: Address, channels: number, multiplier: number): void;

  maxPool(sweep: Address, source: Address, target: Address, channels: number, list: Address): void;
  /** Adds to `target`, like the average's gradient. */
  maxPoolGradient(sweep: Address, source: Address, upstream: Address, target: Address, channels: number, list: Address): void;
  averagePool(sweep: Address, source: Address, target: Address, channels: number, list: Address): void;
  averagePoolGradient(sweep: Address, upstream: Address, target: Address, channels: number, list: Address): void;

  /** [taps, channels, columns] to [taps, columns, channels]. */
  turnFilters(weights: Address, taps: number, channels: number, columns: number, target: Address): void;
  adderInputGradient(sweep: Address, upstream: Address, x: Address, turnedFilters: Address, target: Address, channels: number, columns: number, list: Address): void;
  /** One filter per channel; taps outside the image read zeros. Forward sweeps. */
  depthwiseAdder(sweep: Address, source: Address, weights: Address, target: Address, channels: number, list: Address): void;
  depthwiseAdderInputGradient(sweep: Address, upstream: Address, x: Address, weights: Address, target: Address, channels: number, list: Address): void;
  /** target[row, column] -= weights[row, column] * totals[column]. */
  subtractScaledColumns(target: Address, weights: Address, totals: Address, rows: number, columns: number): void;

  sumMiddle(x: Address, target: Address, outer: number, middle: number, inner: number): void;
  /** target[outer, middle, inner] = factor * source[outer, inner]. */
  spreadMiddle(source: Address, target: Address, outer: number, middle: number, inner: number, factor: number): void;
  /** target[height, width]: row i of the source is added to row indices[i], in order. */
  segmentSum(source: Address, indices: Address, target: Address, rows: number, width: number, height: number): void;
  /** `axes`: (size, source stride) pairs of 32-bit integers. */
  copyRuns(source: Address, target: Address, axes: Address, rank: number, outer: number, run: number): void;
  /** The reverse: contiguous runs of the source to places in the target; `axes`: (size, target stride). */
  placeRuns(source: Address, target: Address, axes: Address, rank: number, outer: number, run: number): void;
  /** `axes`: (size, source stride, target stride) triples. */
  turnPlanes(source: Address, target: Address, axes: Address, rank: number, outer: number, rows: number, rowStride: number, columns: number, columnStride: number): void;

  batchStatistics(x: Address, mean: Address, variance: Address, rows: number, channels: number): void;
  /** workspace: channels floats. */
  normalize(x: Address, target: Address, mean: Address, variance: Address, scale: Address, offset: Address, epsilon: number, rows: number, channels: number, workspace: Address): void;
  /** workspace: 3 * channels floats. */
  normalizeGradient(x: Address, dy: Address, mean: Address, variance: Address, scale: Address, epsilon: number, dx: Address, dscale: Address, doffset: Address, rows: number, channels: number, workspace: Address): void;
  layerNorm(x: Address, scale: Address, offset: Address, target: Address, epsilon: number, rows: number, width: number): void;
  layerNormGradient(x: Address, dy: Address, scale: Address, dx: Address, dscale: Address, doffset: Address, epsilon: number, rows: number, width: number): void;

  /** target[rows, width] = a[rows, width] + b[width]; operation 1: minus, 2: times. */
  combine(a: Address, b: Address, target: Address, rows: number, width: number, operation: number): void;
  /** Values below low become low, above high high; what is no number stays. */
  clampValues(x: Address, target: Address, count: number, low: number, high: number): void;

  softmax(x: Address, target: Address, rows: number, width: number): void;
  softmaxGradient(y: Address, dy: Address, target: Address, rows: number, width: number): void;
  gelu(x: Address, target: Address, count: number): void;
  geluGradient(x: Address, dy: Address, target: Address, count: number): void;
  /** dy where low < y < high, else 0. */
  gateGradient(y: Address, dy: Address, target: Address, count: number, low: number, high: number): void;
  roundValues(x: Address, target: Address, count: number): void;
  roundToPowerOfTwo(w: Address, target: Address, count: number, lowExponent: number, highExponent: number): void;

  /** workspace: classes floats; labels are 32-bit integers. */
  crossEntropy(logits: Address, labels: Address, target: Address, rows: number, classes: number, smoothing: number, workspace: Address): void;
  crossEntropyGradient(logits: Address, labels: Address, dy: Address, target: Address, rows: number, classes: number, smoothing: number): void;

  updateSgd(parameter: Address, gradient: Address, velocity: Address, count: number, rate: number, momentum: number, decay: number): void;
  /** `rate` is divided by 1 - beta1^step, `correction` is 1 / (1 - beta2^step); `decay` is added to the gradient, `shrink` taken off the parameter. */
  updateAdam(parameter: Address, gradient: Address, first: Address, second: Address, count: number, rate: number, beta1: number, beta2: number, correction: number, epsilon: number, decay: number, shrink: number): void;
}
