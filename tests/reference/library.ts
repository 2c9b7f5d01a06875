/**
 * The tensor library in float64: every method of the vocabulary, each written plainly or composed of plainly written ones. It is the
 * oracle of the operators' contract tests and of the engines.
 */
import type { TensorLibrary } from "../../src/ops/tensor-library.js";
import * as arrangement from "./arrangement.js";
import { binary, logistic, nearestPowerOfTwo, normalDensity, normalDistribution, roundHalfEven, stepwise, unary } from "./elementwise.js";
import { derived, detached, tensor, volume, type ReferenceTensor } from "./tensor.js";
import * as windows from "./windows.js";

type Library = TensorLibrary<ReferenceTensor>;

const add = binary((a, b) => a + b, () => [1, 1]);
const subtract = binary((a, b) => a - b, () => [1, -1]);
const multiply = binary((a, b) => a * b, (a, b) => [b, a]);
const reciprocalSqrt = unary((x) => 1 / Math.sqrt(x), (_, y) => -0.5 * y ** 3);
const square = unary((x) => x * x, (x) => 2 * x);
const scalar = (value: number): ReferenceTensor => tensor([value], []);

function mean(x: ReferenceTensor, axes: readonly number[], keepDimensions: boolean): ReferenceTensor {
  const count = axes.reduce((product, axis) => product * x.shape.at(axis)!, 1);
  return multiply(arrangement.sum(x, axes, keepDimensions), scalar(1 / count));
}

/** (x - mean) / sqrt(variance + epsilon) over `axes`, with the statistics. */
function normalize(x: ReferenceTensor, axes: readonly number[], epsilon: number): { output: ReferenceTensor; mean: ReferenceTensor; variance: ReferenceTensor } {
  const centre = mean(x, axes, true);
  const centred = subtract(x, centre);
  const variance = mean(square(centred), axes, true);
  return { output: multiply(centred, reciprocalSqrt(add(variance, scalar(epsilon)))), mean: centre, variance };
}

const affine = (x: ReferenceTensor, scale: ReferenceTensor, offset: ReferenceTensor): ReferenceTensor => add(multiply(x, scale), offset);

const batchNormTrain: Library["batchNormTrain"] = (x, scale, offset, epsilon) => {
  const found = normalize(x, x.shape.slice(0, -1).map((_, axis) => axis), epsilon);
  const channels = [x.shape.at(-1)!];
  return { output: affine(found.output, scale, offset), mean: arrangement.reshape(found.mean, channels), variance: arrangement.reshape(found.variance, channels) };
};

const exp = unary(Math.exp, (_, y) => y);
const divide = binary((a, b) => a / b, (a, b) => [1 / b, -a / (b * b)]);

function softmax(x: ReferenceTensor): ReferenceTensor {
  const powers = exp(subtract(x, detached(arrangement.max(x, [-1], true))));
  return divide(powers, arrangement.sum(powers, [-1], true));
}

function matMul(a: ReferenceTensor, b: ReferenceTensor, transposeA = false, transposeB = false): ReferenceTensor {
  const flip = (x: ReferenceTensor): ReferenceTensor => arrangement.transpose(x, [...x.shape.keys()].map((axis) => (axis === x.shape.length - 1 ? axis - 1 : axis === x.shape.length - 2 ? axis + 1 : axis)));
  return arrangement.matrixProduct(transposeA ? flip(a) : a, transposeB ? flip(b) : b);
}

const customGradient: Library["customGradient"] = (inputs, forward, gradient) => {
  const plain = inputs.map(detached);
  const value = detached(forward(...plain));
  return derived(value.shape, value.values, inputs, (dy) => {
    const parts = gradient(tensor(dy, value.shape), plain, value);
    if (parts.length !== inputs.length) throw new Error(`${parts.length} gradients for ${inputs.length} inputs`);
    parts.forEach((part, i) => { if (part.shape.join() !== inputs[i]!.shape.join()) throw new Error(`a gradient of shape [${part.shape.join(", ")}] for [${inputs[i]!.shape.join(", ")}]`); });
    return parts.map((part) => part.values);
  });
};

export const reference: Library = {
  constant: tensor,
  scalar,
  zerosLike: (x) => tensor(new Float64Array(volume(x.shape)), x.shape),

  add, subtract, multiply, divide,
  maximum: binary(Math.max, (a, b) => (a >= b ? [1, 0] : [0, 1])),
  minimum: binary(Math.min, (a, b) => (a <= b ? [1, 0] : [0, 1])),
  negate: unary((x) => -x, () => -1),
  abs: unary(Math.abs, Math.sign),
  square, exp,
  log: unary(Math.log, (x) => 1 / x),
  sqrt: unary(Math.sqrt, (_, y) => 0.5 / y),
  reciprocalSqrt,
  clip: (x, low, high) => unary((value) => Math.min(Math.max(value, low), high), (value) => (value >= low && value <= high ? 1 : 0))(x),
  floor: stepwise(Math.floor),
  sign: stepwise(Math.sign),
  greater: binary((a, b) => (a > b ? 1 : 0), () => [0, 0]),

  relu: unary((x) => Math.max(x, 0), (x) => (x > 0 ? 1 : 0)),
  relu6: unary((x) => Math.min(Math.max(x, 0), 6), (x) => (x > 0 && x < 6 ? 1 : 0)),
  sigmoid: unary(logistic, (_, y) => y * (1 - y)),
  tanh: unary(Math.tanh, (_, y) => 1 - y * y),
  elu: unary((x) => (x > 0 ? x : Math.expm1(x)), (x, y) => (x > 0 ? 1 : y + 1)),
  gelu: unary((x) => x * normalDistribution(x), (x) => normalDistribution(x) + x * normalDensity(x)),

  matMul,
  conv2d: windows.conv2d,
  depthwiseConv2d: windows.depthwiseConv2d,
  maxPool: windows.maxPool,
  averagePool: windows.averagePool,
  upsampleNearest: arrangement.upsampleNearest,

  sum: arrangement.sum,
  mean,
  max: arrangement.max,
  softmax,
  layerNorm: (x, scale, offset, epsilon) => affine(normalize(x, [-1], epsilon).output, scale, offset),
  batchNormTrain,
  batchNormInference: (x, centre, variance, scale, offset, epsilon) => affine(multiply(subtract(x, centre), reciprocalSqrt(add(variance, scalar(epsilon)))), scale, offset),

  reshape: arrangement.reshape,
  transpose: arrangement.transpose,
  concat: arrangement.concat,
  slice: arrangement.slice,
  pad: arrangement.pad,
  gather: arrangement.gather,
  cumulativeSum: arrangement.cumulativeSum,

  adder: windows.adder,
  adderInputGradient: windows.adderInputGradient,
  adderFilterGradient: windows.adderFilterGradient,
  roundToPowerOfTwo: (w, low, high) => stepwise((value) => nearestPowerOfTwo(value, low, high))(w),
  powerOfTwo: stepwise((s) => 2 ** roundHalfEven(s)),
  round: stepwise(roundHalfEven),
  keepLargest(x, count) {
    const order = [...x.values.keys()].sort((a, b) => Math.abs(x.values[b]!) - Math.abs(x.values[a]!) || a - b);
    const kept = new Set(order.slice(0, count));
    let at = 0;
    return stepwise(() => (kept.has(at++) ? 1 : 0))(x);
  },

  customGradient,
};
