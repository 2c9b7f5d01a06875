/** What all activations share: one input, its shape, no weights, one pass over the elements. */
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";
import type { VectorWork } from "./workload.js";

export interface Activation {
  readonly name: string;
  readonly summary: string;
  readonly source?: string;
  /** Operations per element. */
  readonly perElement: Pick<VectorWork, "multiplies" | "adds" | "compares" | "specials">;
  /** A producer can apply it on the way out. */
  readonly fusible: boolean;
  apply<T extends Tensor>(library: TensorLibrary<T>, x: T): T;
}

/** A table look-up, a multiplication and an addition: piecewise linear (hardware.md 2.1). */
export const TABLE_LOOK_UP = { specials: 1, multiplies: 1, adds: 1 } as const;
export const ONE_COMPARISON = { compares: 1 } as const;

export function activation({ name, summary, source, perElement, fusible, apply }: Activation): Operator {
  return {
    name, summary, ...(source === undefined ? {} : { source }),
    example: `x -> conv(32) -> batch_norm -> ${name}`,
    category: "activation",
    inputs: { minimum: 1, maximum: 1 },
    parameters: [],
    shape: ([input]) => ({ shape: input! }),
    weights: () => [],
    forward: ({ library, inputs }) => apply(library, inputs[0]!),
    workload([input]) {
      const count = elements(input!);
      const totals = Object.fromEntries(Object.entries(perElement).map(([kind, operations]) => [kind, count * operations]));
      return { nests: [], vectors: [{ name, ...totals, readWords: count, writeWords: count, fusible }] };
    },
  };
}
