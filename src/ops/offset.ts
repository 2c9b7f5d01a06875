/** Addition of a number, or of a learned number per channel. */
import { booleanOf, numberOf } from "./attributes.js";
import { channelWeight } from "./initializers.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const offset: Operator = {
  name: "offset",
  summary: "Adds a number, or a learned number per channel; what `x + 1` means.",
  source: "Learned per channel: the bias of a layer.",
  example: "gate = 1 + (x -> conv(1, kernel = 1) -> sigmoid)",
  category: "elementwise",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "amount", summary: "The number, or where the learned ones start.", type: { kind: "number" }, defaultValue: 0 },
    { name: "learned", summary: "One trained amount per channel.", type: { kind: "boolean" }, defaultValue: false },
  ],
  shape([input], attributes) {
    if (booleanOf(attributes, "learned") && input!.length === 0) return { problem: "a learned `offset` needs a channel axis", detail: "its input is a single number", parameter: "learned" };
    return { shape: input! };
  },
  weights([input], attributes) {
    return booleanOf(attributes, "learned") ? [channelWeight("amount", input!.at(-1)!, numberOf(attributes, "amount"))] : [];
  },
  forward({ library, inputs, attributes, weights }) {
    return library.add(inputs[0]!, booleanOf(attributes, "learned") ? weights.amount! : library.scalar(numberOf(attributes, "amount")));
  },
  workload([input], attributes, output) {
    const count = elements(output);
    const amounts = booleanOf(attributes, "learned") ? input!.at(-1)! : 0;
    return { nests: [], vectors: [{ name: "offset", adds: count, readWords: count + amounts, writeWords: count, fusible: true }] };
  },
};
