/**
 * The primitives by TensorFlow's operators. Nothing here is on the tape: the library adds gradients on top, as on the other engines.
 * `others` computes what TensorFlow lacks or is slow at.
 */
import type { TensorFlow } from "../autograd.js";
import type { EngineTensor } from "../engine.js";
import type { Combination, Primitives, Statistics } from "../primitives.js";
import type { Attribute, Constant, NodeBackend, Operators } from "./backend.js";
import { nodeUpdates } from "./node-updates.js";
import { nodeWindows } from "./node-windows.js";

type T = EngineTensor;
type Operand = T | Constant;

const combining: Readonly<Record<Combination, string>> = { add: "AddV2", subtract: "Sub", multiply: "Mul" };

/** Elementwise and reducing operators of float32. */
export interface Arithmetic {
  add(a: Operand, b: Operand): T;
  subtract(a: Operand, b: Operand): T;
  multiply(a: Operand, b: Operand): T;
  apply(name: string, x: Operand): T;
  /** Axes stay with size 1. */
  mean(x: T, axes: readonly number[]): T;
  reshape(x: T, shape: readonly number[]): T;
}

export function arithmetic({ run, integers, type, flag }: Operators): Arithmetic {
  const float = [type("T")];
  const reduction = [...float, type("Tidx", true), flag("keep_dims", true)];
  const reshaping = [...float, type("Tshape", true)];
  return {
    add: (a, b) => run("AddV2", float, [a, b]),
    subtract: (a, b) => run("Sub", float, [a, b]),
    multiply: (a, b) => run("Mul", float, [a, b]),
    apply: (name, x) => run(name, float, [x]),
    mean: (x, axes) => run("Mean", reduction, [x, integers(axes)]),
    reshape: (x, shape) => run("Reshape", reshaping, [x, integers(shape)]),
  };
}

/** What TensorFlow has no operator for: composing costs more than copying to our kernels. And windows that it may refuse. */
export type OtherPrimitives = Pick<Primitives,
  | "adder" | "adderInputGradient" | "adderFilterGradient" | "depthwiseAdder" | "depthwiseAdderInputGradient" | "depthwiseAdderFilterGradient" | "roundToPowerOfTwo" | "gelu" | "geluGradient" | "layerNorm" | "layerNormGradient" | "convolution" | "convolutionInputGradient" | "convolutionFilterGradient"
  | "depthwise" | "depthwiseInputGradient" | "depthwiseFilterGradient" | "maxPool" | "maxPoolGradient" | "averagePool" | "averagePoolGradient">;

