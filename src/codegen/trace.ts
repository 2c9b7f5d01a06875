/**
 * The trace of a network: its inference as a flat list of primitive tensor operations in order of execution, what every emitter
 * starts from. One call of the tensor library is one node; `owner` remembers which node of the network made it.
 */
import type { Padding, PoolWindow, Window2D } from "../ops/tensor-library.js";
import type { Shape } from "../ops/operator.js";

export type UnaryName =
  | "negate" | "abs" | "square" | "exp" | "log" | "sqrt" | "reciprocalSqrt" | "floor" | "sign" | "round"
  | "relu" | "relu6" | "sigmoid" | "tanh" | "elu" | "gelu" | "softmax" | "powerOfTwo" | "zerosLike";

export type BinaryName = "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum" | "greater";

export type ReductionName = "sum" | "mean" | "max";

/** A call of the tensor library without its tensors. Meanings and layouts are those of `TensorLibrary`. */
export type Operation =
  | { readonly kind: "input"; readonly name: string; readonly element: "f32" | "tokens" }
  | { readonly kind: "weight"; readonly key: string }
  | { readonly kind: "constant"; readonly values: Float32Array }
  | { readonly kind: "unary"; readonly name: UnaryName }
  | { readonly kind: "binary"; readonly name: BinaryName }
  | { readonly kind: "clip"; readonly low: number; readonly high: number }
  | { readonly kind: "roundToPowerOfTwo"; readonly lowExponent: number; readonly highExponent: number }
  | { readonly kind: "keepLargest"; readonly count: number }
  | { readonly kind: "matMul"; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly kind: "conv2d"; readonly window: Window2D; readonly groups: number }
  | { readonly kind: "depthwiseConv2d"; readonly window: Window2D }
  | { readonly kind: "adder"; readonly window: Window2D }
  | { readonly kind: "maxPool"; readonly window: PoolWindow }
  | { readonly kind: "averagePool"; readonly window: PoolWindow }
  | { readonly kind: "upsampleNearest"; readonly factor: number }
  | { readonly kind: "reduce"; readonly name: ReductionName; readonly axes: readonly number[]; readonly keepDimensions: boolean }
  /** Inputs: x, scale, offset. */
  | { readonly kind: "layerNorm"; readonly epsilon: number }
  /** Inputs: x, mean, variance, scale, offset. */
  | { readonly kind: "batchNorm"; readonly epsilon: number }
  | { readonly kind: "reshape"; readonly shape: Shape }
  | { readonly kind: "transpose"; readonly permutation: readonly number[] }
  | { readonly kind: "concat"; readonly axis: number }
  | { readonly kind: "slice"; readonly begin: readonly number[]; readonly size: readonly number[] }
  | { readonly kind: "pad"; readonly paddings: readonly (readonly [number, number])[] }
  /** Every so many rows and columns of an image, from the first. */
  | { readonly kind: "subsample"; readonly steps: readonly [number, number] }
  | { readonly kind: "gather" }
  | { readonly kind: "cumulativeSum"; readonly axis: number };

export interface TraceNode {
  readonly id: number;
  readonly operation: Operation;
  /** Ids of earlier nodes. */
  readonly inputs: readonly number[];
  /** The batch (or a multiple of it) is -1. */
  readonly shape: Shape;
  /** Follows from weights and constants alone. */
  readonly fixed: boolean;
  /** Id of the node of the network that made it; -1 for weights and constants used by several. */
  readonly owner: number;
}

export interface Trace {
  readonly name: string;
  readonly nodes: readonly TraceNode[];
  readonly inputs: readonly { readonly name: string; readonly node: number }[];
  readonly outputs: readonly { readonly name: string; readonly node: number }[];
  /** Every tensor that is read from the weights, by its key in a weights file. */
  readonly weights: ReadonlyMap<string, Shape>;
  /** Path and operator of each node of the network. */
  readonly owners: readonly { readonly path: string; readonly operator: string }[];
}

export interface Margins { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number }

/** How many cells a window covers along one axis. */
export const extentOf = (taps: number, dilation: number): number => (taps - 1) * dilation + 1;

/** Rows and columns of padding; `same` gives the odd one at the end, as TensorFlow does. */
export function marginsOf(padding: Padding, input: readonly [number, number], taps: readonly [number, number], window: Window2D): Margins {
  if (padding === "valid") return { top: 0, bottom: 0, left: 0, right: 0 };
  if (padding !== "same") return padding;
  const [vertical, horizontal] = ([0, 1] as const).map((axis) => {
    const size = input[axis];
    const stride = window.strides[axis];
    return Math.max(0, (Math.ceil(size / stride) - 1) * stride + extentOf(taps[axis], window.dilation[axis]) - size);
  }) as [number, number];
  return { top: Math.floor(vertical / 2), bottom: Math.ceil(vertical / 2), left: Math.floor(horizontal / 2), right: Math.ceil(horizontal / 2) };
}

/** Height and width after a window has slid over an image. */
export function windowOutput(input: readonly [number, number], taps: readonly [number, number], window: Window2D): [number, number] {
  const margins = marginsOf(window.padding, input, taps, window);
  const along = (axis: 0 | 1, padding: number): number => Math.floor((input[axis] + padding - extentOf(taps[axis], window.dilation[axis])) / window.strides[axis]) + 1;
  return [along(0, margins.top + margins.bottom), along(1, margins.left + margins.right)];
}

export const volume = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
