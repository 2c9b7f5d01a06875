/** Tensors one after the other along an axis. */
import { axisOf, axisParameter, axisProblem, withExtent } from "./axes.js";
import { writtenShape } from "./guard.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const concat: Operator = {
  name: "concat",
  summary: "Joins tensors along an axis, by default their channels; the other axes must agree.",
  example: "concat(x -> conv(16), x -> max_pool(3, stride = 1))",
  category: "shape",
  inputs: { minimum: 1, maximum: Number.POSITIVE_INFINITY },
  parameters: [axisParameter],
  shape(inputs, attributes) {
    const first = inputs[0]!;
    const problem = axisProblem("concat", first, attributes);
    if (problem !== undefined) return problem;
    const axis = axisOf(first, attributes);
    const odd = inputs.findIndex((shape) => shape.length !== first.length || shape.some((size, index) => index !== axis && size !== first[index]));
    if (odd >= 0) {
      return { problem: "`concat` needs inputs that agree but for one axis", detail: `inputs 1 and ${odd + 1} are ${writtenShape(first)} and ${writtenShape(inputs[odd]!)}, joined along axis ${axis}` };
    }
    return { shape: withExtent(first, axis, inputs.reduce((total, shape) => total + shape[axis]!, 0)) };
  },
  weights: () => [],
  forward: ({ library, inputs, inputShapes, attributes }) => (inputs.length === 1 ? inputs[0]! : library.concat(inputs, axisOf(inputShapes[0]!, attributes) + 1)),
  workload(inputs, _attributes, output) {
    if (inputs.length === 1) return { nests: [], vectors: [] };
    return { nests: [], vectors: [{ name: "copy", readWords: elements(output), writeWords: elements(output), fusible: false }] };
  },
};
