/**
 * The parameters of a network as they are stored: how many, how many of them are not cut to zero, and their bytes. A tensor that several
 * nodes share counts once, at the box around its uses, as wide and as dense as the most demanding of them.
 */
import type { Chunk } from "../ir/plan.js";
import type { Attributes, Operator, Shape } from "../ops/operator.js";
import { storedBits } from "./compressed-work.js";
import type { Machine } from "./machine.js";
import { formatBits } from "./unit-costs.js";

/** One use of a tensor that several nodes share. */
export interface WeightUse { readonly operator: Operator; readonly inputs: readonly Shape[]; readonly attributes: Attributes }

export interface StoredWeights {
  /** Trained parameters; running statistics are none. */
  readonly params: number;
  /** Bytes, masks of sparse tensors included. */
  readonly size: number;
  readonly kept: number;
}

interface Box { readonly shape: readonly number[]; readonly bits: number; readonly density: number }

const volume = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

/** The chunk whose number format the weights of an operator have; without one it is that of the vector unit. */
function chunkOf(machine: Machine, { name, category }: Operator): Chunk | undefined {
  const computed = category === "linear" || category === "multiplication_free" || category === "attention";
  return machine.chunkOf(name) ?? (computed ? machine.firstChunk : undefined);
}

/** The parameter tensors of all uses by name, each as the box around its uses. */
function boxesOf(uses: readonly WeightUse[], format: number): readonly Box[] {
  const boxes = new Map<string, Box>();
  for (const { operator, inputs, attributes } of uses) {
    for (const { name, shape, role, bits = format, density = 1 } of operator.weights(inputs, attributes)) {
      if (role !== "parameter") continue;
      const box = boxes.get(name);
      boxes.set(name, box === undefined ? { shape, bits, density } : { shape: shape.map((extent, axis) => Math.max(extent, box.shape[axis] ?? 0)), bits: Math.max(bits, box.bits), density: Math.max(density, box.density) });
    }
  }
  return [...boxes.values()];
}

/** Parameters of tensors that several nodes use. */
export const sharedParams = (uses: readonly WeightUse[]): number => boxesOf(uses, 0).reduce((sum, { shape }) => sum + volume(shape), 0);

/** What the uses of one tensor (or of one operator's own tensors) store. */
export function storedWeights(machine: Machine, uses: readonly WeightUse[]): StoredWeights {
  const [first] = uses;
  const chunk = first && chunkOf(machine, first.operator);
  const format = chunk?.widths?.weights ?? formatBits[chunk?.precision ?? machine.vector.format];
  const total = { params: 0, size: 0, kept: 0 };
  for (const { shape, bits, density } of boxesOf(uses, format)) {
    const elements = volume(shape);
    total.params += elements;
    total.kept += Math.round(elements * density);
    total.size += (elements * storedBits(bits, density)) / 8;
  }
  return total;
}
