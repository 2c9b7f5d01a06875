/**
 * Cutting a map into windows and putting it together again, with the windows in the batch dimension. Written with tensors of rank
 * four at most, which every engine transposes fast.
 */
import type { Tensor, TensorLibrary } from "./tensor-library.js";

type Pair = readonly [number, number];

/** [n, h * w, c] -> [n * windows, size, c]: the windows of a map row by row, and the pixels of each row by row. */
export function cutWindows<T extends Tensor>(library: TensorLibrary<T>, x: T, [, w]: Pair, [windowHeight, windowWidth]: Pair, c: number): T {
  const strips = library.reshape(x, [-1, windowHeight, w / windowWidth, windowWidth * c]);
  return library.reshape(library.transpose(strips, [0, 2, 1, 3]), [-1, windowHeight * windowWidth, c]);
}

/** The inverse: [n * windows, size, c] -> [n, h * w, c]. */
export function joinWindows<T extends Tensor>(library: TensorLibrary<T>, x: T, [h, w]: Pair, [windowHeight, windowWidth]: Pair, c: number): T {
  const strips = library.reshape(x, [-1, w / windowWidth, windowHeight, windowWidth * c]);
  return library.reshape(library.transpose(strips, [0, 2, 1, 3]), [-1, h * w, c]);
}
