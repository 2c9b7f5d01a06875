/**
 * The adder layer's surrogate gradients (AdderNet, Chen et al., CVPR 2020; code: huawei-noah/AdderNet, adder.py). The true gradient of
 * -|x - w| is a sign; instead the filter gets the full-precision dy (x - w) and the input the clipped dy clip(w - x, -1, 1).
 */
import { paddingAlong, type Pair } from "./geometry.js";
import type { Shape } from "./operator.js";
import type { DepthwiseAdder, Tensor, TensorLibrary, Window2D } from "./tensor-library.js";

/** Keeps the norm away from zero, as in the original code. */
const SMALLEST_NORM = 1e-12;

/**
 * The adaptive local learning rate, applied to the gradient itself: rate * sqrt(k) / max(norm, 1e-12) * gradient, k elements and the
 * norm over the whole layer. The optimizer's own rate comes on top. Undefined: the gradient as it is.
 */
export function adaptLocalRate<T extends Tensor>(library: TensorLibrary<T>, gradient: T, rate: number | undefined): T {
  if (rate === undefined) return gradient;
  const count = gradient.shape.reduce((product, extent) => product * extent, 1);
  const norm = library.sqrt(library.sum(library.square(gradient), gradient.shape.map((_, axis) => axis), false));
  return library.multiply(gradient, library.divide(library.scalar(rate * Math.sqrt(count)), library.maximum(norm, library.scalar(SMALLEST_NORM))));
}

/** The dense adder layer: every filter sees all channels. */
export function denseAdder<T extends Tensor>(library: TensorLibrary<T>, x: T, filter: T, window: Window2D, rate: number | undefined): T {
  return library.customGradient(
    [x, filter],
    (image, taps) => library.adder(image!, taps!, window),
    (dy, [image, taps]) => [library.adderInputGradient(dy, image!, taps!, window), adaptLocalRate(library, library.adderFilterGradient(dy, image!, taps!, window), rate)],
  );
}

/** The same with one filter per channel, where the library has kernels for it. */
function depthwiseAdderByKernels<T extends Tensor>(library: TensorLibrary<T>, kernels: DepthwiseAdder<T>, x: T, filter: T, window: Window2D, rate: number | undefined): T {
  return library.customGradient(
    [x, filter],
    (image, taps) => kernels.forward(image!, taps!, window),
    (dy, [image, taps]) => [kernels.inputGradient(dy, image!, taps!, window), adaptLocalRate(library, kernels.filterGradient(dy, image!, taps!, window), rate)],
  );
}

/**
 * |pixels - tap| for one tap of a depthwise layer: pixels [n, p, q, c], tap [1, 1, 1, c]. The layer negates the sum of its taps, so the
 * signs here are opposite to the layer's.
 */
function oneTap<T extends Tensor>(library: TensorLibrary<T>, pixels: T, tap: T): T {
  return library.customGradient(
    [pixels, tap],
    (x, w) => library.abs(library.subtract(x!, w!)),
    (dy, [x, w]) => {
      const difference = library.subtract(x!, w!);
      return [library.multiply(dy, library.clip(difference, -1, 1)), library.negate(library.sum(library.multiply(dy, difference), [0, 1, 2], true))];
    },
  );
}

/** The filter itself, with its gradient rescaled: the taps of a depthwise layer are one layer together. */
function withAdaptedGradient<T extends Tensor>(library: TensorLibrary<T>, filter: T, rate: number | undefined): T {
  if (rate === undefined) return filter;
  return library.customGradient([filter], (w) => w!, (dy) => [adaptLocalRate(library, dy, rate)]);
}

/**
 * The depthwise adder layer, filter [kh, kw, 1, c], by kernels or composed of one elementwise pass per tap: pad with real zeros, cut out the pixels
 * that a tap meets, keep every stride-th. `image` is the input's shape without the batch.
 */
export function depthwiseAdder<T extends Tensor>(library: TensorLibrary<T>, x: T, filter: T, image: Shape, window: Window2D, kernel: Pair, output: Pair, rate: number | undefined): T {
  if (library.depthwiseAdder !== undefined) return depthwiseAdderByKernels(library, library.depthwiseAdder, x, filter, window, rate);
  const channels = image[2]!;
  const around = ([0, 1] as const).map((direction) => paddingAlong(direction, image[direction]!, kernel[direction], window));
  const { strides, dilation } = window;
  const span = ([0, 1] as const).map((direction) => (output[direction] - 1) * strides[direction] + 1);
  const padded = around.flat().some((count) => count > 0) ? library.pad(x, [[0, 0], around[0]!, around[1]!, [0, 0]]) : x;
  const taps = withAdaptedGradient(library, filter, rate);
  let total: T | undefined;
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      const pixels = library.slice(padded, [0, row * dilation[0], column * dilation[1], 0], [-1, span[0]!, span[1]!, channels]);
      const kept = strides[0] === 1 && strides[1] === 1 ? pixels : library.averagePool(pixels, { size: [1, 1], strides, padding: "valid", dilation: [1, 1] });
      const part = oneTap(library, kept, library.slice(taps, [row, column, 0, 0], [1, 1, 1, channels]));
      total = total === undefined ? part : library.add(total, part);
    }
  }
  return library.negate(total!);
}
