/**
 * Rounding to few bits in floating point, so that training sees what an integer machine will compute. Gradients pass straight through
 * (Bengio et al. 2013). Weights: a symmetric grid per filter (Krishnamoorthi 2018, section 2.2; of one bit: sign times mean magnitude,
 * XNOR-Net, Rastegari et al., ECCV 2016, eq. 6). Inputs: an affine grid on which zero is exact (Jacob et al., CVPR 2018, sections 2.1, 3.1),
 * over the range of the batch in training, over the running range at inference.
 */
import type { ForwardContext } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";

/** Steps below this would divide by nothing: all values are zero. */
const LEAST_STEP = 1e-12;

/** `latent` on its grid of `bits`; a scale for each filter, taken over `axes`. */
export function weightsQuantized<T extends Tensor>(library: TensorLibrary<T>, latent: T, bits: number, axes: readonly number[]): T {
  const rounded = (w: T): T => {
    const magnitude = library.abs(w);
    if (bits === 1) return library.multiply(library.sign(w), library.mean(magnitude, axes, true));
    const levels = 2 ** (bits - 1) - 1;
    const step = library.maximum(library.divide(library.max(magnitude, axes, true), library.scalar(levels)), library.scalar(LEAST_STEP));
    return library.multiply(library.round(library.divide(w, step)), step);
  };
  return library.customGradient([latent], (w) => rounded(w!), (dy) => [dy]);
}

/** x on the grid of `bits` over [low, high], which is first widened to hold zero; values beyond it are moved to its ends. */
function onAffineGrid<T extends Tensor>(library: TensorLibrary<T>, x: T, low: T, high: T, bits: number): T {
  const [zero, levels] = [library.scalar(0), 2 ** bits - 1];
  const from = library.minimum(low, zero);
  const step = library.maximum(library.divide(library.subtract(library.maximum(high, zero), from), library.scalar(levels)), library.scalar(LEAST_STEP));
  const origin = library.round(library.negate(library.divide(from, step)));
  const place = library.clip(library.add(library.round(library.divide(x, step)), origin), 0, levels);
  return library.multiply(library.subtract(place, origin), step);
}

/** The first input on its grid; its range goes to the statistics `input_low` and `input_high`. */
export function inputQuantized<T extends Tensor>({ library, inputs, weights, training, observe }: ForwardContext<T>, bits: number): T {
  return library.customGradient([inputs[0]!], (given) => {
    const x = given!;
    if (!training) return onAffineGrid(library, x, weights.input_low!, weights.input_high!, bits);
    const axes = x.shape.map((_, axis) => axis);
    const greatest = (values: T): T => library.reshape(library.max(values, axes, false), [1]);
    const [low, high] = [library.negate(greatest(library.negate(x))), greatest(x)];
    observe("input_low", low);
    observe("input_high", high);
    return onAffineGrid(library, x, low, high, bits);
  }, (dy) => [dy]);
}
