/**
 * DeepShift's power-of-two weights (Elhoushi et al., CVPRW 2021; code: deepshift/modules_q.py, modules.py, ste.py) and their surrogate
 * gradients. Rounding is half to even.
 */
import type { Tensor, TensorLibrary } from "./tensor-library.js";

export interface ExponentRange { readonly low: number; readonly high: number }

/** Exponents of Q: -(2^(bits-1) - 1) .. 0; 5 bits give -15 .. 0, 6 bits -31 .. 0. */
export const exponentsOfQ = (bits: number): ExponentRange => ({ low: 1 - 2 ** (bits - 1), high: 0 });

/** Exponents of PS: one code less, which stands for zero; 5 bits give -14 .. 0. */
export const exponentsOfPS = (bits: number): ExponentRange => ({ low: 2 - 2 ** (bits - 1), high: 0 });

/** sign(w) 2^round(log2|w|) of a latent weight; the gradient passes straight through, unchanged. */
export function quantizedWeights<T extends Tensor>(library: TensorLibrary<T>, latent: T, { low, high }: ExponentRange): T {
  return library.customGradient([latent], (w) => library.roundToPowerOfTwo(w!, low, high), (dy) => [dy]);
}

/** The ternary factor of PS: sign(round(s)), or with a threshold -1, 0, 1 below, within and above it. */
export function ternary<T extends Tensor>(library: TensorLibrary<T>, sign: T, threshold: number | undefined): T {
  if (threshold === undefined) return library.sign(library.round(sign));
  const limit = library.scalar(threshold);
  return library.subtract(library.greater(sign, limit), library.greater(library.negate(limit), sign));
}

/**
 * 2^round(exponent) * ternary(sign), the exponent clamped first. d/d exponent = dw * w * ln 2 (straight through the rounding and the
 * clamp); d/d sign = dw, deliberately not multiplied by the power.
 */
export function composedWeights<T extends Tensor>(library: TensorLibrary<T>, exponent: T, sign: T, { low, high }: ExponentRange, threshold: number | undefined): T {
  return library.customGradient(
    [exponent, sign],
    (s, t) => library.multiply(library.powerOfTwo(library.clip(s!, low, high)), ternary(library, t!, threshold)),
    (dw, _inputs, w) => [library.multiply(dw, library.multiply(w, library.scalar(Math.LN2))), dw],
  );
}

/** floor(x 2^16) / 2^16 within [-2^15, 2^15 - 1]: the 32-bit fixed-point numbers that a shifter works on; the gradient passes unchanged. */
export function fixedPoint<T extends Tensor>(library: TensorLibrary<T>, x: T): T {
  return library.customGradient(
    [x],
    (value) => library.clip(library.multiply(library.floor(library.multiply(value!, library.scalar(2 ** 16))), library.scalar(2 ** -16)), -(2 ** 15), 2 ** 15 - 1),
    (dy) => [dy],
  );
}
