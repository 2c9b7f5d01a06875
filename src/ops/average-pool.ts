/** The mean under each window of a map, channel by channel, over the cells inside the map (padding is not counted). */
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";
import { poolNest, poolParameters, poolShape, poolWindow } from "./pooling.js";

export const averagePool: Operator = {
  name: "average_pool",
  summary: "Mean of each window of a map; padding is not counted.",
  example: "x -> average_pool(2)",
  category: "pooling",
  inputs: { minimum: 1, maximum: 1 },
  parameters: poolParameters,
  shape: ([input], attributes) => poolShape("average_pool", input!, attributes),
  weights: () => [],
  forward: ({ library, inputs, attributes }) => library.averagePool(inputs[0]!, poolWindow(attributes)),
  workload([input], attributes, output) {
    const count = elements(output);
    return { nests: [poolNest("accumulate", input!, attributes, output)], vectors: [{ name: "mean", multiplies: count, readWords: count, writeWords: count, fusible: true }] };
  },
};
