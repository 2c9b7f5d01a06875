/** Zeros of its input's shape: the alternative that removes a branch. No gradient flows back. */
import type { Operator } from "./operator.js";
import { noWork } from "./workload.js";

export const zero: Operator = {
  name: "zero",
  summary: "Zeros of the input's shape: a branch that is not there.",
  example: "x = x + (x -> choose { conv(channels(x)), zero })",
  category: "elementwise",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [],
  shape: ([input]) => ({ shape: input! }),
  weights: () => [],
  forward: ({ library, inputs }) => library.zerosLike(inputs[0]!),
  workload: () => noWork,
};
