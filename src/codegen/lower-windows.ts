/**
 * Sliding windows in standard TensorFlow operations: convolutions (grouped ones as one convolution per group), pooling with any
 * padding, and the adder layer as explicit patches in chunks of output channels, so that memory stays bounded.
 */
import type { PoolWindow, Window2D } from "../ops/tensor-library.js";
import type { Shape } from "../ops/operator.js";
import { flag, integerList, text, type AttributeJson, type GraphBuilder } from "./graph-def.js";
import { marginsOf, windowOutput, type Margins } from "./trace.js";

/** An image-like value in the graph. */
export interface Image { readonly name: string; readonly shape: Shape }

/** Largest number of floats that one chunk of an adder layer holds per example: a megabyte. */
const ADDER_CHUNK = 1 << 18;

/** Less than every activation, and finite: infinities do not survive all backends. */
const LOWEST = -3.0e38;

const sides = (image: Image): [number, number] => [image.shape[1]!, image.shape[2]!];

function paddingAttributes(window: Window2D): Record<string, AttributeJson> {
  if (window.padding === "same") return { padding: text("SAME") };
  if (window.padding === "valid") return { padding: text("VALID") };
  const { top, bottom, left, right } = window.padding;
  return { padding: text("EXPLICIT"), explicit_paddings: integerList([0, 0, top, bottom, left, right, 0, 0]) };
}

const convolutionAttributes = (window: Window2D): Record<string, AttributeJson> => ({
  ...paddingAttributes(window), data_format: text("NHWC"), strides: integerList([1, ...window.strides, 1]), dilations: integerList([1, ...window.dilation, 1]),
});

export function slice(graph: GraphBuilder, wish: string, x: string, begin: readonly number[], size: readonly number[]): string {
  return graph.add("Slice", wish, [x, graph.integers(begin), graph.integers(size)], { Index: { type: "DT_INT32" } });
}

export function concat(graph: GraphBuilder, wish: string, parts: readonly string[], axis: number): string {
  return parts.length === 1 ? parts[0]! : graph.add("ConcatV2", wish, [...parts, graph.integer(axis)], { N: { i: String(parts.length) }, Tidx: { type: "DT_INT32" } });
}

export function reshape(graph: GraphBuilder, wish: string, x: string, shape: Shape): string {
  return graph.add("Reshape", wish, [x, graph.integers(shape)], { Tshape: { type: "DT_INT32" } });
}

export function reduce(graph: GraphBuilder, op: "Sum" | "Mean" | "Max", wish: string, x: string, axes: readonly number[], keepDimensions: boolean): string {
  return graph.add(op, wish, [x, graph.integers(axes)], { keep_dims: flag(keepDimensions), Tidx: { type: "DT_INT32" } });
}

export function pad(graph: GraphBuilder, wish: string, x: string, paddings: readonly (readonly [number, number])[], value = 0): string {
  const table = graph.constant(`${wish}/paddings`, [paddings.length, 2], Int32Array.from(paddings.flat()));
  return graph.add("PadV2", wish, [x, table, graph.float(value)], { Tpaddings: { type: "DT_INT32" } });
}

function padImage(graph: GraphBuilder, wish: string, x: string, { top, bottom, left, right }: Margins, value = 0): string {
  return top + bottom + left + right === 0 ? x : pad(graph, wish, x, [[0, 0], [top, bottom], [left, right], [0, 0]], value);
}

export function convolution(graph: GraphBuilder, wish: string, x: Image, filter: Image, window: Window2D, groups: number): string {
  if (groups === 1) return graph.add("Conv2D", wish, [x.name, filter.name], convolutionAttributes(window));
  const [height, width, inside, out] = filter.shape as [number, number, number, number];
  const share = out / groups;
  const parts = Array.from({ length: groups }, (_, group) => {
    const part = slice(graph, `${wish}/group_${group}/x`, x.name, [0, 0, 0, group * inside], [-1, ...sides(x), inside]);
    const taps = slice(graph, `${wish}/group_${group}/filter`, filter.name, [0, 0, 0, group * share], [height, width, inside, share]);
    return graph.add("Conv2D", `${wish}/group_${group}`, [part, taps], convolutionAttributes(window));
  });
  return concat(graph, wish, parts, 3);
}

export function depthwise(graph: GraphBuilder, wish: string, x: Image, filter: Image, window: Window2D): string {
  return graph.add("DepthwiseConv2dNative", wish, [x.name, filter.name], convolutionAttributes(window));
}

function pool(graph: GraphBuilder, op: "MaxPool" | "AvgPool", wish: string, x: string, window: PoolWindow, padding: "SAME" | "VALID"): string {
  return graph.add(op, wish, [x], { padding: text(padding), data_format: text("NHWC"), strides: integerList([1, ...window.strides, 1]), ksize: integerList([1, ...window.size, 1]) });
}

