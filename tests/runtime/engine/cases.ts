/** Every method of the tensor library on shapes with odd sizes: what the engines and the float64 reference must agree on. */
import type { Padding, Tensor, TensorLibrary, Window2D } from "../../../src/ops/tensor-library.js";

export interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  /** Moves the standard normal inputs, e.g. to make them positive. */
  readonly prepare?: (value: number, input: number) => number;
  /** Inputs without gradient (indices). */
  readonly constant?: readonly number[];
  build<T extends Tensor>(library: TensorLibrary<T>, inputs: readonly T[]): T;
}

const window = (stride = 1, padding: Padding = "same", dilation = 1): Window2D => ({ strides: [stride, stride], padding, dilation: [dilation, dilation] });
const edges = { top: 1, bottom: 0, left: 2, right: 1 };
const positive = (value: number): number => Math.abs(value) + 0.5;
const apart = (value: number): number => value + Math.sign(value) * 0.1;

type Unary = "negate" | "abs" | "square" | "exp" | "log" | "sqrt" | "reciprocalSqrt" | "floor" | "sign" | "relu" | "relu6" | "sigmoid" | "tanh" | "elu" | "gelu" | "softmax" | "powerOfTwo" | "round" | "zerosLike";
const unary = (name: Unary, prepare?: Case["prepare"]): Case => ({ name, shapes: [[3, 5, 7]], ...(prepare && { prepare }), build: (library, [x]) => library[name](x!) });

type Binary = "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum" | "greater";
const binary = (name: Binary): Case[] => [[[3, 5], [3, 5]], [[2, 3, 5], [5]], [[4, 1, 3], [2, 1]], [[3], [2, 4, 1]], [[2, 3], []], [[1, 4], [3, 1]]].map((shapes) => ({
  name: `${name} ${shapes.map((shape) => `[${shape.join()}]`).join(" ")}`, shapes, prepare: apart, build: (library, [a, b]) => library[name](a!, b!),
}));

const matMul = (a: number[], b: number[], transposeA: boolean, transposeB: boolean): Case => {
  const flip = (shape: number[], flipped: boolean): number[] => (flipped ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape);
  return { name: `matMul [${a.join()}] [${b.join()}] ${transposeA ? "T" : "N"}${transposeB ? "T" : "N"}`, shapes: [flip(a, transposeA), flip(b, transposeB)], build: (library, [x, y]) => library.matMul(x!, y!, transposeA, transposeB) };
};

const windows: readonly (readonly [string, Window2D])[] = [
  ["same", window()], ["valid", window(1, "valid")], ["stride 2", window(2)], ["stride 2 valid", window(2, "valid")], ["stride 3", window(3)],
  ["edges", window(2, edges)], ["dilation 2", window(1, "same", 2)], ["dilation 2 stride 2", window(2, "same", 2)], ["dilation 3", window(1, "valid", 3)],
  ["uneven", { strides: [2, 1], padding: "same", dilation: [1, 2] }],
];

const convolutions = windows.flatMap(([name, w]): Case[] => [
  { name: `conv2d 3x3 ${name}`, shapes: [[2, 9, 8, 5], [3, 3, 5, 6]], build: (library, [x, filter]) => library.conv2d(x!, filter!, w, 1) },
  { name: `conv2d 1x1 ${name}`, shapes: [[2, 7, 8, 8], [1, 1, 8, 12]], build: (library, [x, filter]) => library.conv2d(x!, filter!, w, 1) },
  { name: `conv2d groups ${name}`, shapes: [[2, 8, 9, 6], [3, 2, 2, 9]], build: (library, [x, filter]) => library.conv2d(x!, filter!, w, 3) },
  { name: `depthwiseConv2d ${name}`, shapes: [[2, 9, 8, 7], [3, 3, 7, 1]], build: (library, [x, filter]) => library.depthwiseConv2d(x!, filter!, w) },
  { name: `depthwiseConv2d x2 ${name}`, shapes: [[2, 9, 8, 3], [3, 3, 3, 2]], build: (library, [x, filter]) => library.depthwiseConv2d(x!, filter!, w) },
  { name: `maxPool ${name}`, shapes: [[2, 9, 8, 5]], build: (library, [x]) => library.maxPool(x!, { ...w, size: [3, 3] }) },
  { name: `averagePool ${name}`, shapes: [[2, 9, 8, 5]], build: (library, [x]) => library.averagePool(x!, { ...w, size: [3, 3] }) },
  { name: `adder ${name}`, shapes: [[2, 9, 8, 5], [3, 3, 5, 6]], build: (library, inputs) => library.customGradient(inputs, (x, filter) => library.adder(x!, filter!, w), (dy, [x, filter]) => [library.adderInputGradient(dy, x!, filter!, w), library.adderFilterGradient(dy, x!, filter!, w)]) },
]);

