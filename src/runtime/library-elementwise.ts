/** Constants and elementwise functions of the TensorFlow.js library, with gradients that are reduced over broadcast axes. */
import { largestMask } from "../ops/largest.js";
import type { TensorLibrary } from "../ops/tensor-library.js";
import type { EngineTensor } from "./engine.js";
import type { LibraryContext } from "./library-context.js";

type T = EngineTensor;
type Elementwise = Pick<TensorLibrary<T>,
  | "constant" | "scalar" | "zerosLike" | "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum" | "negate" | "abs" | "square" | "exp" | "log" | "sqrt"
  | "reciprocalSqrt" | "clip" | "floor" | "sign" | "greater" | "relu" | "relu6" | "sigmoid" | "tanh" | "elu" | "gelu" | "roundToPowerOfTwo" | "powerOfTwo" | "round" | "keepLargest">;

export function elementwise({ tf, run, primitives, sumTo }: LibraryContext): Elementwise {
  const cast = (x: T): T => (x.dtype === "float32" ? x : tf.cast(x, "float32"));

  /** Whether b, leading ones aside, has the last axes of a. */
  function repeats(a: T, b: T): boolean {
    const ahead = a.shape.length - b.shape.length;
    const first = b.shape.findIndex((size) => size !== 1);
    return ahead >= 0 && a.size > 0 && a.dtype === "float32" && b.dtype === "float32" && (first < 0 || b.shape.every((size, axis) => axis < first || size === a.shape[ahead + axis]));
  }
  const commutative = (operation: "add" | "multiply", others: (a: T, b: T) => T) => (a: T, b: T): T => (repeats(a, b) ? primitives.combine(a, b, operation) : repeats(b, a) ? primitives.combine(b, a, operation) : others(a, b));
  const plus = commutative("add", tf.add);
  const times = commutative("multiply", tf.mul);
  const minus = (a: T, b: T): T => (repeats(a, b) ? primitives.combine(a, b, "subtract") : tf.sub(a, b));

  /** `gradient` gives the two gradients in the broadcast shape. `needed` says which of [a, b, output] it reads. */
  function binary(a: T, b: T, forward: (a: T, b: T) => T, needed: (a: T, b: T, output: T) => readonly T[], gradient: (dy: T, saved: readonly T[]) => readonly [() => T, () => T]): T {
    return run({
      inputs: [a, b],
      forward: () => forward(a, b),
      saved: (output) => needed(a, b, output),
      gradient(dy, saved) {
        const [da, db] = gradient(dy, saved);
        return [() => sumTo(da(), a.shape), () => sumTo(db(), b.shape)];
      },
    });
  }

  /** `gradient` reads the input or the output, as `reads` says. */
  function unary(x: T, reads: "input" | "output" | "nothing", forward: (x: T) => T, gradient: (dy: T, saved: T) => T): T {
    return run({
      inputs: [x],
      forward: () => forward(x),
      saved: (output) => (reads === "input" ? [x] : reads === "output" ? [output] : []),
      gradient: (dy, saved) => [() => gradient(dy, saved[0]!)],
    });
  }

  const flat = (x: T, forward: (x: T) => T): T => unary(x, "nothing", forward, (dy) => tf.zerosLike(dy));
  const both = (a: T, b: T): readonly T[] => [a, b];

  return {
    constant: (values, shape) => tf.tensor(values instanceof Float32Array ? values.slice() : Float32Array.from(values), [...shape], "float32"),
    scalar: (value) => tf.scalar(value, "float32"),
    zerosLike: (x) => tf.zeros(x.shape, "float32"),

    add: (a, b) => binary(a, b, plus, () => [], (dy) => [() => dy, () => dy]),
    subtract: (a, b) => binary(a, b, minus, () => [], (dy) => [() => dy, () => tf.neg(dy)]),
    multiply: (a, b) => binary(a, b, times, both, (dy, [x, y]) => [() => times(dy, y!), () => times(dy, x!)]),
    divide: (a, b) => binary(a, b, tf.div, both, (dy, [x, y]) => [() => tf.div(dy, y!), () => tf.neg(tf.div(tf.mul(dy, x!), tf.square(y!)))]),
    // Equal values give the whole gradient to the first.
    maximum: (a, b) => binary(a, b, tf.maximum, both, (dy, [x, y]) => [() => tf.mul(dy, cast(tf.greaterEqual(x!, y!))), () => tf.mul(dy, cast(tf.less(x!, y!)))]),
    minimum: (a, b) => binary(a, b, tf.minimum, both, (dy, [x, y]) => [() => tf.mul(dy, cast(tf.lessEqual(x!, y!))), () => tf.mul(dy, cast(tf.greater(x!, y!)))]),
    greater: (a, b) => binary(a, b, (x, y) => cast(tf.greater(x, y)), () => [], (dy) => [() => tf.zerosLike(dy), () => tf.zerosLike(dy)]),

    negate: (x) => unary(x, "nothing", tf.neg, (dy) => tf.neg(dy)),
    abs: (x) => unary(x, "input", tf.abs, (dy, input) => tf.mul(dy, tf.sign(input))),
    square: (x) => unary(x, "input", tf.square, (dy, input) => tf.mul(dy, tf.mul(input, 2))),
    exp: (x) => unary(x, "output", tf.exp, (dy, output) => tf.mul(dy, output)),
    log: (x) => unary(x, "input", tf.log, (dy, input) => tf.div(dy, input)),
    sqrt: (x) => unary(x, "output", tf.sqrt, (dy, output) => tf.div(dy, tf.mul(output, 2))),
    reciprocalSqrt: (x) => unary(x, "output", tf.rsqrt, (dy, output) => tf.mul(dy, tf.mul(tf.mul(tf.square(output), output), -0.5))),
    clip: (x, low, high) => unary(x, "input", (value) => tf.clipByValue(value, low, high), (dy, input) => tf.mul(dy, tf.mul(cast(tf.greaterEqual(input, low)), cast(tf.lessEqual(input, high))))),
    floor: (x) => flat(x, tf.floor),
    sign: (x) => flat(x, tf.sign),

    relu: (x) => unary(x, "output", (value) => primitives.relu(value, false), (dy, output) => primitives.reluGradient(output, dy, false)),
    relu6: (x) => unary(x, "output", (value) => primitives.relu(value, true), (dy, output) => primitives.reluGradient(output, dy, true)),
    sigmoid: (x) => unary(x, "output", tf.sigmoid, (dy, output) => tf.mul(dy, tf.mul(output, tf.sub(1, output)))),
    tanh: (x) => unary(x, "output", tf.tanh, (dy, output) => tf.mul(dy, tf.sub(1, tf.square(output)))),
    // For x <= 0 the derivative exp(x) is the output plus one.
    elu: (x) => unary(x, "output", tf.elu, (dy, output) => tf.mul(dy, tf.add(tf.minimum(output, 0), 1))),
    gelu: (x) => unary(x, "input", primitives.gelu, (dy, input) => primitives.geluGradient(input, dy)),

    roundToPowerOfTwo: (w, low, high) => flat(w, (value) => primitives.roundToPowerOfTwo(value, low, high)),
    // The exponential is a little off; the nearest power is exact.
    powerOfTwo: (s) => flat(s, (value) => primitives.roundToPowerOfTwo(tf.exp(tf.mul(primitives.round(value), Math.LN2)), -126, 127)),
    round: (x) => flat(x, primitives.round),
    keepLargest: (x, count) => flat(x, (value) => tf.tensor(largestMask(value.dataSync<"float32">(), count), value.shape, "float32")),
  };
}
