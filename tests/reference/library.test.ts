/** The reference library itself: known values, and every gradient against finite differences. */
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/random/stream.js";
import type { Window2D } from "../../src/ops/tensor-library.js";
import { erf, nearestPowerOfTwo, roundHalfEven } from "./elementwise.js";
import { largestDifference, numericGradient, randomTensor, type TensorFunction } from "./finite-differences.js";
import { reference as r } from "./library.js";
import { gradientsOf, tensor } from "./tensor.js";

const window = (more: Partial<Window2D> = {}): Window2D => ({ strides: [1, 1], padding: "same", dilation: [1, 1], ...more });
const pool = (more: Partial<Window2D> = {}): Window2D & { size: readonly [number, number] } => ({ size: [3, 2], ...window(more) });
const uneven = window({ strides: [2, 1], padding: { top: 1, bottom: 0, left: 2, right: 1 }, dilation: [1, 2] });
const IMAGE = [2, 5, 4, 4];

interface Case { readonly name: string; readonly shapes: readonly (readonly number[])[]; readonly f: TensorFunction; readonly positive?: boolean }

const unaries: readonly Case[] = (["negate", "abs", "square", "exp", "relu", "relu6", "sigmoid", "tanh", "elu", "gelu", "softmax"] as const).map((name) => ({ name, shapes: [[3, 7]], f: ([x]) => r[name](x!) }));
const positives: readonly Case[] = (["log", "sqrt", "reciprocalSqrt"] as const).map((name) => ({ name, shapes: [[3, 7]], f: ([x]) => r[name](x!), positive: true }));
const binaries: readonly Case[] = (["add", "subtract", "multiply", "divide", "maximum", "minimum"] as const).flatMap((name) =>
  ([[[2, 3, 4], [2, 3, 4]], [[2, 3, 4], [4]], [[2, 1, 4], [3, 1]], [[], [2, 2]]] as const).map((shapes) => ({ name: `${name} ${JSON.stringify(shapes)}`, shapes, f: ([a, b]) => r[name](a!, b!), positive: true })));

const cases: readonly Case[] = [
  ...unaries, ...positives, ...binaries,
  { name: "clip", shapes: [[4, 5]], f: ([x]) => r.clip(x!, -0.5, 0.7) },
  { name: "matMul", shapes: [[2, 3], [3, 4]], f: ([a, b]) => r.matMul(a!, b!) },
  { name: "matMul transposed", shapes: [[2, 1, 3, 2], [1, 3, 4, 3]], f: ([a, b]) => r.matMul(a!, b!, true, true) },
  { name: "matMul with one matrix for all", shapes: [[2, 3, 4], [4, 2]], f: ([a, b]) => r.matMul(a!, b!) },
  { name: "conv2d", shapes: [IMAGE, [3, 3, 4, 2]], f: ([x, w]) => r.conv2d(x!, w!, window(), 1) },
  { name: "conv2d strided", shapes: [IMAGE, [3, 2, 4, 2]], f: ([x, w]) => r.conv2d(x!, w!, window({ strides: [2, 3], padding: "valid" }), 1) },
  { name: "conv2d grouped, padded, dilated", shapes: [IMAGE, [2, 3, 2, 6]], f: ([x, w]) => r.conv2d(x!, w!, uneven, 2) },
  { name: "depthwiseConv2d", shapes: [IMAGE, [2, 3, 4, 2]], f: ([x, w]) => r.depthwiseConv2d(x!, w!, uneven) },
  { name: "maxPool", shapes: [IMAGE], f: ([x]) => r.maxPool(x!, pool({ strides: [2, 2] })) },
  { name: "averagePool", shapes: [IMAGE], f: ([x]) => r.averagePool(x!, pool({ strides: [1, 2] })) },
  { name: "upsampleNearest", shapes: [[2, 2, 3, 2]], f: ([x]) => r.upsampleNearest(x!, 2) },
  { name: "sum", shapes: [[2, 3, 4]], f: ([x]) => r.sum(x!, [0, 2], false) },
  { name: "mean", shapes: [[2, 3, 4]], f: ([x]) => r.mean(x!, [1], true) },
  { name: "max", shapes: [[2, 3, 4]], f: ([x]) => r.max(x!, [1, 2], false) },
  { name: "layerNorm", shapes: [[2, 3, 4], [4], [4]], f: ([x, s, o]) => r.layerNorm(x!, s!, o!, 1e-3) },
  { name: "batchNormTrain", shapes: [[2, 2, 3, 4], [4], [4]], f: ([x, s, o]) => r.batchNormTrain(x!, s!, o!, 1e-3).output },
  { name: "batchNormInference", shapes: [[3, 4], [4], [4], [4], [4]], f: ([x, m, v, s, o]) => r.batchNormInference(x!, m!, v!, s!, o!, 1e-3), positive: true },
  { name: "reshape", shapes: [[2, 3, 4]], f: ([x]) => r.square(r.reshape(x!, [-1, 6])) },
  { name: "transpose", shapes: [[2, 3, 4]], f: ([x]) => r.transpose(x!, [2, 0, 1]) },
  { name: "concat", shapes: [[2, 1, 4], [2, 3, 4]], f: ([a, b]) => r.concat([a!, b!], 1) },
  { name: "slice", shapes: [[3, 4, 2]], f: ([x]) => r.slice(x!, [1, 1, 0], [-1, 2, 1]) },
  { name: "pad", shapes: [[2, 3]], f: ([x]) => r.pad(x!, [[1, 0], [2, 1]]) },
  { name: "gather", shapes: [[5, 3]], f: ([table]) => r.gather(table!, tensor([4, 0, 4, 1, 1, 2], [2, 3])) },
  { name: "cumulativeSum over the first axis", shapes: [[3, 2, 4]], f: ([x]) => r.cumulativeSum(x!, 0) },
  { name: "cumulativeSum over a middle axis", shapes: [[2, 4, 3]], f: ([x]) => r.cumulativeSum(x!, 1) },
];

