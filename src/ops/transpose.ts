/** Axes in another order; the batch stays in front. */
import { writtenShape } from "./guard.js";
import { elements } from "./nests.js";
import type { Attributes, Operator } from "./operator.js";

function orderOf(attributes: Attributes): readonly number[] {
  const { order } = attributes;
  return Array.isArray(order) ? order.filter((axis): axis is number => typeof axis === "number") : [];
}

export const transpose: Operator = {
  name: "transpose",
  summary: "The axes in another order: axis i of the output is axis `order[i]` of the input (batch not counted).",
  example: "heads = x -> reshape([tokens(x), 4, 8]) -> transpose([1, 0, 2])",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [{ name: "order", summary: "Every axis once, counted from 0.", type: { kind: "list" } }],
  shape([input], attributes) {
    const order = orderOf(attributes);
    const whole = order.length === input!.length && input!.every((_, axis) => order.includes(axis));
    if (!whole) return { problem: "`transpose` needs every axis once", detail: `[${order.join(", ")}] for ${writtenShape(input!)}`, help: `axes are counted from 0 to ${input!.length - 1}`, parameter: "order" };
    return { shape: order.map((axis) => input![axis]!) };
  },
  weights: () => [],
  forward: ({ library, inputs, attributes }) => library.transpose(inputs[0]!, [0, ...orderOf(attributes).map((axis) => axis + 1)]),
  workload: ([input]) => ({ nests: [], vectors: [{ name: "copy", readWords: elements(input!), writeWords: elements(input!), fusible: true }] }),
};
