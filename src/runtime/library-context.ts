/** What the parts of the TensorFlow.js library share: the tape, the primitives and the reduction of broadcast gradients. */
import { record, type Operation, type TensorFlow } from "./autograd.js";
import type { EngineTensor } from "./engine.js";
import { volume } from "./heap.js";
import type { Primitives } from "./primitives.js";

export interface LibraryContext {
  readonly tf: TensorFlow;
  readonly primitives: Primitives;
  run(operation: Operation): EngineTensor;
  /** Sums of x over `axes`, without tape; kept axes have size 1. */
  sumOver(x: EngineTensor, axes: readonly number[]): EngineTensor;
  /** The reverse: factor * x repeated over `axes` (which have size 1 in x) to `shape`. */
  spreadOver(x: EngineTensor, shape: readonly number[], axes: readonly number[], factor: number): EngineTensor;
  /**
   * Another tensor with the same values. The tape frees gradients as it adds them up, so no two inputs may be given the same one.
   * (`tf.clone` would leave a mark on the tape.)
   */
  alias(x: EngineTensor): EngineTensor;
  /** Reduces a gradient to the shape that was broadcast. */
  sumTo(gradient: EngineTensor, shape: readonly number[]): EngineTensor;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

export function libraryContext(tf: TensorFlow, primitives: Primitives): LibraryContext {
  /** One sweep over each run of neighbouring axes. */
  function sumOver(x: EngineTensor, axes: readonly number[]): EngineTensor {
    let result = x;
    let axis = x.shape.length - 1;
    while (axis >= 0) {
      if (!axes.includes(axis)) { axis--; continue; }
      const last = axis;
      while (axis >= 0 && axes.includes(axis)) axis--;
      const shape = result.shape;
      const kept = shape.map((size, at) => (at > axis && at <= last ? 1 : size));
      result = tf.reshape(primitives.sumMiddle(result, volume(shape.slice(0, axis + 1)), volume(shape.slice(axis + 1, last + 1)), volume(shape.slice(last + 1))), kept);
    }
    return result;
  }

  function spreadOver(x: EngineTensor, shape: readonly number[], axes: readonly number[], factor: number): EngineTensor {
    let result = x;
    let known = factor;
    let axis = 0;
    while (axis < shape.length) {
      if (!axes.includes(axis)) { axis++; continue; }
      const first = axis;
      while (axis < shape.length && axes.includes(axis)) axis++;
      const inner = volume(result.shape.slice(axis));
      result = tf.reshape(primitives.spreadMiddle(result, volume(shape.slice(0, first)), volume(shape.slice(first, axis)), inner, known), [...shape.slice(0, axis), ...result.shape.slice(axis)]);
      known = 1;
    }
    return known === 1 ? alias(result) : tf.mul(result, known);
  }

  const alias = (x: EngineTensor): EngineTensor => tf.reshape(x, x.shape);

  function sumTo(gradient: EngineTensor, shape: readonly number[]): EngineTensor {
    if (sameShape(gradient.shape, shape)) return alias(gradient);
    const extra = gradient.shape.length - shape.length;
    const axes = gradient.shape.flatMap((size, axis) => (axis < extra || (shape[axis - extra] === 1 && size !== 1) ? [axis] : []));
    return tf.reshape(sumOver(gradient, axes), [...shape]);
  }

  return { tf, primitives, run: (operation) => record(tf, operation), sumOver, spreadOver, sumTo, alias };
}