describe("gradients of the reference library", () => {
  it.each(cases)("$name", ({ name, shapes, f, positive }) => {
    const random = randomStream(11, `reference/${name}`);
    const inputs = shapes.map((shape) => randomTensor(random, shape, positive ? 0.3 : -1.5));
    const output = f(inputs);
    const seed = randomTensor(random, output.shape).values;
    gradientsOf(output, inputs, seed).forEach((gradient, which) => {
      expect(largestDifference(gradient, numericGradient(f, inputs, which, seed))).toBeLessThan(1e-7);
    });
  });

  it("adds up over several uses of a tensor", () => {
    const x = tensor([3], []);
    expect([...gradientsOf(r.add(r.multiply(x, x), r.multiply(x, r.scalar(5))), [x])[0]!]).toEqual([11]);
  });

  it("is zero for the step functions", () => {
    const x = tensor([0.3, 1.7, -2.2], [3]);
    for (const y of [r.floor(x), r.sign(x), r.round(x), r.greater(x, r.scalar(0)), r.powerOfTwo(x), r.roundToPowerOfTwo(x, -4, 0)]) expect([...gradientsOf(y, [x])[0]!]).toEqual([0, 0, 0]);
  });
});

describe("values of the reference library", () => {
  it("follow the tables (DLMF 7.23: erf)", () => {
    expect(erf(0.5)).toBeCloseTo(0.5204998778130465, 14);
    expect(erf(1)).toBeCloseTo(0.8427007929497149, 14);
    expect(erf(-3)).toBeCloseTo(-0.9999779095030014, 14);
  });

  it("round half to even", () => {
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4999].map((x) => roundHalfEven(x) + 0)).toEqual([-2, -2, 0, 0, 2, 2, 2]);
    expect([0.3, 0.36, 1.7, -0.01, 0, 1e-6].map((w) => nearestPowerOfTwo(w, -15, 0))).toEqual([0.25, 0.5, 1, -(2 ** -7), 0, 2 ** -15]);
  });

  it("pad as TensorFlow does: the odd zero comes last", () => {
    const x = tensor([1, 2, 3, 4], [1, 4, 1, 1]);
    expect([...r.conv2d(x, tensor([1, 10, 100], [3, 1, 1, 1]), window({ strides: [2, 1] }), 1).values]).toEqual([321, 43]);
    expect([...r.conv2d(x, tensor([1, 10, 100], [3, 1, 1, 1]), window({ padding: "valid" }), 1).values]).toEqual([321, 432]);
  });

  it("do not count padding in an average, nor let it win a maximum", () => {
    const x = tensor([-1, -2, -3], [1, 3, 1, 1]);
    const size = { ...window(), size: [3, 1] as const };
    expect([...r.averagePool(x, size).values]).toEqual([-1.5, -2, -2.5]);
    expect([...r.maxPool(x, size).values]).toEqual([-1, -1, -2]);
  });

  it("count a padded tap of an adder as a real zero", () => {
    const [x, w] = [tensor([5], [1, 1, 1, 1]), tensor([1, 2, -4], [3, 1, 1, 1])];
    expect([...r.adder(x, w, window()).values]).toEqual([-(1 + 3 + 4)]);
    const one = tensor([1], [1, 1, 1, 1]);
    expect([...r.adderInputGradient(one, x, w, window()).values]).toEqual([-1]);
    expect([...r.adderFilterGradient(one, x, w, window()).values]).toEqual([-1, 3, 4]);
  });

  it("give batch norm the biased variance", () => {
    const { mean, variance } = r.batchNormTrain(tensor([1, 3], [2, 1]), tensor([1], [1]), tensor([0], [1]), 1e-5);
    expect([mean.values[0], variance.values[0]]).toEqual([2, 1]);
  });

  it("use the stated gradient and not the true one", () => {
    const x = tensor([2, -3], [2]);
    const y = r.customGradient([x], (v) => r.square(v!), (dy) => [r.multiply(dy, r.scalar(7))]);
    expect([...y.values]).toEqual([4, 9]);
    expect([...gradientsOf(y, [x])[0]!]).toEqual([7, 7]);
  });
});
