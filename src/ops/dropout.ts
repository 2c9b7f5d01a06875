/** Dropout with inverted scaling: in training each element is zeroed with probability `rate`, the others grow by 1 / (1 - rate). */
import { numberOf } from "./attributes.js";
import type { Attributes, ForwardContext, Operator, Parameter, Shape, ShapeResult } from "./operator.js";
import type { Tensor } from "./tensor-library.js";
import { noWork } from "./workload.js";

/** `rate` of dropout and drop_path. */
export const rateParameter: Parameter = { name: "rate", summary: "Probability of dropping, at least 0 and less than 1.", type: { kind: "number", minimum: 0, maximum: 1 } };

/** The input's shape, unless everything would be dropped. */
export function rateShape(operator: string, input: Shape, attributes: Attributes): ShapeResult {
  if (numberOf(attributes, "rate") < 1) return { shape: input };
  return { problem: `\`${operator}\` drops everything`, detail: "rate 1 leaves nothing to scale up", help: "use a rate below 1", parameter: "rate" };
}

/** x * mask / (1 - rate), the mask drawn over `over` (batch included) and broadcast. Inference and rate 0 hand x through. */
export function drop<T extends Tensor>({ library, inputs, attributes, training, uniform }: ForwardContext<T>, over: (shape: readonly number[]) => readonly number[]): T {
  const x = inputs[0]!;
  const rate = numberOf(attributes, "rate");
  if (!training || rate === 0) return x;
  const kept = library.greater(uniform(over(x.shape)), library.scalar(rate));
  return library.multiply(x, library.multiply(kept, library.scalar(1 / (1 - rate))));
}

export const dropout: Operator = {
  name: "dropout",
  summary: "In training, zeroes elements at random and scales the others up; nothing at inference.",
  source: "Srivastava et al., Dropout, JMLR 2014 (inverted scaling)",
  example: "x -> dense(256) -> relu -> dropout(0.1)",
  category: "regularization",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [rateParameter],
  shape: (inputs, attributes) => rateShape("dropout", inputs[0]!, attributes),
  weights: () => [],
  forward: (context) => drop(context, (shape) => shape),
  workload: () => noWork,
};
