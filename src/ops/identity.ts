/** Hands its input through: the skip alternative of a choice. */
import type { Operator } from "./operator.js";
import { noWork } from "./workload.js";

export const identity: Operator = {
  name: "identity",
  summary: "The input itself.",
  example: "x -> choose { conv(channels(x)), identity }",
  category: "elementwise",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [],
  shape: ([input]) => ({ shape: input! }),
  weights: () => [],
  forward: ({ inputs }) => inputs[0]!,
  workload: () => noWork,
};
