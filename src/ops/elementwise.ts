/**
 * What arithmetic on two tensors shares: broadcasting like NumPy. Shapes are aligned at the last axis; extents agree or are 1, and a
 * missing axis counts as 1, so that [channels] multiplies [height, width, channels].
 */
import { writtenShape } from "./guard.js";
import { elements } from "./nests.js";
import type { Operator, Shape, ShapeResult } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";
import type { VectorWork } from "./workload.js";

export interface BinaryArithmetic {
  readonly name: string;
  /** As it is written between two tensors. */
  readonly symbol: string;
  readonly summary: string;
  readonly example: string;
  /** Operations per element of the output. */
  readonly perElement: Pick<VectorWork, "multiplies" | "adds" | "specials">;
  /** The producer of one operand can apply it on the way out. */
  readonly fusible: boolean;
  apply<T extends Tensor>(library: TensorLibrary<T>, a: T, b: T): T;
}

/** Prefixed with ones to `rank` axes. */
const padded = (shape: Shape, rank: number): Shape => [...new Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];

function broadcast(name: string, first: Shape, second: Shape): ShapeResult {
  const rank = Math.max(first.length, second.length);
  const [a, b] = [padded(first, rank), padded(second, rank)];
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [x, y] = [a[axis]!, b[axis]!];
    if (x !== y && x !== 1 && y !== 1) {
      return { problem: `the tensors of \`${name}\` have different shapes`, detail: `${writtenShape(first)} and ${writtenShape(second)}: ${x} != ${y}`, help: "extents must agree, or one of them be 1" };
    }
    shape.push(Math.max(x, y));
  }
  return { shape };
}

export function binaryArithmetic({ name, symbol, summary, example, perElement, fusible, apply }: BinaryArithmetic): Operator {
  return {
    name, summary, example,
    source: "Broadcasting as in NumPy.",
    category: "elementwise",
    inputs: { minimum: 2, maximum: 2 },
    parameters: [],
    shape: ([first, second]) => broadcast(symbol, first!, second!),
    weights: () => [],
    forward({ library, inputs, inputShapes, outputShape }) {
      // The batch stays in front: a shorter shape gets its ones behind it.
      const aligned = inputs.map((input, i) => (inputShapes[i]!.length === outputShape.length ? input : library.reshape(input, [-1, ...padded(inputShapes[i]!, outputShape.length)])));
      return apply(library, aligned[0]!, aligned[1]!);
    },
    workload([first, second], _attributes, output) {
      const count = elements(output);
      const totals = Object.fromEntries(Object.entries(perElement).map(([kind, operations]) => [kind, count * operations]));
      return { nests: [], vectors: [{ name, ...totals, readWords: elements(first!) + elements(second!), writeWords: count, fusible }] };
    },
  };
}