/** Where a library has attention as one operation, it is held to what it is composed of; so many heads that they come in groups. */
const attentions = [[[2, 3, 5, 4], [2, 3, 7, 4], [2, 3, 7, 3]], [[5, 5, 37, 6], [5, 5, 41, 6], [5, 5, 41, 9]], [[1, 2, 210, 3], [1, 2, 190, 3], [1, 2, 190, 5]]].map((shapes): Case => ({
  name: `attend ${shapes[0]!.join(" x ")}`, shapes,
  build: (library, [q, k, v]) => (library.attend === undefined ? library.matMul(library.softmax(library.matMul(q!, k!, false, true)), v!) : library.attend(q!, k!, v!)),
}));

const wide: readonly Case[] = [
  { name: "conv2d from one channel", shapes: [[3, 11, 10, 1], [3, 3, 1, 17]], build: (library, [x, filter]) => library.conv2d(x!, filter!, window(), 1) },
  { name: "conv2d many channels", shapes: [[2, 6, 5, 40], [3, 3, 40, 24]], build: (library, [x, filter]) => library.conv2d(x!, filter!, window(2), 1) },
  { name: "conv2d 5x5", shapes: [[1, 7, 7, 3], [5, 5, 3, 4]], build: (library, [x, filter]) => library.conv2d(x!, filter!, window(), 1) },
  { name: "conv2d kernel larger than image", shapes: [[2, 2, 2, 3], [5, 5, 3, 4]], build: (library, [x, filter]) => library.conv2d(x!, filter!, window(2), 1) },
  { name: "depthwise many channels", shapes: [[2, 7, 6, 40], [5, 5, 40, 1]], build: (library, [x, filter]) => library.depthwiseConv2d(x!, filter!, window(2)) },
  { name: "adder many channels", shapes: [[1, 5, 6, 37], [3, 3, 37, 18]], build: (library, inputs) => library.customGradient(inputs, (x, filter) => library.adder(x!, filter!, window()), (dy, [x, filter]) => [library.adderInputGradient(dy, x!, filter!, window()), library.adderFilterGradient(dy, x!, filter!, window())]) },
  { name: "maxPool all negative", shapes: [[2, 6, 6, 5]], prepare: (value) => -positive(value), build: (library, [x]) => library.maxPool(x!, { ...window(2, "valid"), size: [2, 2] }) },
  { name: "maxPool many channels", shapes: [[1, 6, 6, 21]], build: (library, [x]) => library.maxPool(x!, { ...window(2), size: [3, 3] }) },
  matMul([300, 70], [70, 21], false, false), matMul([5, 600], [600, 9], false, true), matMul([70, 300], [300, 8], true, false), matMul([67, 530], [530, 35], true, true),
];

const index = (value: number, input: number): number => (input === 1 ? Math.floor(Math.abs(value) * 3) % 5 : value);