export function maxPool(graph: GraphBuilder, wish: string, x: Image, window: PoolWindow): string {
  if (window.padding === "same" || window.padding === "valid") return pool(graph, "MaxPool", wish, x.name, window, window.padding === "same" ? "SAME" : "VALID");
  return pool(graph, "MaxPool", wish, padImage(graph, `${wish}/pad`, x.name, window.padding, LOWEST), window, "VALID");
}

/** How many cells of the image lie under the window at each place, over the window's size: what a mean over zeros must be divided by. */
function coverage(input: readonly [number, number], window: PoolWindow): { readonly shape: Shape; readonly values: Float32Array } {
  const [height, width] = windowOutput(input, window.size, window);
  const { top, left } = marginsOf(window.padding, input, window.size, window);
  const along = (axis: 0 | 1, place: number, before: number): number => {
    const start = place * window.strides[axis] - before;
    return Math.min(input[axis], start + window.size[axis]) - Math.max(0, start);
  };
  const values = new Float32Array(height * width);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) values[y * width + x] = (along(0, y, top) * along(1, x, left)) / (window.size[0] * window.size[1]);
  return { shape: [1, height, width, 1], values };
}

export function averagePool(graph: GraphBuilder, wish: string, x: Image, window: PoolWindow): string {
  // TensorFlow's SAME leaves the padding out of the mean, as the language does.
  if (window.padding === "same" || window.padding === "valid") return pool(graph, "AvgPool", wish, x.name, window, window.padding === "same" ? "SAME" : "VALID");
  const mean = pool(graph, "AvgPool", `${wish}/padded_mean`, padImage(graph, `${wish}/pad`, x.name, window.padding), window, "VALID");
  const { shape, values } = coverage(sides(x), window);
  return graph.add("RealDiv", wish, [mean, graph.constant(`${wish}/coverage`, shape, values)]);
}

/** Part of an image: from `begin` to `end` (both [y, x], end exclusive) in steps; all examples, all channels. */
function strided(graph: GraphBuilder, wish: string, x: string, begin: readonly [number, number], end: readonly [number, number], steps: readonly [number, number], channels: number): string {
  return graph.add("StridedSlice", wish, [x, graph.integers([0, ...begin, 0]), graph.integers([0, ...end, channels]), graph.integers([1, ...steps, 1])], {
    Index: { type: "DT_INT32" }, begin_mask: { i: "1" }, end_mask: { i: "1" }, ellipsis_mask: { i: "0" }, new_axis_mask: { i: "0" }, shrink_axis_mask: { i: "0" },
  });
}

export function subsample(graph: GraphBuilder, wish: string, x: Image, steps: readonly [number, number]): string {
  return strided(graph, wish, x.name, [0, 0], sides(x), steps, x.shape[3]!);
}

/** Every window's cells in a row: [-1, taps * channels]. */
function patches(graph: GraphBuilder, wish: string, x: Image, taps: readonly [number, number], window: Window2D): string {
  const [height, width] = windowOutput(sides(x), taps, window);
  const channels = x.shape[3]!;
  const margins = marginsOf(window.padding, sides(x), taps, window);
  const padded = padImage(graph, `${wish}/pad`, x.name, margins);
  const cells: string[] = [];
  for (let row = 0; row < taps[0]; row++) {
    for (let column = 0; column < taps[1]; column++) {
      const [top, left] = [row * window.dilation[0], column * window.dilation[1]] as const;
      const end = [top + (height - 1) * window.strides[0] + 1, left + (width - 1) * window.strides[1] + 1] as const;
      cells.push(strided(graph, `${wish}/tap_${row}_${column}`, padded, [top, left], end, window.strides, channels));
    }
  }
  return reshape(graph, `${wish}/patches`, concat(graph, `${wish}/taps`, cells, 3), [-1, taps[0] * taps[1] * channels, 1]);
}

/** y = -sum |x - w| over the window (AdderNet, Chen et al., CVPR 2020). */
export function adder(graph: GraphBuilder, wish: string, x: Image, filter: Image, window: Window2D): string {
  const [rows, columns, channels, out] = filter.shape as [number, number, number, number];
  const [height, width] = windowOutput(sides(x), [rows, columns], window);
  const length = rows * columns * channels;
  const cells = patches(graph, wish, x, [rows, columns], window);
  const table = reshape(graph, `${wish}/filter`, filter.name, [1, length, out]);
  const chunk = Math.max(1, Math.min(out, Math.floor(ADDER_CHUNK / (height * width * length))));
  const parts: string[] = [];
  for (let first = 0; first < out; first += chunk) {
    const label = `${wish}/out_${first}`;
    const taps = chunk === out ? table : slice(graph, `${label}/filter`, table, [0, 0, first], [1, length, Math.min(chunk, out - first)]);
    const distance = graph.add("Abs", `${label}/abs`, [graph.add("Sub", `${label}/difference`, [cells, taps])]);
    parts.push(reduce(graph, "Sum", `${label}/sum`, distance, [1], false));
  }
  return reshape(graph, wish, graph.add("Neg", `${wish}/negated`, [concat(graph, `${wish}/outs`, parts, 1)]), [-1, height, width, out]);
}
