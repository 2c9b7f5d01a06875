/** Reductions and the functions that move values about, of the TensorFlow.js library. */
import type { TensorLibrary } from "../ops/tensor-library.js";
import type { EngineTensor } from "./engine.js";
import { volume } from "./heap.js";
import type { LibraryContext } from "./library-context.js";

type T = EngineTensor;
type Shaping = Pick<TensorLibrary<T>, "sum" | "mean" | "max" | "reshape" | "transpose" | "concat" | "slice" | "pad" | "gather" | "cumulativeSum" | "upsampleNearest" | "matMul">;

export function shaping(context: LibraryContext): Shaping {
  const { tf, run, primitives, sumOver, spreadOver } = context;
  const axesOf = (x: T, axes: readonly number[]): number[] => axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis));
  const kept = (x: T, axes: readonly number[]): number[] => x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const reduced = (x: T, axes: readonly number[], keep: boolean): number[] => (keep ? kept(x, axes) : x.shape.filter((_, axis) => !axes.includes(axis)));

  function sum(x: T, given: readonly number[], keepDimensions: boolean, factor = 1): T {
    const axes = axesOf(x, given);
    const { shape } = x;
    return run({
      inputs: [x],
      forward: () => tf.reshape(factor === 1 ? sumOver(x, axes) : tf.mul(sumOver(x, axes), factor), reduced(x, axes, keepDimensions)),
      gradient: (dy) => [() => spreadOver(tf.reshape(dy, kept(x, axes)), shape, axes, factor)],
    });
  }

  function max(x: T, given: readonly number[], keepDimensions: boolean): T {
    const axes = axesOf(x, given);
    const onAxes = kept(x, axes);
    return run({
      inputs: [x],
      forward: () => tf.max(x, axes, keepDimensions),
      saved: (output) => [x, output],
      // Equal largest values share the gradient.
      gradient: (dy, [input, output]) => [() => {
        const hit = tf.cast(tf.equal(input!, tf.reshape(output!, onAxes)), "float32");
        return tf.mul(hit, tf.div(tf.reshape(dy, onAxes), sumOver(hit, axes)));
      }],
    });
  }

  function reshape(x: T, shape: readonly number[]): T {
    const known = x.shape;
    return run({ inputs: [x], forward: () => tf.reshape(x, [...shape]), gradient: (dy) => [() => tf.reshape(dy, known)] });
  }

  function transpose(x: T, permutation: readonly number[]): T {
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return run({ inputs: [x], forward: () => primitives.transpose(x, permutation), gradient: (dy) => [() => primitives.transpose(dy, inverse)] });
  }

  function concat(parts: readonly T[], axis: number): T {
    if (parts.length === 1) return reshape(parts[0]!, parts[0]!.shape);
    const along = axis < 0 ? axis + parts[0]!.shape.length : axis;
    const shapes = parts.map((part) => part.shape);
    return run({
      inputs: parts,
      forward: () => primitives.concat(parts, along),
      gradient: (dy) => shapes.map((shape, index) => () => {
        const before = shapes.slice(0, index).reduce((total, earlier) => total + earlier[along]!, 0);
        return primitives.slice(dy, shape.map((_, at) => (at === along ? before : 0)), shape);
      }),
    });
  }

  function slice(x: T, begin: readonly number[], size: readonly number[]): T {
    const sizes = size.map((count, axis) => (count === -1 ? x.shape[axis]! - begin[axis]! : count));
    const { shape } = x;
    return run({
      inputs: [x],
      forward: () => primitives.slice(x, begin, sizes),
      gradient: (dy) => [() => primitives.pad(dy, shape.map((count, axis): [number, number] => [begin[axis]!, count - begin[axis]! - sizes[axis]!]))],
    });
  }

  function pad(x: T, paddings: readonly (readonly [number, number])[]): T {
    const { shape } = x;
    return run({
      inputs: [x],
      forward: () => primitives.pad(x, paddings),
      gradient: (dy) => [() => primitives.slice(dy, paddings.map(([before]) => before), shape)],
    });
  }

  function gather(table: T, indices: T): T {
    const [height, width] = table.shape as [number, number];
    const rows = (given: T): T => tf.reshape(tf.cast(given, "int32"), [given.size]);
    return run({
      inputs: [table, indices],
      forward: () => tf.reshape(tf.gather(table, rows(indices)), [...indices.shape, width]),
      saved: () => [indices],
      gradient: (dy, [given]) => [
        () => primitives.scatterRows(tf.reshape(dy, [given!.size, width]), rows(given!), height),
        () => tf.zeros(given!.shape, "float32"),
      ],
    });
  }

  function cumulativeSum(x: T, axis: number): T {
    const at = axis < 0 ? axis + x.shape.length : axis;
    const view = [volume(x.shape.slice(0, at)), x.shape[at]!, volume(x.shape.slice(at + 1))] as const;
    return run({ inputs: [x], forward: () => primitives.cumulativeSum(x, ...view, false), gradient: (dy) => [() => primitives.cumulativeSum(dy, ...view, true)] });
  }

  function upsampleNearest(x: T, factor: number): T {
    const [n, h, w, c] = x.shape as [number, number, number, number];
    return run({
      inputs: [x],
      forward: () => tf.reshape(spreadOver(tf.reshape(x, [n * h, 1, w, 1, c]), [n * h, factor, w, factor, c], [1, 3], 1), [n, h * factor, w * factor, c]),
      gradient: (dy) => [() => tf.reshape(sumOver(tf.reshape(dy, [n * h, factor, w, factor, c]), [1, 3]), x.shape)],
    });
  }

  return {
    sum: (x, axes, keepDimensions) => sum(x, axes, keepDimensions),
    mean: (x, axes, keepDimensions) => sum(x, axes, keepDimensions, 1 / volume(axesOf(x, axes).map((axis) => x.shape[axis]!))),
    max, reshape, transpose, concat, slice, pad, gather, cumulativeSum, upsampleNearest, matMul: batchedProduct(context),
  };
}

