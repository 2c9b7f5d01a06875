/** The largest value under each window of a map, channel by channel. Padding never wins: it counts as minus infinity. */
import type { Operator } from "./operator.js";
import { poolNest, poolParameters, poolShape, poolWindow } from "./pooling.js";

export const maxPool: Operator = {
  name: "max_pool",
  summary: "Largest value in each window of a map.",
  example: "x -> max_pool(3, stride = 2)",
  category: "pooling",
  inputs: { minimum: 1, maximum: 1 },
  parameters: poolParameters,
  shape: ([input], attributes) => poolShape("max_pool", input!, attributes),
  weights: () => [],
  forward: ({ library, inputs, attributes }) => library.maxPool(inputs[0]!, poolWindow(attributes)),
  workload: ([input], attributes, output) => ({ nests: [poolNest("compare", input!, attributes, output)], vectors: [] }),
};
