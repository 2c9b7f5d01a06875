/**
 * Evaluates the parts of a trace that follow from weights and constants alone (rounded shift weights, normalised scales) in plain
 * float32, so that an exported model stores their results. What is not worth knowing here stays `undefined` and is computed by the model.
 */
import { largestMask } from "../ops/largest.js";
import type { Shape } from "../ops/operator.js";
import { volume, type BinaryName, type Operation, type ReductionName, type Trace, type UnaryName } from "./trace.js";

export interface FixedTensor { readonly shape: Shape; readonly values: Float32Array }

/** Half to even, as every tensor library of the project rounds. */
export function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** sign(w) 2^round(log2|w|) with |w| first clamped to [2^low, 2^high]; exact zero stays (DeepShift, Elhoushi et al. 2019). */
export function nearestPowerOfTwo(weight: number, lowExponent: number, highExponent: number): number {
  if (weight === 0) return 0;
  const magnitude = Math.min(2 ** highExponent, Math.max(2 ** lowExponent, Math.abs(weight)));
  return Math.sign(weight) * 2 ** roundHalfToEven(Math.log2(magnitude));
}

const unaries: Partial<Record<UnaryName, (x: number) => number>> = {
  negate: (x) => -x, abs: Math.abs, square: (x) => x * x, exp: Math.exp, log: Math.log, sqrt: Math.sqrt, reciprocalSqrt: (x) => 1 / Math.sqrt(x),
  floor: Math.floor, sign: Math.sign, round: roundHalfToEven, relu: (x) => Math.max(0, x), tanh: Math.tanh, sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  powerOfTwo: (x) => 2 ** roundHalfToEven(x), zerosLike: () => 0,
};

const binaries: Record<BinaryName, (a: number, b: number) => number> = {
  add: (a, b) => a + b, subtract: (a, b) => a - b, multiply: (a, b) => a * b, divide: (a, b) => a / b, maximum: Math.max, minimum: Math.min,
  greater: (a, b) => (a > b ? 1 : 0),
};

/** Steps in the flat values for one step along each axis. */
function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** A tensor of `shape` whose element at an index is found at `start` + index . `steps` in `source`. */
function strided(source: Float32Array, shape: Shape, steps: readonly number[], start = 0): FixedTensor {
  const values = new Float32Array(volume(shape));
  const index = shape.map(() => 0);
  for (let i = 0, at = start; i < values.length; i++) {
    values[i] = source[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += steps[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= steps[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return { shape, values };
}

function broadcast({ shape, values }: FixedTensor, wanted: Shape): Float32Array {
  if (shape.join() === wanted.join()) return values;
  const strides = stridesOf(shape);
  const missing = wanted.length - shape.length;
  return strided(values, wanted, wanted.map((_, axis) => (axis < missing || shape[axis - missing] === 1 ? 0 : strides[axis - missing]!))).values;
}

const reductions: Readonly<Record<ReductionName, (values: Float32Array) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0), mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length, max: (values) => values.reduce((most, value) => Math.max(most, value)),
};

/** Over `axes`, which are brought to the end so that what belongs to one result lies side by side. */
function reduced(name: ReductionName, { shape, values }: FixedTensor, axes: readonly number[]): Float32Array {
  const strides = stridesOf(shape);
  const order = [...shape.keys()].sort((a, b) => Number(axes.includes(a)) - Number(axes.includes(b)) || a - b);
  const sorted = strided(values, order.map((axis) => shape[axis]!), order.map((axis) => strides[axis]!)).values;
  const length = volume(axes.map((axis) => shape[axis]!));
  return Float32Array.from({ length: sorted.length / length }, (_, at) => reductions[name](sorted.subarray(at * length, (at + 1) * length)));
}

function evaluate(operation: Operation, inputs: readonly FixedTensor[], shape: Shape): FixedTensor | undefined {
  const [a, b] = inputs;
  switch (operation.kind) {
    case "constant": return { shape, values: operation.values };
    case "unary": {
      const f = unaries[operation.name];
      return f && { shape, values: a!.values.map(f) };
    }
    case "binary": {
      const left = broadcast(a!, shape);
      const right = broadcast(b!, shape);
      return { shape, values: left.map((value, i) => binaries[operation.name](value, right[i]!)) };
    }
    case "clip": return { shape, values: a!.values.map((x) => Math.min(operation.high, Math.max(operation.low, x))) };
    case "roundToPowerOfTwo": return { shape, values: a!.values.map((x) => nearestPowerOfTwo(x, operation.lowExponent, operation.highExponent)) };
    case "keepLargest": return { shape, values: largestMask(a!.values, operation.count) };
    case "reduce": return { shape, values: reduced(operation.name, a!, operation.axes) };
    case "reshape": return { shape, values: a!.values };
    case "transpose": {
      const strides = stridesOf(a!.shape);
      return strided(a!.values, shape, operation.permutation.map((axis) => strides[axis]!));
    }
    case "slice": {
      const strides = stridesOf(a!.shape);
      return strided(a!.values, shape, strides, operation.begin.reduce((start, begin, axis) => start + begin * strides[axis]!, 0));
    }
    default: return undefined;
  }
}

/** The value of every fixed node of a trace, given its weights; `undefined` for the rest. */
export function foldConstants(trace: Trace, weights: ReadonlyMap<string, { readonly values: Float32Array }>): readonly (FixedTensor | undefined)[] {
  const known: (FixedTensor | undefined)[] = [];
  for (const node of trace.nodes) {
    const inputs = node.inputs.map((input) => known[input]);
    if (node.operation.kind === "weight") known.push({ shape: node.shape, values: weights.get(node.operation.key)!.values });
    else known.push(node.fixed && inputs.every((input) => input !== undefined) ? evaluate(node.operation, inputs as readonly FixedTensor[], node.shape) : undefined);
  }
  return known;
}