export const cases: readonly Case[] = [
  ...(["add", "subtract", "multiply", "divide", "maximum", "minimum", "greater"] as const).flatMap(binary),
  unary("negate"), unary("abs", apart), unary("square"), unary("exp"), unary("log", positive), unary("sqrt", positive), unary("reciprocalSqrt", positive),
  unary("floor", (value) => value * 2 + 0.01), unary("sign", apart), unary("relu", apart), unary("relu6", (value) => apart(value) * 5), unary("sigmoid", (value) => value * 3), unary("tanh"), unary("elu"),
  unary("gelu", (value) => value * 3), unary("softmax", (value) => value * 4), unary("powerOfTwo", (value) => value * 3 + 0.01), unary("round", (value) => value * 3 + 0.01), unary("zerosLike"),
  { name: "clip", shapes: [[4, 9]], build: (library, [x]) => library.clip(x!, -0.7, 0.5) },
  { name: "keepLargest", shapes: [[4, 9]], build: (library, [x]) => library.keepLargest(x!, 13) },
  { name: "keepLargest of all", shapes: [[5]], build: (library, [x]) => library.keepLargest(x!, 5) },
  { name: "roundToPowerOfTwo", shapes: [[4, 9]], build: (library, [x]) => library.roundToPowerOfTwo(x!, -6, 0) },
  ...[[false, false], [false, true], [true, false], [true, true]].flatMap(([ta, tb]) => [
    matMul([5, 7], [7, 9], ta!, tb!), matMul([3, 5, 7], [3, 7, 4], ta!, tb!), matMul([2, 3, 5, 6], [2, 3, 6, 8], ta!, tb!), matMul([2, 5, 7], [7, 4], ta!, tb!), matMul([2, 5, 7], [1, 7, 4], ta!, tb!),
    matMul([7, 5], [3, 5, 4], ta!, tb!), matMul([2, 1, 5, 7], [3, 7, 4], ta!, tb!),
  ]),
  ...convolutions, ...attentions, ...wide,
  { name: "upsampleNearest", shapes: [[2, 3, 4, 5]], build: (library, [x]) => library.upsampleNearest(x!, 3) },
  ...[[0], [1], [2], [3], [0, 1], [1, 2], [0, 3], [-1], [0, 1, 2, 3]].flatMap((axes): Case[] => [true, false].flatMap((keep) => (["sum", "mean", "max"] as const).map((name) => ({
    name: `${name} [${axes.join()}]${keep ? " kept" : ""}`, shapes: [[2, 3, 4, 5]], build: (library, [x]) => library[name](x!, axes, keep),
  })))),
  { name: "layerNorm", shapes: [[2, 5, 13], [13], [13]], build: (library, [x, scale, offset]) => library.layerNorm(x!, scale!, offset!, 1e-5) },
  { name: "batchNormTrain", shapes: [[3, 4, 5, 7], [7], [7]], build: (library, [x, scale, offset]) => library.batchNormTrain(x!, scale!, offset!, 1e-3).output },
  { name: "batchNormTrain far from zero", shapes: [[3, 4, 5, 9], [9], [9]], prepare: (value, input) => (input === 0 ? value + 100 : value), build: (library, [x, scale, offset]) => library.batchNormTrain(x!, scale!, offset!, 1e-3).output },
  { name: "batchNormTrain of vectors", shapes: [[6, 5], [5], [5]], build: (library, [x, scale, offset]) => library.batchNormTrain(x!, scale!, offset!, 1e-3).output },
  { name: "batchNormInference", shapes: [[3, 4, 5, 7], [7], [7], [7], [7]], prepare: (value, input) => (input === 2 ? positive(value) : value), build: (library, [x, mean, variance, scale, offset]) => library.batchNormInference(x!, mean!, variance!, scale!, offset!, 1e-3) },
  { name: "reshape", shapes: [[2, 3, 4]], build: (library, [x]) => library.reshape(x!, [-1, 6]) },
  ...[[[2, 3, 4, 5], [0, 2, 1, 3]], [[2, 3, 4, 5], [3, 2, 1, 0]], [[6, 7], [1, 0]], [[2, 3, 4], [2, 0, 1]], [[2, 3, 2, 3, 2], [2, 0, 3, 1, 4]], [[2, 2, 3, 2, 3, 2], [0, 3, 5, 1, 4, 2]], [[1, 3, 1, 4], [2, 3, 0, 1]]].map(([shape, permutation]): Case => ({
    name: `transpose [${shape!.join()}] by ${permutation!.join()}`, shapes: [shape!], build: (library, [x]) => library.transpose(x!, permutation!),
  })),
  ...[0, 1, 2, -1].map((axis): Case => ({ name: `concat ${axis}`, shapes: [[2, 3, 4], [axis === 0 ? 5 : 2, axis === 1 ? 5 : 3, axis === 2 || axis === -1 ? 5 : 4]], build: (library, parts) => library.concat(parts, axis) })),
  { name: "concat of one", shapes: [[2, 3]], build: (library, parts) => library.concat(parts, 0) },
  { name: "slice", shapes: [[4, 5, 6]], build: (library, [x]) => library.slice(x!, [1, 0, 2], [2, -1, 3]) },
  { name: "pad", shapes: [[2, 3, 4]], build: (library, [x]) => library.pad(x!, [[0, 0], [1, 2], [3, 0]]) },
  { name: "gather", shapes: [[5, 7], [2, 6]], prepare: index, constant: [1], build: (library, [table, indices]) => library.gather(table!, indices!) },
  ...[0, 1, 2, -1].map((axis): Case => ({ name: `cumulativeSum ${axis}`, shapes: [[3, 3, 3]], build: (library, [x]) => library.cumulativeSum(x!, axis) })),
  { name: "cumulativeSum of a long axis", shapes: [[2, 9, 4]], build: (library, [x]) => library.cumulativeSum(x!, 1) },
  { name: "one tensor used twice", shapes: [[3, 4]], build: (library, [x]) => library.multiply(library.add(x!, x!), library.subtract(x!, library.square(x!))) },
  { name: "sums share a gradient", shapes: [[3, 4], [3, 4]], build: (library, [a, b]) => library.add(library.add(a!, b!), library.add(library.multiply(a!, b!), a!)) },
  { name: "customGradient that hands its input through", shapes: [[3, 4]], build: (library, inputs) => library.customGradient(inputs, (x) => x!, (dy) => [dy]) },
  { name: "straight-through rounding", shapes: [[3, 4]], build: (library, inputs) => library.customGradient(inputs, (x) => library.round(x!), (dy, [x]) => [library.multiply(dy, library.greater(x!, library.scalar(0)))]) },
];
