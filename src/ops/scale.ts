/** Multiplication by a number, or by a learned number per channel (layer scale, a learned residual weight). */
import { booleanOf, numberOf } from "./attributes.js";
import { channelWeight } from "./initializers.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const scale: Operator = {
  name: "scale",
  summary: "Multiplies by a number, or by a learned number per channel; what `x * 0.5` means.",
  source: "Learned per channel: LayerScale, Touvron et al., ICCV 2021 (CaiT), eq. 4.",
  example: "y = x + (x -> conv(channels(x)) -> scale(0.0001, learned = true))",
  category: "elementwise",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "factor", summary: "The number, or where the learned ones start.", type: { kind: "number" }, defaultValue: 1 },
    { name: "learned", summary: "One trained factor per channel.", type: { kind: "boolean" }, defaultValue: false },
  ],
  shape([input], attributes) {
    if (booleanOf(attributes, "learned") && input!.length === 0) return { problem: "a learned `scale` needs a channel axis", detail: "its input is a single number", parameter: "learned" };
    return { shape: input! };
  },
  weights([input], attributes) {
    return booleanOf(attributes, "learned") ? [channelWeight("factor", input!.at(-1)!, numberOf(attributes, "factor"))] : [];
  },
  forward({ library, inputs, attributes, weights }) {
    return library.multiply(inputs[0]!, booleanOf(attributes, "learned") ? weights.factor! : library.scalar(numberOf(attributes, "factor")));
  },
  workload([input], attributes, output) {
    const count = elements(output);
    const factors = booleanOf(attributes, "learned") ? input!.at(-1)! : 0;
    return { nests: [], vectors: [{ name: "scale", multiplies: count, readWords: count + factors, writeWords: count, fusible: true }] };
  },
};
