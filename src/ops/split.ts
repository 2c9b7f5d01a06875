/**
 * One of the equal parts of a tensor. An operator has one output, so a program names the part it wants:
 * `a = x -> split(2, 0)   b = x -> split(2, 1)`. A part is a view and costs nothing.
 */
import { numberOf } from "./attributes.js";
import { axisOf, axisParameter, axisProblem, withExtent } from "./axes.js";
import type { Operator } from "./operator.js";
import { sliceAlong } from "./slice.js";
import { noWork } from "./workload.js";

export const split: Operator = {
  name: "split",
  summary: "Part `index` (from 0) of `parts` equal parts along an axis, by default the channels.",
  example: "concat(x -> split(2, 0) -> conv(16), x -> split(2, 1))",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "parts", summary: "Number of equal parts.", type: { kind: "integer", minimum: 1 } },
    { name: "index", summary: "Which part, from 0.", type: { kind: "integer", minimum: 0 } },
    axisParameter,
  ],
  shape([input], attributes) {
    const problem = axisProblem("split", input!, attributes);
    if (problem !== undefined) return problem;
    const parts = numberOf(attributes, "parts");
    const index = numberOf(attributes, "index");
    const axis = axisOf(input!, attributes);
    const extent = input![axis]!;
    if (extent % parts !== 0) return { problem: `${extent} cannot be split into ${parts} equal parts`, detail: `extent ${extent} % parts ${parts} = ${extent % parts}`, help: "use `slice` for unequal parts", parameter: "parts" };
    if (index >= parts) return { problem: "`split` has no such part", detail: `index ${index} >= parts ${parts}`, help: `parts are counted from 0 to ${parts - 1}`, parameter: "index" };
    return { shape: withExtent(input!, axis, extent / parts) };
  },
  weights: () => [],
  forward({ library, inputs, inputShapes, attributes }) {
    const axis = axisOf(inputShapes[0]!, attributes);
    const extent = inputShapes[0]![axis]! / numberOf(attributes, "parts");
    return sliceAlong(library, inputs[0]!, inputShapes[0]!, axis, numberOf(attributes, "index") * extent, extent);
  },
  workload: () => noWork,
};
