/**
 * Building loop nests (hardware.md 2.1): index expressions, and the nests that several operators share. Dimension names follow the
 * literature: k filters, c input channels, p and q output rows and columns, r and s kernel taps, g groups, m positions.
 */
import type { Pair } from "./attributes.js";
import type { Shape } from "./operator.js";
import type { Window2D } from "./tensor-library.js";
import type { IndexExpression, LoopDimension, LoopNest, PointOperation, TensorAccess, VectorWork } from "./workload.js";

export const elements = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

/** One index per name, each a plain loop variable. */
export function plain(...names: readonly string[]): readonly IndexExpression[] {
  return names.map((dimension) => ({ terms: [{ dimension, coefficient: 1 }] }));
}

/** stride * position + dilation * tap. */
export function sliding(position: string, stride: number, tap: string, dilation: number): IndexExpression {
  return { terms: [{ dimension: position, coefficient: stride }, { dimension: tap, coefficient: dilation }] };
}

/** A nest whose points are the product of its bounds. */
export function nest(name: string, operation: PointOperation, bounds: Readonly<Record<string, number>>, tensors: readonly TensorAccess[]): LoopNest {
  const dimensions: LoopDimension[] = Object.entries(bounds).map(([dimension, bound]) => ({ name: dimension, bound }));
  return { name, operation, dimensions, tensors, points: dimensions.reduce((product, { bound }) => product * bound, 1) };
}

export interface ConvolutionSizes {
  readonly input: Shape;
  readonly output: Shape;
  readonly kernel: Pair;
  readonly window: Window2D;
  readonly groups: number;
  /** Storage of one weight where the operator dictates it. */
  readonly weightBits?: number;
}

/** The nest of a (grouped, depthwise) convolution on [h, w, c] -> [p, q, k]. */
export function convolutionNest(operation: PointOperation, { input, output, kernel, window, groups, weightBits }: ConvolutionSizes): LoopNest {
  const [rows, columns] = [sliding("p", window.strides[0], "r", window.dilation[0]), sliding("q", window.strides[1], "s", window.dilation[1])];
  const filters = output[2]! / groups;
  const channels = input[2]! / groups;
  const all: readonly (readonly [string, number])[] = [["g", groups], ["k", filters], ["c", channels], ["p", output[0]!], ["q", output[1]!], ["r", kernel[0]], ["s", kernel[1]]];
  // A dense convolution has no loop over groups; a depthwise one none over the single channel and filter of a group.
  const has = (name: string): boolean => (name === "g" ? groups > 1 : name === "k" ? groups === 1 || filters > 1 : name === "c" ? groups === 1 || channels > 1 : true);
  const present = (...names: readonly string[]): readonly IndexExpression[] => plain(...names.filter(has));
  return nest("convolution", operation, Object.fromEntries(all.filter(([name]) => has(name))), [
    { name: "W", role: "weight", indices: present("g", "k", "c", "r", "s"), words: groups * filters * channels * kernel[0] * kernel[1], ...(weightBits === undefined ? {} : { bits: weightBits }) },
    { name: "I", role: "input", indices: [...present("g", "c"), rows, columns], words: elements(input), extent: [input[0]!, input[1]!] },
    { name: "O", role: "output", indices: [...present("g", "k"), ...plain("p", "q")], words: elements(output) },
  ]);
}

/** Adding one number per channel on the way out. */
export function biasWork(output: Shape): VectorWork {
  return { name: "bias", adds: elements(output), readWords: elements(output) + output.at(-1)!, writeWords: elements(output), fusible: true };
}
