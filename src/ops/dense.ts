/** A fully connected layer over the last axis: one matrix for every position or token. */
import { booleanOf, numberOf } from "./attributes.js";
import { compressible } from "./compression.js";
import { channelWeight, glorotUniform } from "./initializers.js";
import { biasWork, elements, nest, plain } from "./nests.js";
import type { Operator } from "./operator.js";

export const dense: Operator = compressible({
  name: "dense",
  summary: "Fully connected layer over the last axis.",
  source: "Initial weights: Glorot and Bengio, AISTATS 2010, eq. 16.",
  example: "x -> global_pool -> dense(10)",
  category: "linear",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "channels", summary: "Length of the last axis of the output.", type: { kind: "integer", minimum: 1 } },
    { name: "bias", summary: "Add a learned number per channel.", type: { kind: "boolean" }, defaultValue: true },
  ],
  shape([input], attributes) {
    if (input!.length === 0) return { problem: "`dense` needs a last axis", detail: "its input is a single number" };
    return { shape: [...input!.slice(0, -1), numberOf(attributes, "channels")] };
  },
  weights([input], attributes) {
    const channels = numberOf(attributes, "channels");
    const size = input!.at(-1)!;
    const weight = { name: "weight", shape: [size, channels], initializer: glorotUniform(size, channels), axes: ["leading", "leading"], role: "parameter", decay: true } as const;
    return booleanOf(attributes, "bias") ? [weight, channelWeight("bias", channels, 0)] : [weight];
  },
  forward({ library, inputs, inputShapes, outputShape, attributes, weights }) {
    const size = inputShapes[0]!.at(-1)!;
    const rows = inputShapes[0]!.length === 1 ? inputs[0]! : library.reshape(inputs[0]!, [-1, size]);
    const product = library.matMul(rows, weights.weight!);
    const y = booleanOf(attributes, "bias") ? library.add(product, weights.bias!) : product;
    return outputShape.length === 1 ? y : library.reshape(y, [-1, ...outputShape]);
  },
  workload([input], attributes, output) {
    const size = input!.at(-1)!;
    const channels = numberOf(attributes, "channels");
    const positions = elements(input!) / size;
    const product = nest("product", "multiply_accumulate", { m: positions, k: channels, c: size }, [
      { name: "W", role: "weight", indices: plain("k", "c"), words: size * channels },
      { name: "I", role: "input", indices: plain("m", "c"), words: elements(input!) },
      { name: "O", role: "output", indices: plain("m", "k"), words: elements(output) },
    ]);
    return { nests: [product], vectors: booleanOf(attributes, "bias") ? [biasWork(output)] : [] };
  },
}, { name: "weight", axes: [0] });
