/** Repeats every pixel `factor` times in both directions (nearest neighbour). */
import { numberOf } from "./attributes.js";
import { imageProblem } from "./geometry.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const upsample: Operator = {
  name: "upsample",
  summary: "Enlarges a map by a whole factor, repeating pixels.",
  example: "x -> conv(32, kernel = 1) -> upsample(2)",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [{ name: "factor", summary: "How many times higher and wider.", type: { kind: "integer", minimum: 1 }, defaultValue: 2 }],
  shape([input], attributes) {
    const factor = numberOf(attributes, "factor");
    return imageProblem("upsample", input!) ?? { shape: [input![0]! * factor, input![1]! * factor, input![2]!] };
  },
  weights: () => [],
  forward({ library, inputs, attributes }) {
    const factor = numberOf(attributes, "factor");
    return factor === 1 ? inputs[0]! : library.upsampleNearest(inputs[0]!, factor);
  },
  workload: ([input], _attributes, output) => ({ nests: [], vectors: [{ name: "copy", readWords: elements(input!), writeWords: elements(output), fusible: true }] }),
};
