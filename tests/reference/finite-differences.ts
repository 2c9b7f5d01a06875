/** Central finite differences in float64, and values to try them on. */
import type { RandomStream } from "../../src/random/stream.js";
import { tensor, volume, type ReferenceTensor } from "./tensor.js";

const STEP = 1e-5;

export type TensorFunction = (inputs: readonly ReferenceTensor[]) => ReferenceTensor;

/** Uniform in [low, high). */
export function randomTensor(random: RandomStream, shape: readonly number[], low = -1.5, high = 1.5): ReferenceTensor {
  return tensor(Float64Array.from({ length: volume(shape) }, () => low + (high - low) * random.uniform()), shape);
}

const weighted = (output: ReferenceTensor, seed: ArrayLike<number>): number => output.values.reduce((sum, value, i) => sum + value * seed[i]!, 0);

/** d(sum of seed * f) / d inputs[which], every element moved by itself. The error of the method is of the order of 1e-9. */
export function numericGradient(f: TensorFunction, inputs: readonly ReferenceTensor[], which: number, seed: ArrayLike<number>): Float64Array {
  const moved = (at: number, by: number): number => {
    const values = Float64Array.from(inputs[which]!.values);
    values[at]! += by;
    return weighted(f(inputs.map((input, i) => (i === which ? tensor(values, input.shape) : input))), seed);
  };
  return Float64Array.from(inputs[which]!.values, (_, at) => (moved(at, STEP) - moved(at, -STEP)) / (2 * STEP));
}

/** The largest difference, relative to the largest value (or to 1 where all are smaller). */
export function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) throw new Error(`${found.length} values, ${expected.length} expected`);
  let [difference, size] = [0, 1];
  for (let i = 0; i < found.length; i++) {
    const apart = Math.abs(found[i]! - expected[i]!);
    if (!(apart <= difference)) difference = apart;
    size = Math.max(size, Math.abs(expected[i]!));
  }
  return difference / size;
}
