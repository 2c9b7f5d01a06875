/**
 * Tensors in float64 that remember how they were made, and the gradient of a scalar by walking back over that record. Plain loops
 * throughout: this is what the fast engines and the operators are judged by, so it must be small enough to trust.
 */
import type { Tensor } from "../../src/ops/tensor-library.js";

/** One gradient per parent; undefined where none flows. */
type Backward = (gradient: Float64Array) => readonly (Float64Array | undefined)[];

export interface ReferenceTensor extends Tensor {
  readonly values: Float64Array;
  readonly parents: readonly ReferenceTensor[];
  readonly backward?: Backward;
}

export const volume = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** A tensor without history. */
export function tensor(values: ArrayLike<number>, shape: readonly number[]): ReferenceTensor {
  if (values.length !== volume(shape)) throw new Error(`${values.length} values for [${shape.join(", ")}]`);
  return { shape, values: Float64Array.from(values), parents: [] };
}

/** A tensor computed from `parents`. */
export function derived(shape: readonly number[], values: Float64Array, parents: readonly ReferenceTensor[], backward: Backward): ReferenceTensor {
  if (values.length !== volume(shape)) throw new Error(`${values.length} values for [${shape.join(", ")}]`);
  return { shape, values, parents, backward };
}

export const detached = ({ shape, values }: ReferenceTensor): ReferenceTensor => ({ shape, values, parents: [] });

/** Steps between neighbours along each axis, row-major. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** For every position of `shape` in order: the offset it has under `strides`. */
export function offsets(shape: readonly number[], strides: readonly number[]): Int32Array {
  let result = [0];
  shape.forEach((extent, axis) => {
    result = result.flatMap((base) => Array.from({ length: extent }, (_, i) => base + i * strides[axis]!));
  });
  return Int32Array.from(result);
}

/** Every tensor that `root` depends on, parents before children. */
function history(root: ReferenceTensor): ReferenceTensor[] {
  const order: ReferenceTensor[] = [];
  const seen = new Set<ReferenceTensor>();
  const visit = (node: ReferenceTensor): void => {
    if (seen.has(node)) return;
    seen.add(node);
    node.parents.forEach(visit);
    order.push(node);
  };
  visit(root);
  return order;
}

/** d(sum of seed * output) / d parameter for each parameter; `seed` is 1 everywhere by default. */
export function gradientsOf(output: ReferenceTensor, parameters: readonly ReferenceTensor[], seed?: ArrayLike<number>): Float64Array[] {
  const gradients = new Map<ReferenceTensor, Float64Array>([[output, seed ? Float64Array.from(seed) : new Float64Array(output.values.length).fill(1)]]);
  for (const node of history(output).reverse()) {
    const gradient = gradients.get(node);
    if (gradient === undefined || node.backward === undefined) continue;
    node.backward(gradient).forEach((part, index) => {
      const parent = node.parents[index]!;
      if (part === undefined) return;
      if (part.length !== parent.values.length) throw new Error(`a gradient of ${part.length} values for [${parent.shape.join(", ")}]`);
      const sum = gradients.get(parent) ?? new Float64Array(part.length);
      for (let i = 0; i < part.length; i++) sum[i]! += part[i]!;
      gradients.set(parent, sum);
    });
  }
  return parameters.map((parameter) => gradients.get(parameter) ?? new Float64Array(parameter.values.length));
}
