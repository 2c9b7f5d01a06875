/** Looks up a learned vector for every token number: [t] -> [t, width]. */
import { numberOf } from "./attributes.js";
import { writtenShape } from "./guard.js";
import type { Operator } from "./operator.js";

export const embed: Operator = {
  name: "embed",
  summary: "A learned vector for every token number of a `tokens[t]` input.",
  source: "Vaswani et al., NeurIPS 2017, section 3.4; initial deviation width^-0.5 as in fairseq's Transformer",
  example: "source -> embed(8000, 256) -> position_embedding",
  category: "embedding",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "vocabulary", summary: "Number of different tokens.", type: { kind: "integer", minimum: 1 } },
    { name: "width", summary: "Length of a vector: the channels of the output.", type: { kind: "integer", minimum: 1 } },
  ],
  shape([input], attributes) {
    if (input!.length !== 1) return { problem: "`embed` needs token numbers", detail: `its input is ${writtenShape(input!)}, not [tokens]`, help: "declare the input as `input source: tokens[64]`" };
    return { shape: [input![0]!, numberOf(attributes, "width")] };
  },
  weights(_inputs, attributes) {
    const width = numberOf(attributes, "width");
    return [{ name: "table", shape: [numberOf(attributes, "vocabulary"), width], initializer: { kind: "normal", deviation: 1 / Math.sqrt(width) }, axes: ["first", "leading"], role: "parameter", decay: true }];
  },
  forward: ({ library, inputs, weights }) => library.gather(weights.table!, inputs[0]!),
  workload([input], attributes) {
    const words = input![0]! * numberOf(attributes, "width");
    return { nests: [], vectors: [{ name: "lookup", readWords: words, writeWords: words, fusible: false }] };
  },
};
