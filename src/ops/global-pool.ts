/** Reduces everything but the channels: one number per channel, whatever the size of the image or the number of tokens. */
import { symbolOf } from "./attributes.js";
import { writtenShape } from "./guard.js";
import { elements, nest, plain } from "./nests.js";
import type { Operator } from "./operator.js";

export const globalPool: Operator = {
  name: "global_pool",
  summary: "Mean (or maximum) over all positions: [height, width, channels] or [tokens, channels] to [channels].",
  source: "Lin, Chen and Yan, ICLR 2014, section 3.2.",
  example: "x -> global_pool -> dense(10)",
  category: "pooling",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    {
      name: "kind", summary: "How positions are reduced.", defaultValue: "average",
      type: { kind: "enumeration", members: [{ name: "average", summary: "Their mean." }, { name: "max", summary: "Their maximum." }] },
    },
  ],
  shape([input]) {
    if (input!.length < 2) return { problem: "`global_pool` needs positions to pool over", detail: `its input is ${writtenShape(input!)}` };
    return { shape: [input!.at(-1)!] };
  },
  weights: () => [],
  forward({ library, inputs, inputShapes, attributes }) {
    const axes = inputShapes[0]!.slice(0, -1).map((_, axis) => axis + 1);
    return symbolOf(attributes, "kind").tag === "max" ? library.max(inputs[0]!, axes, false) : library.mean(inputs[0]!, axes, false);
  },
  workload([input], attributes, output) {
    const channels = output[0]!;
    const operation = symbolOf(attributes, "kind").tag === "max" ? "compare" : "accumulate";
    const pooling = nest("pooling", operation, { m: elements(input!) / channels, k: channels }, [
      { name: "I", role: "input", indices: plain("m", "k"), words: elements(input!) },
      { name: "O", role: "output", indices: plain("k"), words: channels },
    ]);
    return { nests: [pooling], vectors: operation === "accumulate" ? [{ name: "mean", multiplies: channels, readWords: channels, writeWords: channels, fusible: true }] : [] };
  },
};
