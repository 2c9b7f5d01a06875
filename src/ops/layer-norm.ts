/** Layer normalization of every position or token over its channels. */
import { numberOf } from "./attributes.js";
import { channelWeight } from "./initializers.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const layerNorm: Operator = {
  name: "layer_norm",
  summary: "Normalizes every position or token over its channels.",
  source: "Ba, Kiros and Hinton 2016.",
  example: "x = x + (x -> layer_norm -> attention(heads = 4))",
  category: "normalization",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [{ name: "epsilon", summary: "Added to the variance.", type: { kind: "number", minimum: 1e-12 }, defaultValue: 1e-5 }],
  shape([input]) {
    if (input!.length === 0) return { problem: "`layer_norm` needs a channel axis", detail: "its input is a single number" };
    return { shape: input! };
  },
  weights: ([input]) => [channelWeight("scale", input!.at(-1)!, 1), channelWeight("offset", input!.at(-1)!, 0)],
  forward: ({ library, inputs, attributes, weights }) => library.layerNorm(inputs[0]!, weights.scale!, weights.offset!, numberOf(attributes, "epsilon")),
  workload([input]) {
    const count = elements(input!);
    const channels = input!.at(-1)!;
    // hardware.md 2.1: add (mean); subtract, multiply, add (variance); subtract, multiply; multiply, add (affine); one rsqrt a token.
    return { nests: [], vectors: [{ name: "layer_norm", adds: 5 * count, multiplies: 3 * count, specials: count / channels, readWords: count + 2 * channels, writeWords: count, fusible: false }] };
  },
};