/** Leading dimensions are folded into one batch; one that is repeated is summed in the gradient. */
function batchedProduct({ tf, run, primitives, sumTo }: LibraryContext): TensorLibrary<T>["matMul"] {
  const folded = (x: T, leading: readonly number[]): T => {
    const own = x.shape.slice(0, -2);
    const tail = x.shape.slice(-2);
    const batch = volume(own);
    if (batch === 1 || batch === volume(leading)) return tf.reshape(x, [batch, ...tail]);
    return tf.reshape(tf.broadcastTo(x, [...leading, ...tail]), [volume(leading), ...tail]);
  };
  return (a, b, transposeA = false, transposeB = false) => {
    const leading = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const rows = a.shape.at(transposeA ? -1 : -2)!;
    const columns = b.shape.at(transposeB ? -2 : -1)!;
    const [shapeA, shapeB] = [a.shape, b.shape];
    // With one right-hand side for all, the batch is more rows of one product.
    const flatten = !transposeA && volume(shapeB.slice(0, -2)) === 1;
    const multiply = (left: T, right: T, flipLeft: boolean, flipRight: boolean): T => primitives.matMul(left, right, flipLeft, flipRight);
    if (flatten) {
      const inner = shapeA.at(-1)!;
      const flat = (x: T, width: number): T => tf.reshape(x, [1, x.size / width, width]);
      const matrix = (x: T): T => tf.reshape(x, [1, ...shapeB.slice(-2)]);
      return run({
        inputs: [a, b],
        forward: () => tf.reshape(multiply(flat(a, inner), matrix(b), false, transposeB), [...leading, rows, columns]),
        saved: () => [a, b],
        gradient: (dy, [left, right]) => [
          () => tf.reshape(multiply(flat(dy, columns), matrix(right!), false, !transposeB), shapeA),
          () => tf.reshape(transposeB ? multiply(flat(dy, columns), flat(left!, inner), true, false) : multiply(flat(left!, inner), flat(dy, columns), true, false), shapeB),
        ],
      });
    }
    return run({
      inputs: [a, b],
      forward: () => tf.reshape(multiply(folded(a, leading), folded(b, leading), transposeA, transposeB), [...leading, rows, columns]),
      saved: () => [a, b],
      gradient(dy, [left, right]) {
        const batch = volume(leading);
        const flow = tf.reshape(dy, [batch, rows, columns]);
        const [x, y] = [folded(left!, leading), folded(right!, leading)];
        const unfold = (gradient: T, shape: readonly number[]): T => sumTo(tf.reshape(gradient, [...leading, ...shape.slice(-2)]), shape);
        return [
          () => unfold(transposeA ? multiply(y, flow, transposeB, true) : multiply(flow, y, false, !transposeB), shapeA),
          () => unfold(transposeB ? multiply(flow, x, true, transposeA) : multiply(x, flow, !transposeA, false), shapeB),
        ];
      },
    });
  };
}

/** The shape that both broadcast to. */
function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => Math.max(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1));
}
