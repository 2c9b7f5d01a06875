/**
 * Records our own operations on TensorFlow.js' tape. Core's registered gradients are not used at all: several of them are wrong or
 * missing, and registering them drags in a whole layers package. An operation here is a forward function, the tensors its gradient
 * needs, and one lazy gradient per input, so that nothing is computed for inputs that no parameter reaches (such as the images).
 */
import type * as tfcore from "@tensorflow/tfjs-core";
import type { EngineTensor } from "./engine.js";

export type TensorFlow = typeof tfcore;

/** The gradients of an operation's inputs, in order; each is asked for at most once. */
export type LazyGradients = readonly (() => EngineTensor)[];

export interface Operation {
  readonly inputs: readonly EngineTensor[];
  forward(): EngineTensor;
  /** What `gradient` reads, besides shapes; kept alive until the backward pass. Default: nothing. */
  saved?(output: EngineTensor): readonly EngineTensor[];
  gradient(dy: EngineTensor, saved: readonly EngineTensor[]): LazyGradients;
}

/**
 * The part of core's engine that `tf.customGrad` is made of. It is private in core's typings, but the public wrapper computes the
 * gradient of every input, needed or not.
 */
interface CustomGradientRunner {
  runKernelFunc(call: {
    readonly forwardFunc: (backend: unknown, save: (tensors: EngineTensor[]) => void) => EngineTensor;
    readonly backwardsFunc: (dy: EngineTensor, saved: EngineTensor[]) => Record<string, () => EngineTensor>;
    readonly inputs: Record<string, EngineTensor>;
  }): EngineTensor;
}

export function record(tf: TensorFlow, operation: Operation): EngineTensor {
  const runner = tf.engine() as unknown as CustomGradientRunner;
  const inputs: Record<string, EngineTensor> = {};
  operation.inputs.forEach((input, index) => { inputs[`${index}`] = input; });
  return runner.runKernelFunc({
    forwardFunc(_backend, save) {
      const output = operation.forward();
      const saved = operation.saved?.(output) ?? [];
      if (saved.length > 0) save([...saved]);
      return output;
    },
    backwardsFunc(dy, saved) {
      const gradients: Record<string, () => EngineTensor> = {};
      operation.gradient(dy, saved).forEach((gradient, index) => { gradients[`${index}`] = gradient; });
      return gradients;
    },
    inputs,
  });
}

/** The loss and its gradient for each parameter; zeros where the loss does not depend on one. */
export function lossGradients(tf: TensorFlow, parameters: readonly EngineTensor[], loss: () => EngineTensor): { readonly loss: EngineTensor; readonly gradients: readonly EngineTensor[] } {
  if (parameters.length === 0) return { loss: tf.tidy(loss), gradients: [] };
  const { value, grads } = freeingTape(tf, () => tf.engine().gradients(loss, [...parameters], undefined, true));
  const found: readonly (EngineTensor | undefined)[] = grads;
  return { loss: value, gradients: found.map((gradient, index) => gradient ?? tf.zeros(parameters[index]!.shape)) };
}

/** Core frees what the tape holds only at the end of a backward pass that came to its end. */
function freeingTape<R>(tf: TensorFlow, work: () => R): R {
  try {
    return work();
  } catch (error) {
    const { state } = tf.engine();
    for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
    state.activeTape = [];
    throw error;
  }
}
