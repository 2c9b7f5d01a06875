/** Elementwise operations of the reference library: a function and its derivative each. */
import { derived, offsets, stridesOf, volume, type ReferenceTensor } from "./tensor.js";

export function unary(f: (x: number) => number, derivative: (x: number, y: number) => number): (x: ReferenceTensor) => ReferenceTensor {
  return (x) => {
    const values = x.values.map(f);
    return derived(x.shape, values, [x], (dy) => [dy.map((d, i) => d * derivative(x.values[i]!, values[i]!))]);
  };
}

/** A step function: its gradient is zero. */
export const stepwise = (f: (x: number) => number): ((x: ReferenceTensor) => ReferenceTensor) => unary(f, () => 0);

function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw new Error(`[${a.join(", ")}] and [${b.join(", ")}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

/** Where each position of `shape` reads from a tensor of shape `from`: an axis of extent 1 does not move. */
function broadcastOffsets(from: readonly number[], shape: readonly number[]): Int32Array {
  const own = stridesOf(from);
  const missing = shape.length - from.length;
  return offsets(shape, shape.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : own[axis - missing]!)));
}

/** `derivatives` are with respect to a and b. */
export function binary(f: (a: number, b: number) => number, derivatives: (a: number, b: number) => readonly [number, number]): (a: ReferenceTensor, b: ReferenceTensor) => ReferenceTensor {
  return (a, b) => {
    const shape = broadcastShape(a.shape, b.shape);
    const [fromA, fromB] = [broadcastOffsets(a.shape, shape), broadcastOffsets(b.shape, shape)];
    const values = new Float64Array(volume(shape));
    for (let i = 0; i < values.length; i++) values[i] = f(a.values[fromA[i]!]!, b.values[fromB[i]!]!);
    return derived(shape, values, [a, b], (dy) => {
      const [da, db] = [new Float64Array(a.values.length), new Float64Array(b.values.length)];
      for (let i = 0; i < dy.length; i++) {
        const [ofA, ofB] = derivatives(a.values[fromA[i]!]!, b.values[fromB[i]!]!);
        da[fromA[i]!]! += dy[i]! * ofA;
        db[fromB[i]!]! += dy[i]! * ofB;
      }
      return [da, db];
    });
  };
}

/** Round half to even. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** The error function by 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!, whose terms are all positive (DLMF 7.6.2). */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

export const normalDistribution = (x: number): number => 0.5 * (1 + erf(x / Math.SQRT2));
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** sign(w) 2^round(log2|w|), |w| clamped to [2^low, 2^high] first, zero kept. */
export function nearestPowerOfTwo(w: number, low: number, high: number): number {
  return w === 0 ? 0 : Math.sign(w) * 2 ** roundHalfEven(Math.log2(Math.min(Math.max(Math.abs(w), 2 ** low), 2 ** high)));
}
