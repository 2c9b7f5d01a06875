/**
 * What an engine offers to the runtime: the tensor vocabulary, gradients, optimizer updates and memory accounting. The default
 * engine is TensorFlow.js' WebAssembly backend with our kernels; `node` is TensorFlow itself where tfjs-node is installed; a slow one
 * on the plain-JavaScript backend is a cross-check. Only this folder imports TensorFlow.js.
 */
import type * as tfcore from "@tensorflow/tfjs-core";
import type { TensorLibrary } from "../ops/tensor-library.js";

export type EngineTensor = tfcore.Tensor;

export type EngineName = "wasm" | "cpu" | "node";

export interface EngineReport {
  readonly name: EngineName;
  /** e.g. "tfjs-wasm 4.22.0 + AssemblyScript SIMD kernels, 1 thread". */
  readonly description: string;
  /** What decides how results are rounded: two engines that agree on it give the same bits (on one machine). */
  readonly arithmetic: string;
  /** Why a better engine was not taken; empty when this is the best one. */
  readonly reasons: readonly string[];
}

export interface Engine {
  readonly report: EngineReport;
  readonly library: TensorLibrary<EngineTensor>;
  upload(values: Float32Array | Int32Array, shape: readonly number[]): EngineTensor;
  download(tensor: EngineTensor): Float32Array;
  dispose(...tensors: readonly EngineTensor[]): void;
  /** Frees every tensor made inside that is not returned (arrays and records of tensors count as returned). */
  scope<R>(work: () => R): R;
  /** The loss (a scalar) and its gradient for each of `parameters`; zeros where the loss does not depend on one. */
  gradients(parameters: readonly EngineTensor[], loss: () => EngineTensor): { readonly loss: EngineTensor; readonly gradients: readonly EngineTensor[] };
  /** Mean over the batch of the cross-entropy with label smoothing; logits [n, classes], labels [n] int32. Differentiable. */
  crossEntropy(logits: EngineTensor, labels: EngineTensor, smoothing: number): EngineTensor;
  /**
   * In-place parameter updates on the engine's heap; velocity, first and second have the parameter's shape. With `begin`, the gradient
   * covers the region of them that starts there, and the rest stays as it is. A tensor that shares its values with another one (a
   * reshape of it is alive) is refused.
   */
  updateSgd(parameter: EngineTensor, gradient: EngineTensor, velocity: EngineTensor, rate: number, momentum: number, decay: number, begin?: readonly number[]): void;
  /** Adam; decoupled decay where `decoupled` (AdamW), else added to the gradient. `step` counts from 1. */
  updateAdam(parameter: EngineTensor, gradient: EngineTensor, first: EngineTensor, second: EngineTensor, step: number, rate: number, beta1: number, beta2: number, epsilon: number, decay: number, decoupled: boolean, begin?: readonly number[]): void;
  /** A copy of a region of a tensor, without gradient. */
  readRegion(source: EngineTensor, begin: readonly number[], size: readonly number[]): EngineTensor;
  /** Copies `source` into the region of `target` that starts at `begin`; in place, so `target` must not share its values. */
  writeRegion(target: EngineTensor, source: EngineTensor, begin: readonly number[]): void;
  tensorCount(): number;
}
