/**
 * Sliding windows of the reference library. One walk over all (output, pixel, tap) triples serves convolutions, pooling and the adder
 * layer, forward and backward; a pixel in the padding has index -1.
 */
import type { PoolWindow, Window2D } from "../../src/ops/tensor-library.js";
import { derived, tensor, volume, type ReferenceTensor } from "./tensor.js";

interface Along { readonly output: number; readonly before: number }

/** Output extent and padding in front, as TensorFlow defines `same` and `valid`. */
function along(direction: 0 | 1, input: number, kernel: number, { strides, padding, dilation }: Window2D): Along {
  const reach = (kernel - 1) * dilation[direction] + 1;
  if (padding === "same") {
    const output = Math.ceil(input / strides[direction]);
    return { output, before: Math.floor(Math.max(0, (output - 1) * strides[direction] + reach - input) / 2) };
  }
  const [before, after] = padding === "valid" ? [0, 0] : direction === 0 ? [padding.top, padding.bottom] : [padding.left, padding.right];
  return { output: Math.floor((input + before + after - reach) / strides[direction]) + 1, before };
}

/** The (place, pixel, tap) triples of a window: place and pixel index [n, p, q] and [n, h, w], tap indexes [r, s]. */
function walk(shape: readonly number[], kernel: readonly [number, number], window: Window2D, visit: (place: number, pixel: number, tap: number) => void): readonly [number, number] {
  const [batch, height, width] = shape as readonly [number, number, number, number];
  const [down, right] = [along(0, height, kernel[0], window), along(1, width, kernel[1], window)];
  for (let n = 0; n < batch; n++) {
    for (let p = 0; p < down.output; p++) {
      for (let q = 0; q < right.output; q++) {
        for (let r = 0; r < kernel[0]; r++) {
          for (let s = 0; s < kernel[1]; s++) {
            const y = p * window.strides[0] + r * window.dilation[0] - down.before;
            const x = q * window.strides[1] + s * window.dilation[1] - right.before;
            const inside = y >= 0 && y < height && x >= 0 && x < width;
            visit((n * down.output + p) * right.output + q, inside ? (n * height + y) * width + x : -1, r * kernel[1] + s);
          }
        }
      }
    }
  }
  return [down.output, right.output];
}

const nothing = (): void => undefined;

function outputShape(x: ReferenceTensor, kernel: readonly [number, number], window: Window2D, channels: number): number[] {
  const empty = walk([0, ...x.shape.slice(1)], kernel, window, nothing);
  return [x.shape[0]!, ...empty, channels];
}

/** For every pair of an input and a filter element that meet: `visit(output, input or -1, weight)`. */
function meetings(x: ReferenceTensor, filter: ReferenceTensor, window: Window2D, groups: number, visit: (y: number, x: number, w: number) => void): void {
  const [rows, columns, perGroup, filters] = filter.shape as readonly [number, number, number, number];
  const channels = x.shape[3]!;
  if (channels !== perGroup * groups || filters % groups !== 0) throw new Error(`filter [${filter.shape.join(", ")}] on ${channels} channels in ${groups} groups`);
  walk(x.shape, [rows, columns], window, (place, pixel, tap) => {
    for (let o = 0; o < filters; o++) {
      const first = Math.floor(o / (filters / groups)) * perGroup;
      for (let c = 0; c < perGroup; c++) visit(place * filters + o, pixel < 0 ? -1 : pixel * channels + first + c, (tap * perGroup + c) * filters + o);
    }
  });
}

export function conv2d(x: ReferenceTensor, filter: ReferenceTensor, window: Window2D, groups: number): ReferenceTensor {
  const shape = outputShape(x, [filter.shape[0]!, filter.shape[1]!], window, filter.shape[3]!);
  const y = new Float64Array(volume(shape));
  meetings(x, filter, window, groups, (o, i, w) => { if (i >= 0) y[o]! += x.values[i]! * filter.values[w]!; });
  return derived(shape, y, [x, filter], (dy) => {
    const [dx, dw] = [new Float64Array(x.values.length), new Float64Array(filter.values.length)];
    meetings(x, filter, window, groups, (o, i, w) => {
      if (i < 0) return;
      dx[i]! += dy[o]! * filter.values[w]!;
      dw[w]! += dy[o]! * x.values[i]!;
    });
    return [dx, dw];
  });
}

