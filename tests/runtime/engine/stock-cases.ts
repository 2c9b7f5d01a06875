/**
 * What stock TensorFlow.js on WebAssembly has no gradient for or a wrong one, as functions of our tensor library; `stock-gradients.mjs`
 * has the same functions in its own words. When a stock expectation fails, TensorFlow.js has been mended there.
 */
import type { Case } from "./cases.js";

export interface StockCase extends Case {
  /** The input that the gradient is taken for. */
  readonly which: number;
  /** What stock TensorFlow.js does: a gradient that is not the derivative, or an error that says this. */
  readonly stock: "wrong" | RegExp;
}

const same = (dilation = 1) => ({ strides: [1, 1], padding: "same", dilation: [dilation, dilation] }) as const;
const apart = (value: number): number => value + Math.sign(value) * 0.1;

export const stockCases: readonly StockCase[] = [
  { name: "max-pool of negative values", shapes: [[2, 4, 4, 3]], which: 0, stock: "wrong", prepare: (value) => -Math.abs(value) - 0.1, build: (library, [x]) => library.maxPool(x!, { size: [2, 2], strides: [2, 2], padding: "valid", dilation: [1, 1] }) },
  { name: "filter of a convolution", shapes: [[2, 5, 4, 3], [3, 3, 3, 4]], which: 1, stock: /Conv2DBackpropFilter/, build: (library, [x, w]) => library.conv2d(x!, w!, same(), 1) },
  { name: "filter of a depthwise convolution", shapes: [[2, 5, 4, 3], [3, 3, 3, 1]], which: 1, stock: /DepthwiseConv2dNativeBackprop/, build: (library, [x, w]) => library.depthwiseConv2d(x!, w!, same()) },
  { name: "input of a depthwise convolution", shapes: [[2, 5, 4, 3], [3, 3, 3, 1]], which: 0, stock: /DepthwiseConv2dNativeBackprop/, build: (library, [x, w]) => library.depthwiseConv2d(x!, w!, same()) },
  { name: "input of a dilated convolution", shapes: [[2, 6, 5, 3], [3, 3, 3, 2]], which: 0, stock: /dilation/i, build: (library, [x, w]) => library.conv2d(x!, w!, same(2), 1) },
  { name: "input of a dilated depthwise convolution", shapes: [[2, 6, 5, 3], [3, 3, 3, 1]], which: 0, stock: /dilation/i, build: (library, [x, w]) => library.depthwiseConv2d(x!, w!, same(2)) },
  { name: "table of a gather", shapes: [[5, 3], [2, 4]], which: 0, constant: [1], stock: /UnsortedSegmentSum/, prepare: (value, input) => (input === 1 ? Math.floor(Math.abs(value) * 3) % 5 : value), build: (library, [table, indices]) => library.gather(table!, indices!) },
  { name: "cumulative sum over a middle axis, square", shapes: [[2, 3, 3]], which: 0, stock: "wrong", build: (library, [x]) => library.cumulativeSum(x!, 1) },
  { name: "cumulative sum over a middle axis, not square", shapes: [[2, 3, 4]], which: 0, stock: /./, build: (library, [x]) => library.cumulativeSum(x!, 1) },
  { name: "cumulative sum over the first axis", shapes: [[3, 3, 3]], which: 0, stock: "wrong", build: (library, [x]) => library.cumulativeSum(x!, 0) },
  {
    name: "reflected border", shapes: [[4, 5]], which: 0, stock: "wrong",
    build(library, [x]) {
      const row = (at: number) => library.slice(x!, [at, 0], [1, -1]);
      const tall = library.concat([row(1), x!, row(2)], 0);
      const column = (at: number) => library.slice(tall, [0, at], [-1, 1]);
      return library.concat([column(2), column(1), tall, column(3), column(2)], 1);
    },
  },
  { name: "broadcast maximum", shapes: [[3], [4, 3]], which: 0, stock: /./, prepare: apart, build: (library, [a, b]) => library.maximum(a!, b!) },
  { name: "broadcast minimum", shapes: [[3], [4, 3]], which: 0, stock: /./, prepare: apart, build: (library, [a, b]) => library.minimum(a!, b!) },
  { name: "product of a batch with one matrix", shapes: [[2, 5, 7], [7, 4]], which: 1, stock: /./, build: (library, [a, b]) => library.matMul(a!, b!) },
  { name: "product with a mask of comparison", shapes: [[4, 5]], which: 0, stock: /Greater/, prepare: apart, build: (library, [x]) => library.multiply(x!, library.greater(x!, library.scalar(0))) },
  {
    name: "choice by a mask of comparison", shapes: [[4, 5]], which: 0, stock: /Greater/, prepare: apart,
    build(library, [x]) {
      const mask = library.greater(x!, library.scalar(0));
      return library.add(library.multiply(mask, x!), library.multiply(library.subtract(library.scalar(1), mask), library.multiply(x!, library.scalar(0.1))));
    },
  },
  { name: "einsum", shapes: [[2, 3, 4], [2, 5, 4]], which: 0, stock: /Einsum/, build: (library, [a, b]) => library.matMul(a!, b!, false, true) },
  { name: "every second row", shapes: [[6, 4]], which: 0, stock: /StridedSlice/, build: (library, [x]) => library.reshape(library.slice(library.reshape(x!, [3, 2, 4]), [0, 0, 0], [3, 1, 4]), [3, 4]) },
  { name: "depth to space", shapes: [[2, 3, 3, 8]], which: 0, stock: /DepthToSpace/, build: (library, [x]) => library.reshape(library.transpose(library.reshape(x!, [2, 3, 3, 2, 2, 2]), [0, 1, 3, 2, 4, 5]), [2, 6, 6, 2]) },
];
