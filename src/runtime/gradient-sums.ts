/**
 * Where several operations read a value, the tape of TensorFlow.js adds up their gradients with its stock sum, which knows one thread
 * only. Here sums of two tensors of one shape go through our primitive, and all others through the stock kernel as before.
 */
import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "./autograd.js";
import { sameShape } from "./library-context.js";
import type { Primitives } from "./primitives.js";

/** Replaces the backend's kernel `Add`. */
export function addGradientsWith(tf: TensorFlow, { combine }: Primitives): void {
  const stock = tf.getKernel("Add", "wasm");
  if (stock !== undefined) tf.unregisterKernel("Add", "wasm");
  tf.registerKernel({
    kernelName: "Add", backendName: "wasm",
    kernelFunc(call) {
      const { a, b } = call.inputs as Record<"a" | "b", Tensor>;
      return a.dtype === "float32" && b.dtype === "float32" && a.size > 0 && sameShape(a.shape, b.shape) ? combine(a, b, "add") : stock.kernelFunc(call);
    },
  });
}
