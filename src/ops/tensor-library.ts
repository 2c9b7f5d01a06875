/**
 * The narrow waist between operators and everything that executes or translates them. An operator's `forward` is written once
 * against this vocabulary; the engines run it, the tracer turns it into TypeScript and TensorFlow.js models, the tests run it in
 * float64. Layout is NHWC with an explicit leading batch dimension; a reshape passes -1 for the batch.
 */

/** The least that everybody agrees a tensor has. `shape[0]` is the batch (null-like -1 when traced). */
export interface Tensor { readonly shape: readonly number[] }

export type Padding = "same" | "valid" | { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

export interface Window2D {
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly dilation: readonly [number, number];
}

export interface PoolWindow extends Window2D { readonly size: readonly [number, number] }

export interface NormalizedBatch<T> { readonly output: T; readonly mean: T; readonly variance: T }

export interface TensorLibrary<T extends Tensor> {
  // Constants. `values.length` is the product of `shape`.
  constant(values: Float32Array | readonly number[], shape: readonly number[]): T;
  scalar(value: number): T;
  zerosLike(x: T): T;

  // Elementwise; the binary ones broadcast like NumPy and their gradients are reduced accordingly.
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
  multiply(a: T, b: T): T;
  divide(a: T, b: T): T;
  maximum(a: T, b: T): T;
  minimum(a: T, b: T): T;
  negate(x: T): T;
  abs(x: T): T;
  square(x: T): T;
  exp(x: T): T;
  log(x: T): T;
  sqrt(x: T): T;
  reciprocalSqrt(x: T): T;
  /** Gradient zero outside [low, high]. */
  clip(x: T, low: number, high: number): T;
  /** Zero gradient; wrap in `customGradient` for a straight-through one. */
  floor(x: T): T;
  /** Zero gradient. */
  sign(x: T): T;
  /** 1 where a > b, else 0; zero gradient. */
  greater(a: T, b: T): T;

  relu(x: T): T;
  relu6(x: T): T;
  sigmoid(x: T): T;
  tanh(x: T): T;
  elu(x: T): T;
  /** 0.5 x (1 + erf(x / sqrt 2)). */
  gelu(x: T): T;

  /** Batched over all leading dimensions, which must agree or be 1. */
  matMul(a: T, b: T, transposeA?: boolean, transposeB?: boolean): T;
  /** x [n,h,w,c], filter [kh,kw,c/groups,out]. */
  conv2d(x: T, filter: T, window: Window2D, groups: number): T;
  /** x [n,h,w,c], filter [kh,kw,c,multiplier]. */
  depthwiseConv2d(x: T, filter: T, window: Window2D): T;
  maxPool(x: T, window: PoolWindow): T;
  /** Mean over the cells inside the image (padding is not counted). */
  averagePool(x: T, window: PoolWindow): T;
  upsampleNearest(x: T, factor: number): T;

  sum(x: T, axes: readonly number[], keepDimensions: boolean): T;
  mean(x: T, axes: readonly number[], keepDimensions: boolean): T;
  max(x: T, axes: readonly number[], keepDimensions: boolean): T;
  /** Over the last axis. */
  softmax(x: T): T;
  /**
   * softmax(queries keys^T) values over [..., t, d], [..., u, d] and [..., u, e], without ever holding all scores, where a library has
   * it; otherwise it is composed.
   */
  attend?(queries: T, keys: T, values: T): T;
  /** Over the last axis; scale and offset of that length. */
  layerNorm(x: T, scale: T, offset: T, epsilon: number): T;
  /** Over all axes but the last, with this batch's biased statistics; gradients flow through them. */
  batchNormTrain(x: T, scale: T, offset: T, epsilon: number): NormalizedBatch<T>;
  /** scale * (x - mean) / sqrt(variance + epsilon) + offset. */
  batchNormInference(x: T, mean: T, variance: T, scale: T, offset: T, epsilon: number): T;

  reshape(x: T, shape: readonly number[]): T;
  transpose(x: T, permutation: readonly number[]): T;
  concat(parts: readonly T[], axis: number): T;
  /** size -1 means to the end. */
  slice(x: T, begin: readonly number[], size: readonly number[]): T;
  pad(x: T, paddings: readonly (readonly [number, number])[]): T;
  /** Rows of `table` [v,c] by float-or-int indices [n,t] -> [n,t,c]. */
  gather(table: T, indices: T): T;
  /** [n,t] with exclusive = false; gradient correct on every axis. */
  cumulativeSum(x: T, axis: number): T;

  // Mult-free kernels.
  /** y = -sum |x - w|; x [n,h,w,c], filter [kh,kw,c,out]; a padded tap is a real zero and contributes -|w|. Value only: see customGradient. */
  adder(x: T, filter: T, window: Window2D): T;
  /** sum_o dy_o * clip(w_o - x, -1, 1). */
  adderInputGradient(dy: T, x: T, filter: T, window: Window2D): T;
  /** sum over positions dy * (x - w). */
  adderFilterGradient(dy: T, x: T, filter: T, window: Window2D): T;
  /** The depthwise adder layer as kernels, where a library has them; otherwise the layer is composed. */
  readonly depthwiseAdder?: DepthwiseAdder<T>;
  /** sign(w) 2^round(log2|w|), |w| first clamped to [2^low, 2^high], exact zero kept, round half to even. Zero gradient. */
  roundToPowerOfTwo(w: T, lowExponent: number, highExponent: number): T;
  /** 2^round(s), round half to even. Zero gradient. */
  powerOfTwo(s: T): T;
  /** Round half to even. Zero gradient. */
  round(x: T): T;
  /** 1 at the `count` elements of greatest magnitude (of equals the first), else 0. Zero gradient. */
  keepLargest(x: T, count: number): T;

  /** `forward` gives the value; `gradient` maps the output's gradient to one gradient per input. Libraries that only evaluate ignore `gradient`. */
  customGradient(inputs: readonly T[], forward: (...inputs: readonly T[]) => T, gradient: (dy: T, inputs: readonly T[], output: T) => readonly T[]): T;
}

/** As `adder` and its two gradients, with one filter per channel: filter [kh,kw,1,c]. */
export interface DepthwiseAdder<T extends Tensor> {
  forward(x: T, filter: T, window: Window2D): T;
  inputGradient(dy: T, x: T, filter: T, window: Window2D): T;
  filterGradient(dy: T, x: T, filter: T, window: Window2D): T;
}
