/**
 * A tensor library that computes nothing and writes down what it is asked: shapes with -1 for the batch, one trace node per call.
 * Gradients and batch statistics do not exist here; a trace is of inference.
 */
import type { Tensor, TensorLibrary, Window2D } from "../ops/tensor-library.js";
import type { Shape } from "../ops/operator.js";
import { marginsOf, volume, windowOutput, type BinaryName, type Operation, type ReductionName, type TraceNode, type UnaryName } from "./trace.js";

export interface TracedTensor extends Tensor { readonly id: number }

/** NumPy's rule; -1 (the batch) wins over 1. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) throw new Error(`shapes ${a.join("x")} and ${b.join("x")} do not broadcast`);
    return left === 1 ? right : left;
  });
}

/** The shape with its -1 resolved where the input has no batch in it. */
function reshapedTo(input: Shape, wanted: Shape): Shape {
  if (input.includes(-1)) return wanted;
  const known = volume(wanted.filter((size) => size !== -1));
  const shape = wanted.map((size) => (size === -1 ? volume(input) / known : size));
  if (volume(shape) !== volume(input)) throw new Error(`cannot reshape ${input.join("x")} to ${wanted.join("x")}`);
  return shape;
}

/** A negative axis counts from the end. */
const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

export class TracingLibrary implements TensorLibrary<TracedTensor> {
  readonly nodes: TraceNode[] = [];
  /** The node of the network that is being traced. */
  owner = -1;
  private readonly scalars = new Map<number, TracedTensor>();

  record(operation: Operation, inputs: readonly TracedTensor[], shape: Shape): TracedTensor {
    const id = this.nodes.length;
    const fixed = operation.kind !== "input" && inputs.every((input) => this.nodes[input.id]!.fixed);
    const shared = operation.kind === "weight" || operation.kind === "constant";
    this.nodes.push({ id, operation, inputs: inputs.map((input) => input.id), shape, fixed, owner: shared ? -1 : this.owner });
    return { id, shape };
  }

  private unary(name: UnaryName, x: TracedTensor): TracedTensor { return this.record({ kind: "unary", name }, [x], x.shape); }
  private binary(name: BinaryName, a: TracedTensor, b: TracedTensor): TracedTensor { return this.record({ kind: "binary", name }, [a, b], broadcastShape(a.shape, b.shape)); }

