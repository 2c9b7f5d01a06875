/** A map [h, w, c] as h * w tokens [t, c], row by row. Costs nothing. */
import { imageProblem } from "./geometry.js";
import type { Operator } from "./operator.js";
import { noWork } from "./workload.js";

export const toTokens: Operator = {
  name: "to_tokens",
  summary: "The pixels of a map as a sequence of tokens, row by row.",
  example: "image -> conv(64, kernel = 4, stride = 4) -> to_tokens -> attention(heads = 4)",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [],
  shape: ([input]) => imageProblem("to_tokens", input!) ?? { shape: [input![0]! * input![1]!, input![2]!] },
  weights: () => [],
  forward: ({ library, inputs, outputShape }) => library.reshape(inputs[0]!, [-1, ...outputShape]),
  workload: () => noWork,
};
