/** The same elements in another shape; the batch stays. Costs nothing. */
import { writtenShape } from "./guard.js";
import { elements } from "./nests.js";
import type { AttributeValue, Operator, ShapeResult } from "./operator.js";
import { noWork } from "./workload.js";

const INFERRED = -1;

/** Whole numbers of at least 1, or one -1 that is worked out. */
function target(count: number, written: AttributeValue | undefined): ShapeResult {
  const list: readonly AttributeValue[] = Array.isArray(written) ? written : [];
  const sizes = list.filter((size): size is number => typeof size === "number" && Number.isSafeInteger(size) && (size >= 1 || size === INFERRED));
  const known = sizes.filter((size) => size !== INFERRED);
  if (sizes.length < list.length || sizes.length - known.length > 1) {
    return { problem: "`reshape` cannot take this shape", detail: "extents are whole numbers of at least 1, and one may be -1", help: "-1 stands for what is left over", parameter: "shape" };
  }
  const product = elements(known);
  const fits = sizes.length === known.length ? product === count : count % product === 0;
  if (!fits) return { problem: "`reshape` must keep the number of elements", detail: `${count} elements do not fit ${writtenShape(sizes)}${known.length > 1 ? `: ${known.join(" * ")} = ${product}` : ""}`, parameter: "shape" };
  return { shape: sizes.map((size) => (size === INFERRED ? count / product : size)) };
}

export const reshape: Operator = {
  name: "reshape",
  summary: "The same elements in another shape (batch not counted); one extent may be -1.",
  example: "x -> reshape([-1, 64])",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [{ name: "shape", summary: "Extents without the batch.", type: { kind: "list" } }],
  shape: ([input], attributes) => target(elements(input!), attributes.shape),
  weights: () => [],
  forward: ({ library, inputs, outputShape }) => library.reshape(inputs[0]!, [-1, ...outputShape]),
  workload: () => noWork,
};
