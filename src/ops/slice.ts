/** A run of a tensor along one axis. It is a view and costs nothing. */
import { numberOf, optionalNumberOf } from "./attributes.js";
import { axisOf, axisParameter, axisProblem, withExtent } from "./axes.js";
import type { Attributes, Operator, Shape } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";
import { noWork } from "./workload.js";

/** `size` elements from `begin` along `axis` (without the batch) of x, whose shape without the batch is `shape`. */
export function sliceAlong<T extends Tensor>(library: TensorLibrary<T>, x: T, shape: Shape, axis: number, begin: number, size: number): T {
  if (size === shape[axis]) return x;
  return library.slice(x, [0, ...shape.map((_, index) => (index === axis ? begin : 0))], [-1, ...withExtent(shape, axis, size)]);
}

const sizeOf = (extent: number, attributes: Attributes): number => optionalNumberOf(attributes, "size") ?? extent - numberOf(attributes, "begin");

export const slice: Operator = {
  name: "slice",
  summary: "The `size` elements from `begin` on along an axis, by default the channels.",
  example: "x -> slice(0, 16)",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "begin", summary: "First element, from 0.", type: { kind: "integer", minimum: 0 } },
    { name: "size", summary: "Number of elements; by default all that follow.", type: { kind: "integer", minimum: 1 }, defaultValue: null },
    axisParameter,
  ],
  shape([input], attributes) {
    const problem = axisProblem("slice", input!, attributes);
    if (problem !== undefined) return problem;
    const axis = axisOf(input!, attributes);
    const extent = input![axis]!;
    const begin = numberOf(attributes, "begin");
    const size = sizeOf(extent, attributes);
    if (begin >= extent) return { problem: "`slice` begins behind the end", detail: `begin ${begin} >= extent ${extent}`, parameter: "begin" };
    if (begin + size > extent) return { problem: "`slice` reaches over the end", detail: `begin ${begin} + size ${size} = ${begin + size} > extent ${extent}`, parameter: "size" };
    return { shape: withExtent(input!, axis, size) };
  },
  weights: () => [],
  forward({ library, inputs, inputShapes, attributes }) {
    const axis = axisOf(inputShapes[0]!, attributes);
    return sliceAlong(library, inputs[0]!, inputShapes[0]!, axis, numberOf(attributes, "begin"), sizeOf(inputShapes[0]![axis]!, attributes));
  },
  workload: () => noWork,
};