  private reduce(name: ReductionName, x: TracedTensor, given: readonly number[], keepDimensions: boolean): TracedTensor {
    const axes = given.map((axis) => axisOf(axis, x.shape.length));
    const shape = keepDimensions ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)) : x.shape.filter((_, axis) => !axes.includes(axis));
    return this.record({ kind: "reduce", name, axes, keepDimensions }, [x], shape);
  }

  private windowed(x: TracedTensor, taps: readonly [number, number], window: Window2D, channels: number): Shape {
    const [n, height, width] = x.shape as [number, number, number, number];
    return [n, ...windowOutput([height, width], taps, window), channels];
  }

  constant(values: Float32Array | readonly number[], shape: Shape): TracedTensor { return this.record({ kind: "constant", values: Float32Array.from(values) }, [], shape); }

  scalar(value: number): TracedTensor {
    let known = this.scalars.get(value);
    if (known === undefined) this.scalars.set(value, (known = this.constant([value], [])));
    return known;
  }

  zerosLike(x: TracedTensor): TracedTensor { return this.unary("zerosLike", x); }
  add(a: TracedTensor, b: TracedTensor): TracedTensor { return this.binary("add", a, b); }
  subtract(a: TracedTensor, b: TracedTensor): TracedTensor { return this.binary("subtract", a, b); }
  multiply(a: TracedTensor, b: TracedTensor): TracedTensor { return this.binary("multiply", a, b); }
  divide(a: TracedTensor, b: TracedTensor): TracedTensor { return this.binary("divide", a, b); }
  maximum(a: TracedTensor, b: TracedTensor): TracedTensor { return this.binary("maximum", a, b); }
  minimum(a: TracedTensor, b: TracedTensor): TracedTensor { return this.binary("minimum", a, b); }
  greater(a: TracedTensor, b: TracedTensor): TracedTensor { return this.binary("greater", a, b); }
  negate(x: TracedTensor): TracedTensor { return this.unary("negate", x); }
  abs(x: TracedTensor): TracedTensor { return this.unary("abs", x); }
  square(x: TracedTensor): TracedTensor { return this.unary("square", x); }
  exp(x: TracedTensor): TracedTensor { return this.unary("exp", x); }
  log(x: TracedTensor): TracedTensor { return this.unary("log", x); }
  sqrt(x: TracedTensor): TracedTensor { return this.unary("sqrt", x); }
  reciprocalSqrt(x: TracedTensor): TracedTensor { return this.unary("reciprocalSqrt", x); }
  floor(x: TracedTensor): TracedTensor { return this.unary("floor", x); }
  sign(x: TracedTensor): TracedTensor { return this.unary("sign", x); }
  round(x: TracedTensor): TracedTensor { return this.unary("round", x); }
  powerOfTwo(x: TracedTensor): TracedTensor { return this.unary("powerOfTwo", x); }
  relu(x: TracedTensor): TracedTensor { return this.unary("relu", x); }
  relu6(x: TracedTensor): TracedTensor { return this.unary("relu6", x); }
  sigmoid(x: TracedTensor): TracedTensor { return this.unary("sigmoid", x); }
  tanh(x: TracedTensor): TracedTensor { return this.unary("tanh", x); }
  elu(x: TracedTensor): TracedTensor { return this.unary("elu", x); }
  gelu(x: TracedTensor): TracedTensor { return this.unary("gelu", x); }
  softmax(x: TracedTensor): TracedTensor { return this.unary("softmax", x); }
  clip(x: TracedTensor, low: number, high: number): TracedTensor { return this.record({ kind: "clip", low, high }, [x], x.shape); }
  roundToPowerOfTwo(w: TracedTensor, lowExponent: number, highExponent: number): TracedTensor { return this.record({ kind: "roundToPowerOfTwo", lowExponent, highExponent }, [w], w.shape); }

  keepLargest(x: TracedTensor, count: number): TracedTensor { return this.record({ kind: "keepLargest", count }, [x], x.shape); }

  matMul(a: TracedTensor, b: TracedTensor, transposeA = false, transposeB = false): TracedTensor {
    const leading = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return this.record({ kind: "matMul", transposeA, transposeB }, [a, b], [...leading, a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!]);
  }

  /**
   * A convolution. TensorFlow.js refuses one that both skips and spreads, so that becomes one without a stride, of which every so
   * many places are kept.
   */
  private convolve(operation: { readonly kind: "conv2d"; readonly window: Window2D; readonly groups: number } | { readonly kind: "depthwiseConv2d"; readonly window: Window2D }, x: TracedTensor, filter: TracedTensor, channels: number): TracedTensor {
    const { window } = operation;
    const taps = [filter.shape[0]!, filter.shape[1]!] as const;
    if (Math.max(...window.strides) === 1 || Math.max(...window.dilation) === 1) return this.record(operation, [x, filter], this.windowed(x, taps, window, channels));
    const dense: Window2D = { strides: [1, 1], dilation: window.dilation, padding: marginsOf(window.padding, [x.shape[1]!, x.shape[2]!], taps, window) };
    const everywhere = this.record({ ...operation, window: dense }, [x, filter], this.windowed(x, taps, dense, channels));
    return this.record({ kind: "subsample", steps: window.strides }, [everywhere], this.windowed(x, taps, window, channels));
  }

  conv2d(x: TracedTensor, filter: TracedTensor, window: Window2D, groups: number): TracedTensor {
    return this.convolve({ kind: "conv2d", window, groups }, x, filter, filter.shape[3]!);
  }

  depthwiseConv2d(x: TracedTensor, filter: TracedTensor, window: Window2D): TracedTensor {
    return this.convolve({ kind: "depthwiseConv2d", window }, x, filter, filter.shape[2]! * filter.shape[3]!);
  }

  adder(x: TracedTensor, filter: TracedTensor, window: Window2D): TracedTensor {
    const [height, width, , out] = filter.shape as [number, number, number, number];
    return this.record({ kind: "adder", window }, [x, filter], this.windowed(x, [height, width], window, out));
  }

  maxPool(x: TracedTensor, window: Window2D & { readonly size: readonly [number, number] }): TracedTensor {
    return this.record({ kind: "maxPool", window }, [x], this.windowed(x, window.size, window, x.shape[3]!));
  }

  averagePool(x: TracedTensor, window: Window2D & { readonly size: readonly [number, number] }): TracedTensor {
    return this.record({ kind: "averagePool", window }, [x], this.windowed(x, window.size, window, x.shape[3]!));
  }

  upsampleNearest(x: TracedTensor, factor: number): TracedTensor {
    const [n, height, width, channels] = x.shape as [number, number, number, number];
    return this.record({ kind: "upsampleNearest", factor }, [x], [n, height * factor, width * factor, channels]);
  }

  sum(x: TracedTensor, axes: readonly number[], keepDimensions: boolean): TracedTensor { return this.reduce("sum", x, axes, keepDimensions); }
  mean(x: TracedTensor, axes: readonly number[], keepDimensions: boolean): TracedTensor { return this.reduce("mean", x, axes, keepDimensions); }
  max(x: TracedTensor, axes: readonly number[], keepDimensions: boolean): TracedTensor { return this.reduce("max", x, axes, keepDimensions); }

  layerNorm(x: TracedTensor, scale: TracedTensor, offset: TracedTensor, epsilon: number): TracedTensor { return this.record({ kind: "layerNorm", epsilon }, [x, scale, offset], x.shape); }

  batchNormInference(x: TracedTensor, mean: TracedTensor, variance: TracedTensor, scale: TracedTensor, offset: TracedTensor, epsilon: number): TracedTensor {
    return this.record({ kind: "batchNorm", epsilon }, [x, mean, variance, scale, offset], x.shape);
  }

  reshape(x: TracedTensor, shape: Shape): TracedTensor {
    const reshaped = reshapedTo(x.shape, shape);
    return this.record({ kind: "reshape", shape: reshaped }, [x], reshaped);
  }

  transpose(x: TracedTensor, permutation: readonly number[]): TracedTensor { return this.record({ kind: "transpose", permutation }, [x], permutation.map((axis) => x.shape[axis]!)); }

  concat(parts: readonly TracedTensor[], given: number): TracedTensor {
    const first = parts[0]!;
    if (parts.length === 1) return first;
    const axis = axisOf(given, first.shape.length);
    const total = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
    return this.record({ kind: "concat", axis }, parts, first.shape.map((size, at) => (at === axis ? total : size)));
  }

  slice(x: TracedTensor, begin: readonly number[], size: readonly number[]): TracedTensor {
    const shape = x.shape.map((extent, axis) => ((size[axis] ?? -1) === -1 ? (extent === -1 ? -1 : extent - (begin[axis] ?? 0)) : size[axis]!));
    return this.record({ kind: "slice", begin: x.shape.map((_, axis) => begin[axis] ?? 0), size: shape }, [x], shape);
  }

  pad(x: TracedTensor, paddings: readonly (readonly [number, number])[]): TracedTensor {
    return this.record({ kind: "pad", paddings }, [x], x.shape.map((size, axis) => (size === -1 ? -1 : size + paddings[axis]![0] + paddings[axis]![1])));
  }

  gather(table: TracedTensor, indices: TracedTensor): TracedTensor { return this.record({ kind: "gather" }, [table, indices], [...indices.shape, ...table.shape.slice(1)]); }
  cumulativeSum(x: TracedTensor, axis: number): TracedTensor { return this.record({ kind: "cumulativeSum", axis: axisOf(axis, x.shape.length) }, [x], x.shape); }

  customGradient(inputs: readonly TracedTensor[], forward: (...inputs: readonly TracedTensor[]) => TracedTensor): TracedTensor { return forward(...inputs); }
  batchNormTrain(): never { throw new Error("a trace is of inference: batch statistics are not part of it"); }
  adderInputGradient(): never { throw new Error("a trace has no gradients"); }
  adderFilterGradient(): never { throw new Error("a trace has no gradients"); }
}