export function nodePrimitives(tf: TensorFlow, backend: NodeBackend, operators: Operators, others: OtherPrimitives): Primitives {
  const { run, runAll, integers, rows, number, type, whole, real, flag, text } = operators;
  const { subtract, multiply, apply, mean, reshape } = arithmetic(operators);
  const float = [type("T")];
  const indexed = [...float, type("Index", true)];
  const reduction = (keep: boolean): readonly Attribute[] => [...float, type("Tidx", true), flag("keep_dims", keep)];
  const [keeping, dropping] = [reduction(true), reduction(false)];
  const sum = (x: T, axes: readonly number[], keep: boolean): T => run("Sum", keep ? keeping : dropping, [x, integers(axes)]);
  const lastOf = (x: T): number => x.shape.at(-1)!;
  /** All axes but the last. */
  const leading = (x: T): number[] => x.shape.slice(0, -1).map((_, axis) => axis);

  /** Batch normalization takes images only. */
  const asImages = (x: T): T => (x.shape.length === 4 ? x : reshape(x, [x.size / lastOf(x), 1, 1, lastOf(x)]));
  const normalization = (epsilon: number, training: boolean): readonly Attribute[] => [...float, type("U"), real("epsilon", epsilon), text("data_format", "NHWC"), flag("is_training", training)];

  function statistics(x: T): Statistics {
    const channels = lastOf(x);
    return tf.tidy(() => {
      const average = mean(x, leading(x));
      return { mean: reshape(average, [channels]), variance: reshape(mean(run("SquaredDifference", float, [x, average]), leading(x)), [channels]) };
    });
  }

  /** The loss of each row and its gradient. */
  function losses(logits: T, labels: T, smoothing: number): readonly [T, T] {
    const classes = lastOf(logits);
    const rest = smoothing / classes;
    const targets = run("OneHot", [...float, type("TI", true), whole("axis", -1)], [labels, integers(classes), number(1 - smoothing + rest), number(rest)]);
    const [loss, gradient] = runAll("SoftmaxCrossEntropyWithLogits", float, [logits, targets], 2);
    return [loss!, gradient!];
  }

  return {
    ...others, ...nodeWindows(operators, others), ...nodeUpdates(tf, backend, operators),

    matMul: (a, b, transposeA, transposeB) => run("BatchMatMulV2", [...float, flag("adj_x", transposeA), flag("adj_y", transposeB)], [a, b]),

    sumMiddle: (x, outer, middle, inner) => sum(reshape(x, [outer, middle, inner]), [1], false),
    spreadMiddle(x, outer, middle, inner, factor) {
      const scaled = factor === 1 ? x : multiply(x, number(factor));
      return run("BroadcastTo", [...float, type("Tidx", true)], [reshape(scaled, [outer, 1, inner]), integers([outer, middle, inner])]);
    },
    transpose: (x, permutation) => run("Transpose", [...float, type("Tperm", true)], [x, integers(permutation)]),
    slice: (x, begin, size) => run("Slice", indexed, [x, integers(begin), integers(size)]),
    pad: (x, paddings) => run("Pad", [...float, type("Tpaddings", true)], [x, rows(paddings)]),
    concat: (parts, axis) => run("ConcatV2", [...float, type("Tidx", true), whole("N", parts.length)], [...parts, integers(axis)]),
    cumulativeSum: (x, outer, middle, inner, reverse) => reshape(run("Cumsum", [...float, type("Tidx", true), flag("exclusive", false), flag("reverse", reverse)], [reshape(x, [outer, middle, inner]), integers(1)]), x.shape),
    scatterRows: (dy, indices, height) => run("UnsortedSegmentSum", [...float, type("Tindices", true), type("Tnumsegments", true)], [dy, indices, integers(height)]),

    statistics,
    normalize: (x, { mean: average, variance }, scale, offset, epsilon) => reshape(run("FusedBatchNormV3", normalization(epsilon, false), [asImages(x), scale, offset, average, variance], 6), x.shape),
    normalizeGradient(x, dy, { mean: average, variance }, scale, epsilon) {
      // The last operand is used on graphics processors only.
      return tf.tidy((): [T, T, T] => {
        const [dx, dscale, doffset] = runAll("FusedBatchNormGradV3", normalization(epsilon, true), [asImages(dy), asImages(x), scale, average, variance, variance], 5);
        return [x.shape.length === 4 ? dx! : reshape(dx!, x.shape), dscale!, doffset!];
      });
    },

    combine: (a, b, operation) => run(combining[operation], float, [a, b]),
    softmax: (x) => apply("Softmax", x),
    softmaxGradient: (y, dy) => multiply(y, subtract(dy, sum(multiply(y, dy), [-1], true))),
    relu: (x, bounded) => apply(bounded ? "Relu6" : "Relu", x),
    reluGradient: (y, dy, bounded) => run(bounded ? "Relu6Grad" : "ReluGrad", float, [dy, y]),
    round: (x) => apply("Rint", x),

    crossEntropy: (logits, labels, smoothing) => run("Mean", dropping, [losses(logits, labels, smoothing)[0], integers([0])]),
    crossEntropyGradient: (logits, labels, smoothing, dy) => multiply(losses(logits, labels, smoothing)[1], multiply(dy, number(1 / logits.shape[0]!))),
  };
}
