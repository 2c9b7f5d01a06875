/**
 * The computations that stock TensorFlow.js lacks, has wrong or is slow at, without any tape: values in, values out. The library adds
 * gradients on top. Two implementations: the kernels on the WebAssembly heap, and plain loops for the cross-check engine.
 */
import type { EngineTensor } from "./engine.js";
import type { Geometry } from "./geometry.js";

type T = EngineTensor;

/** As numbers in the kernels: their order here. */
export const combinations = ["add", "subtract", "multiply"] as const;
export type Combination = (typeof combinations)[number];

export interface Statistics { readonly mean: T; readonly variance: T }

export interface Primitives {
  /** a [batch, m, k] (or [batch, k, m]), b likewise; a batch of 1 is repeated. Result [batch, m, n]. */
  matMul(a: T, b: T, transposeA: boolean, transposeB: boolean): T;

  /** x [n,h,w,c], filter [kh,kw,c/groups,out] -> [n,oh,ow,out]. */
  convolution(x: T, filter: T, g: Geometry, groups: number): T;
  convolutionInputGradient(dy: T, filter: T, g: Geometry, groups: number): T;
  convolutionFilterGradient(x: T, dy: T, g: Geometry, groups: number): T;

  /** x [n,h,w,c], filter [kh,kw,c,multiplier] -> [n,oh,ow,c*multiplier]. */
  depthwise(x: T, filter: T, g: Geometry): T;
  depthwiseInputGradient(dy: T, filter: T, g: Geometry): T;
  depthwiseFilterGradient(x: T, dy: T, g: Geometry, multiplier: number): T;

  maxPool(x: T, g: Geometry): T;
  /** The first largest cell of each window (in row order) receives the gradient. */
  maxPoolGradient(x: T, dy: T, g: Geometry): T;
  averagePool(x: T, g: Geometry): T;
  averagePoolGradient(dy: T, g: Geometry): T;

  adder(x: T, filter: T, g: Geometry): T;
  adderInputGradient(dy: T, x: T, filter: T, g: Geometry): T;
  adderFilterGradient(dy: T, x: T, filter: T, g: Geometry): T;
  /** The same with one filter per channel: filter [kh,kw,1,c]. */
  depthwiseAdder(x: T, filter: T, g: Geometry): T;
  depthwiseAdderInputGradient(dy: T, x: T, filter: T, g: Geometry): T;
  depthwiseAdderFilterGradient(dy: T, x: T, filter: T, g: Geometry): T;

  /** Sum over `outer` x `inner` of [outer, middle, inner] views: result [outer, inner]. */
  sumMiddle(x: T, outer: number, middle: number, inner: number): T;
  /** The reverse: factor * x repeated over the middle, [outer, inner] -> [outer, middle, inner]. */
  spreadMiddle(x: T, outer: number, middle: number, inner: number, factor: number): T;
  transpose(x: T, permutation: readonly number[]): T;
  slice(x: T, begin: readonly number[], size: readonly number[]): T;
  /** Zeros around x. */
  pad(x: T, paddings: readonly (readonly [number, number])[]): T;
  concat(parts: readonly T[], axis: number): T;
  /** Running sums over the middle of [outer, middle, inner]; from the end where `reverse`. */
  cumulativeSum(x: T, outer: number, middle: number, inner: number, reverse: boolean): T;
  /** Adds row i of dy [rows, width] to row indices[i] (int32) of a zero [height, width]. */
  scatterRows(dy: T, indices: T, height: number): T;

  /** Over all axes but the last, biased. */
  statistics(x: T): Statistics;
  /** scale * (x - mean) / sqrt(variance + epsilon) + offset, per channel (the last axis). */
  normalize(x: T, statistics: Statistics, scale: T, offset: T, epsilon: number): T;
  /** Gradients of `normalize` through the statistics of x itself: [dx, dscale, doffset]. */
  normalizeGradient(x: T, dy: T, statistics: Statistics, scale: T, epsilon: number): readonly [T, T, T];

  layerNorm(x: T, scale: T, offset: T, epsilon: number): T;
  layerNormGradient(x: T, dy: T, scale: T, epsilon: number): readonly [T, T, T];

  /** a and b value by value, in the shape of a; b is as large as the last axes of a and is used again for each of the leading ones. */
  combine(a: T, b: T, operation: Combination): T;
  /** Values below 0 become 0, and above 6 become 6 if `bounded`; what is no number stays. */
  relu(x: T, bounded: boolean): T;

  softmax(x: T): T;
  softmaxGradient(y: T, dy: T): T;
  /**
   * softmax(q k^T) v for q [batch, t, d], k [batch, u, d], v [batch, u, e], a few matrices of scores at a time. Engines without it compose
   * it.
   */
  attend?(q: T, k: T, v: T): T;
  gelu(x: T): T;
  geluGradient(x: T, dy: T): T;
  /** dy where y > 0 (and y < 6 if `bounded`), else 0. */
  reluGradient(y: T, dy: T, bounded: boolean): T;

  /** Mean over rows; logits [n, classes], labels int32 [n]. */
  crossEntropy(logits: T, labels: T, smoothing: number): T;
  crossEntropyGradient(logits: T, labels: T, smoothing: number, dy: T): T;

  roundToPowerOfTwo(w: T, lowExponent: number, highExponent: number): T;
  /** Half to even. */
  round(x: T): T;

  updateSgd(parameter: T, gradient: T, velocity: T, rate: number, momentum: number, decay: number): void;
  updateAdam(parameter: T, gradient: T, first: T, second: T, settings: AdamSettings): void;
  /**
   * The same where the gradient covers only the region of parameter and state that starts at `begin`. Engines without them copy the
   * region out and back.
   */
  updateSgdRegion?(parameter: T, gradient: T, velocity: T, begin: readonly number[], rate: number, momentum: number, decay: number): void;
  updateAdamRegion?(parameter: T, gradient: T, first: T, second: T, begin: readonly number[], settings: AdamSettings): void;
  /** Copies `source` into the region of `target` that starts at `begin`. */
  writeRegion(target: T, source: T, begin: readonly number[]): void;
}

export interface AdamSettings {
  /** Counts from 1. */
  readonly step: number;
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
  readonly decoupled: boolean;
}
