/**
 * Loop nests of plain tensor contractions (matrix products with any number of batch loops): every tensor is indexed by single
 * dimensions, so bounds and index letters say everything. Convolutions, whose indices are sums, build theirs in their own files.
 */
import { nest, plain } from "./nests.js";
import type { LoopNest, PointOperation, TensorAccess, Workload } from "./workload.js";

/** A tensor of a contraction and the dimensions that index it, outer to inner. */
export interface ContractionTensor { readonly name: string; readonly role: TensorAccess["role"]; readonly over: readonly string[] }

/** The nest with one point per combination of `bounds` (dimension name -> bound). */
export function contraction(name: string, bounds: Readonly<Record<string, number>>, tensors: readonly ContractionTensor[], operation: PointOperation = "multiply_accumulate"): LoopNest {
  return nest(name, operation, bounds, tensors.map(({ name: tensor, role, over }) => ({
    name: tensor, role, indices: plain(...over),
    words: over.reduce((words, dimension) => words * (bounds[dimension] ?? 1), 1),
  })));
}

/** tokens x inputs times inputs x outputs: `name` is the weight. */
export function projection(name: string, tokens: number, inputs: number, outputs: number): LoopNest {
  return contraction(`${name}_projection`, { m: tokens, k: outputs, c: inputs }, [
    { name: "I", role: "input", over: ["m", "c"] },
    { name, role: "weight", over: ["k", "c"] },
    { name: "O", role: "output", over: ["m", "k"] },
  ]);
}

export function joinWorkloads(parts: readonly Workload[]): Workload {
  return { nests: parts.flatMap((part) => part.nests), vectors: parts.flatMap((part) => part.vectors) };
}
