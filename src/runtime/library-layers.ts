/** Convolutions, pooling, normalization, softmax and the adder kernels of the TensorFlow.js library. */
import type { TensorLibrary, Window2D } from "../ops/tensor-library.js";
import type { EngineTensor } from "./engine.js";
import { geometryOf, poolGeometry } from "./geometry.js";
import { volume } from "./heap.js";
import type { LibraryContext } from "./library-context.js";

type T = EngineTensor;
type Layers = Pick<TensorLibrary<T>,
  | "conv2d" | "depthwiseConv2d" | "maxPool" | "averagePool" | "softmax" | "attend" | "layerNorm" | "batchNormTrain" | "batchNormInference"
  | "adder" | "adderInputGradient" | "adderFilterGradient" | "depthwiseAdder" | "customGradient">;

export function layers(context: LibraryContext): Layers {
  const { tf, run, primitives, sumOver, sumTo, alias } = context;
  const ofFilter = (x: T, filter: T, window: Window2D): ReturnType<typeof geometryOf> => geometryOf(x.shape, [filter.shape[0]!, filter.shape[1]!], window);

  /**
   * The gradients of several inputs come out of one sweep. It runs here and not on demand, so that the results belong to the scope of
   * the whole backward pass and not to that of one input.
   */
  const together = (results: readonly T[]): (() => T)[] => results.map((result) => () => result);

  return {
    conv2d(x, filter, window, groups) {
      const g = ofFilter(x, filter, window);
      return run({
        inputs: [x, filter],
        forward: () => primitives.convolution(x, filter, g, groups),
        saved: () => [x, filter],
        gradient: (dy, [input, weights]) => [() => primitives.convolutionInputGradient(dy, weights!, g, groups), () => primitives.convolutionFilterGradient(input!, dy, g, groups)],
      });
    },

    depthwiseConv2d(x, filter, window) {
      const g = ofFilter(x, filter, window);
      const multiplier = filter.shape[3]!;
      return run({
        inputs: [x, filter],
        forward: () => primitives.depthwise(x, filter, g),
        saved: () => [x, filter],
        gradient: (dy, [input, weights]) => [() => primitives.depthwiseInputGradient(dy, weights!, g), () => primitives.depthwiseFilterGradient(input!, dy, g, multiplier)],
      });
    },

    maxPool(x, window) {
      const g = poolGeometry(x.shape, window);
      return run({ inputs: [x], forward: () => primitives.maxPool(x, g), saved: () => [x], gradient: (dy, [input]) => [() => primitives.maxPoolGradient(input!, dy, g)] });
    },

    averagePool(x, window) {
      const g = poolGeometry(x.shape, window);
      return run({ inputs: [x], forward: () => primitives.averagePool(x, g), gradient: (dy) => [() => primitives.averagePoolGradient(dy, g)] });
    },

    softmax: (x) => run({ inputs: [x], forward: () => primitives.softmax(x), saved: (output) => [output], gradient: (dy, [output]) => [() => primitives.softmaxGradient(output!, dy)] }),

    ...attention(context),

    layerNorm: (x, scale, offset, epsilon) => run({
      inputs: [x, scale, offset],
      forward: () => primitives.layerNorm(x, scale, offset, epsilon),
      saved: () => [x, scale],
      gradient: (dy, [input, scales]) => together(primitives.layerNormGradient(input!, dy, scales!, epsilon)),
    }),

    // The statistics are handed out as plain values; their influence on the output is in the output's gradient.
    batchNormTrain(x, scale, offset, epsilon) {
      const stats = primitives.statistics(x);
      const output = run({
        inputs: [x, scale, offset],
        forward: () => primitives.normalize(x, stats, scale, offset, epsilon),
        saved: () => [x, scale, stats.mean, stats.variance],
        gradient: (dy, [input, scales, mean, variance]) => together(primitives.normalizeGradient(input!, dy, { mean: mean!, variance: variance! }, scales!, epsilon)),
      });
      return { output, ...stats };
    },

    batchNormInference: (x, mean, variance, scale, offset, epsilon) => run({
      inputs: [x, mean, variance, scale, offset],
      forward: () => primitives.normalize(x, { mean, variance }, scale, offset, epsilon),
      saved: () => [x, mean, variance, scale],
      gradient(dy, [input, means, variances, scales]) {
        const factor = (): T => tf.rsqrt(tf.add(variances!, epsilon));
        const slope = (): T => tf.mul(scales!, factor());
        const centred = (): T => tf.sub(input!, means!);
        return [
          () => tf.mul(dy, slope()),
          () => tf.neg(sumTo(tf.mul(dy, slope()), means!.shape)),
          () => sumTo(tf.mul(tf.mul(dy, centred()), tf.mul(tf.mul(slope(), tf.square(factor())), -0.5)), variances!.shape),
          () => sumTo(tf.mul(tf.mul(dy, centred()), factor()), scales!.shape),
          () => tf.reshape(sumOver(dy, dy.shape.map((_, axis) => axis).slice(0, -1)), offset.shape),
        ];
      },
    }),

    // Value only: the operator states its own gradient.
    adder: (x, filter, window) => run({ inputs: [x, filter], forward: () => primitives.adder(x, filter, ofFilter(x, filter, window)), gradient: (dy) => [() => noGradient(dy), () => noGradient(dy)] }),
    adderInputGradient: (dy, x, filter, window) => primitives.adderInputGradient(dy, x, filter, ofFilter(x, filter, window)),
    adderFilterGradient: (dy, x, filter, window) => primitives.adderFilterGradient(dy, x, filter, ofFilter(x, filter, window)),

    depthwiseAdder: {
      forward: (x, filter, window) => run({ inputs: [x, filter], forward: () => primitives.depthwiseAdder(x, filter, ofFilter(x, filter, window)), gradient: (dy) => [() => noGradient(dy), () => noGradient(dy)] }),
      inputGradient: (dy, x, filter, window) => primitives.depthwiseAdderInputGradient(dy, x, filter, ofFilter(x, filter, window)),
      filterGradient: (dy, x, filter, window) => primitives.depthwiseAdderFilterGradient(dy, x, filter, ofFilter(x, filter, window)),
    },

    customGradient: (inputs, forward, gradient) => run({
      inputs,
      // A forward that hands an input through would give the tape one tensor as both input and output.
      forward: () => { const output = forward(...inputs); return inputs.includes(output) ? alias(output) : output; },
      saved: (output) => [...inputs, output],
      gradient: (dy, saved) => together(gradient(dy, saved.slice(0, -1), saved.at(-1)!).map((one) => (one === dy || saved.includes(one) ? alias(one) : one))),
    }),
  };
}

