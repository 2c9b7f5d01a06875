/** Stochastic depth: in training a whole branch is dropped for a sample with probability `rate`, else it grows by 1 / (1 - rate). */
import { drop, rateParameter, rateShape } from "./dropout.js";
import type { Operator } from "./operator.js";
import { noWork } from "./workload.js";

export const dropPath: Operator = {
  name: "drop_path",
  summary: "In training, zeroes the whole input of a sample at random (stochastic depth); nothing at inference.",
  source: "Huang et al., Deep Networks with Stochastic Depth, ECCV 2016; inverted scaling as in Larsson et al., FractalNet, ICLR 2017",
  example: "x + (x -> attention(heads = 4) -> drop_path(0.1))",
  category: "regularization",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [rateParameter],
  shape: (inputs, attributes) => rateShape("drop_path", inputs[0]!, attributes),
  weights: () => [],
  forward: (context) => drop(context, ([samples, ...rest]) => [samples!, ...rest.map(() => 1)]),
  workload: () => noWork,
};
