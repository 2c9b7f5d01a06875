/** Axes as programs write them: 0 is the first one after the batch, negative ones count from the last. */
import { numberOf } from "./attributes.js";
import { writtenShape } from "./guard.js";
import type { Attributes, OperatorProblem, Parameter, Shape } from "./operator.js";

export const axisParameter: Parameter = { name: "axis", summary: "Axis, counted from 0 without the batch; negative from the end: -1 is the channels.", type: { kind: "integer" }, defaultValue: -1 };

/** The axis in 0..rank-1; only meaningful where `axisProblem` finds nothing. */
export function axisOf(shape: Shape, attributes: Attributes): number {
  const axis = numberOf(attributes, "axis");
  return axis < 0 ? axis + shape.length : axis;
}

export function axisProblem(operator: string, shape: Shape, attributes: Attributes): OperatorProblem | undefined {
  const axis = axisOf(shape, attributes);
  if (axis >= 0 && axis < shape.length) return undefined;
  const rank = shape.length;
  return {
    problem: `\`${operator}\` has no such axis`,
    detail: `axis ${numberOf(attributes, "axis")} of ${writtenShape(shape)}${rank === 0 ? "" : `, which has axes 0..${rank - 1}, or -${rank}..-1`}`,
    parameter: "axis",
  };
}

/** The shape with another extent along one axis. */
export function withExtent(shape: Shape, axis: number, extent: number): Shape {
  return shape.map((size, index) => (index === axis ? extent : size));
}