/** Filter [kh, kw, c, multiplier]: the same as a grouped convolution of c groups with filter [kh, kw, 1, c * multiplier]. */
export function depthwiseConv2d(x: ReferenceTensor, filter: ReferenceTensor, window: Window2D): ReferenceTensor {
  const [rows, columns, channels, multiplier] = filter.shape as readonly [number, number, number, number];
  const grouped = derived([rows, columns, 1, channels * multiplier], filter.values, [filter], (dy) => [dy]);
  return conv2d(x, grouped, window, channels);
}

/** The pixels under each place and channel: `visit(output, input or -1)`. */
function underWindow(x: ReferenceTensor, window: PoolWindow, visit: (y: number, x: number) => void): void {
  const channels = x.shape[3]!;
  walk(x.shape, window.size, window, (place, pixel) => {
    for (let c = 0; c < channels; c++) visit(place * channels + c, pixel < 0 ? -1 : pixel * channels + c);
  });
}

export function maxPool(x: ReferenceTensor, window: PoolWindow): ReferenceTensor {
  const shape = outputShape(x, window.size, window, x.shape[3]!);
  const winners = new Int32Array(volume(shape)).fill(-1);
  underWindow(x, window, (o, i) => { if (i >= 0 && (winners[o]! < 0 || x.values[i]! > x.values[winners[o]!]!)) winners[o] = i; });
  return derived(shape, Float64Array.from(winners, (winner) => x.values[winner]!), [x], (dy) => {
    const dx = new Float64Array(x.values.length);
    winners.forEach((winner, o) => { dx[winner]! += dy[o]!; });
    return [dx];
  });
}

export function averagePool(x: ReferenceTensor, window: PoolWindow): ReferenceTensor {
  const shape = outputShape(x, window.size, window, x.shape[3]!);
  const [sums, counts] = [new Float64Array(volume(shape)), new Float64Array(volume(shape))];
  underWindow(x, window, (o, i) => { if (i >= 0) { sums[o]! += x.values[i]!; counts[o]! += 1; } });
  return derived(shape, sums.map((sum, o) => sum / counts[o]!), [x], (dy) => {
    const dx = new Float64Array(x.values.length);
    underWindow(x, window, (o, i) => { if (i >= 0) dx[i]! += dy[o]! / counts[o]!; });
    return [dx];
  });
}

const pixelValue = (x: ReferenceTensor, i: number): number => (i < 0 ? 0 : x.values[i]!);

/** The value only: its gradients are stated by `customGradient`. */
export function adder(x: ReferenceTensor, filter: ReferenceTensor, window: Window2D): ReferenceTensor {
  const shape = outputShape(x, [filter.shape[0]!, filter.shape[1]!], window, filter.shape[3]!);
  const y = new Float64Array(volume(shape));
  meetings(x, filter, window, 1, (o, i, w) => { y[o]! -= Math.abs(pixelValue(x, i) - filter.values[w]!); });
  return tensor(y, shape);
}

export function adderInputGradient(dy: ReferenceTensor, x: ReferenceTensor, filter: ReferenceTensor, window: Window2D): ReferenceTensor {
  const dx = new Float64Array(x.values.length);
  meetings(x, filter, window, 1, (o, i, w) => { if (i >= 0) dx[i]! += dy.values[o]! * Math.max(-1, Math.min(1, filter.values[w]! - x.values[i]!)); });
  return tensor(dx, x.shape);
}

export function adderFilterGradient(dy: ReferenceTensor, x: ReferenceTensor, filter: ReferenceTensor, window: Window2D): ReferenceTensor {
  const dw = new Float64Array(filter.values.length);
  meetings(x, filter, window, 1, (o, i, w) => { dw[w]! += dy.values[o]! * (pixelValue(x, i) - filter.values[w]!); });
  return tensor(dw, filter.shape);
}
