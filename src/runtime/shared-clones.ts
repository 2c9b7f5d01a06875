/**
 * Cloning without copying. The tape of TensorFlow.js clones every tensor that a gradient will need, and the WebAssembly backend copies
 * the values each time: a seventh of a training step. Here a clone shares them, as on the plain backend; the heap counts owners, so
 * that in-place updates of shared values are still refused.
 */
import type { DataId, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "./autograd.js";

interface CountingBackend { incRef(id: DataId): void }

function isCounting(backend: unknown): backend is CountingBackend {
  return typeof backend === "object" && backend !== null && "incRef" in backend && typeof backend.incRef === "function";
}

/** Replaces the backend's identity kernel, once in a process. */
export function shareClones(tf: TensorFlow): void {
  const backend: unknown = tf.backend();
  if (!isCounting(backend)) return;
  if (tf.getKernel("Identity", "wasm") !== undefined) tf.unregisterKernel("Identity", "wasm");
  tf.registerKernel({
    kernelName: "Identity", backendName: "wasm",
    kernelFunc({ inputs }) {
      const { dataId, shape, dtype } = inputs["x"] as Tensor;
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
}
