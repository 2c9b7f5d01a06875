/**
 * The product of two tensors over their last two axes, one for each position of the axes before them. With `transpose`, `softmax` and
 * the relative operators it says attention of any form; `attention` stays the short way to the usual ones.
 */
import { booleanOf } from "./attributes.js";
import { contraction } from "./contraction.js";
import { writtenShape } from "./guard.js";
import { elements } from "./nests.js";
import type { Attributes, Operator, Shape, ShapeResult } from "./operator.js";

/** Rows of b after an eventual transposition: what the columns of a meet. */
function sizesOf(a: Shape, b: Shape, attributes: Attributes): { readonly rows: number; readonly inner: number; readonly met: number; readonly columns: number } {
  const [last, before] = [b.at(-1)!, b.at(-2)!];
  const [met, columns] = booleanOf(attributes, "transposed") ? [last, before] : [before, last];
  return { rows: a.at(-2)!, inner: a.at(-1)!, met, columns };
}

function shapeOf(a: Shape, b: Shape, attributes: Attributes): ShapeResult {
  if (a.length < 2 || a.length !== b.length) {
    return { problem: "`matmul` takes two tensors of equally many axes, at least two", detail: `the inputs are ${writtenShape(a)} and ${writtenShape(b)}` };
  }
  const lead = a.slice(0, -2);
  const odd = lead.findIndex((extent, axis) => extent !== b[axis]);
  if (odd >= 0) return { problem: "the leading axes of `matmul` must agree", detail: `${writtenShape(a)} and ${writtenShape(b)}: ${a[odd]} != ${b[odd]}` };
  const { rows, inner, met, columns } = sizesOf(a, b, attributes);
  if (inner !== met) return { problem: "the inner extents of `matmul` must agree", detail: `${writtenShape(a)} and ${writtenShape(b)}: ${inner} != ${met}`, help: "`transposed = true` takes the second input with its last two axes swapped" };
  return { shape: [...lead, rows, columns] };
}

export const matmul: Operator = {
  name: "matmul",
  summary: "Matrix product over the last two axes, for each position of the axes before them.",
  source: "Batched as in NumPy, without broadcasting of the leading axes.",
  example: "scores = matmul(x, x, transposed = true) -> softmax",
  category: "linear",
  inputs: { minimum: 2, maximum: 2 },
  parameters: [{ name: "transposed", summary: "The second input comes with its last two axes swapped.", type: { kind: "boolean" }, defaultValue: false }],
  shape: ([a, b], attributes) => shapeOf(a!, b!, attributes),
  weights: () => [],
  forward: ({ library, inputs, attributes }) => library.matMul(inputs[0]!, inputs[1]!, false, booleanOf(attributes, "transposed")),
  workload([a, b], attributes) {
    const { rows, inner, columns } = sizesOf(a!, b!, attributes);
    const product = contraction("product", { h: elements(a!.slice(0, -2)), t: rows, u: columns, d: inner }, [
      { name: "A", role: "input", over: ["h", "t", "d"] },
      { name: "B", role: "input", over: ["h", "u", "d"] },
      { name: "O", role: "output", over: ["h", "t", "u"] },
    ]);
    return { nests: [product], vectors: [] };
  },
};