/** A gradient makes all scores anew: training composes attention from its parts, whose gradients have them at hand. */
function attention({ tf, run, primitives }: LibraryContext): Pick<Layers, "attend"> {
  const { attend, matMul, softmax, softmaxGradient } = primitives;
  if (attend === undefined) return {};
  const folded = (x: T): T => tf.reshape(x, [volume(x.shape.slice(0, -2)), ...x.shape.slice(-2)]);
  return {
    attend: (queries, keys, values) => run({
      inputs: [queries, keys, values],
      forward: () => tf.reshape(attend(folded(queries), folded(keys), folded(values)), [...queries.shape.slice(0, -1), values.shape.at(-1)!]),
      saved: () => [queries, keys, values],
      gradient(dy, saved) {
        const [q, k, v] = saved.map(folded) as [T, T, T];
        const flow = folded(dy);
        const weights = (): T => softmax(matMul(q, k, false, true));
        const ofScores = (): T => softmaxGradient(weights(), matMul(flow, v, false, true));
        const gradients = [() => matMul(ofScores(), k, false, false), () => matMul(ofScores(), q, true, false), () => matMul(weights(), flow, true, false)];
        return gradients.map((gradient, index) => () => tf.reshape(gradient(), saved[index]!.shape));
      },
    }),
  };
}

function noGradient(dy: EngineTensor): never {
  throw new Error(`the adder kernel has no gradient of its own (output ${dy.shape.join(" x ")}): wrap it in customGradient`);
}
