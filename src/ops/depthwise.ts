/** Depthwise convolution: every channel has its own window, `multiplier` of them. */
import { booleanOf, numberOf, pairOf } from "./attributes.js";
import { compressible } from "./compression.js";
import { dilationParameter, imageProblem, kernelParameter, paddingParameter, placeKernel, strideParameter, windowOf } from "./geometry.js";
import { channelWeight, filterWeight, heNormal } from "./initializers.js";
import { biasWork, convolutionNest } from "./nests.js";
import type { Operator } from "./operator.js";

export const depthwise: Operator = compressible({
  name: "depthwise",
  summary: "Depthwise convolution: a window of its own for every channel.",
  source: "Howard et al. 2017 (MobileNets), section 3.1. Initial weights: He et al., ICCV 2015, eq. 10.",
  example: "x -> depthwise(kernel = 5, stride = 2) -> batch_norm -> relu",
  category: "linear",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    kernelParameter, strideParameter, paddingParameter, dilationParameter,
    { name: "multiplier", summary: "Output channels per input channel.", type: { kind: "integer", minimum: 1 }, defaultValue: 1 },
    { name: "bias", summary: "Add a learned number per channel; off because a normalization usually follows.", type: { kind: "boolean" }, defaultValue: false },
  ],
  shape([input], attributes) {
    const problem = imageProblem("depthwise", input!);
    if (problem) return problem;
    const placed = placeKernel(input!, attributes);
    return "problem" in placed ? placed : { shape: [...placed.output, input![2]! * numberOf(attributes, "multiplier")] };
  },
  weights([input], attributes) {
    const [rows, columns] = pairOf(attributes, "kernel");
    const [channels, multiplier] = [input![2]!, numberOf(attributes, "multiplier")];
    const filter = filterWeight([rows, columns, channels, multiplier], heNormal(rows * columns));
    return booleanOf(attributes, "bias") ? [filter, channelWeight("bias", channels * multiplier, 0)] : [filter];
  },
  forward({ library, inputs, attributes, weights }) {
    const y = library.depthwiseConv2d(inputs[0]!, weights.filter!, windowOf(attributes));
    return booleanOf(attributes, "bias") ? library.add(y, weights.bias!) : y;
  },
  workload([input], attributes, output) {
    const sizes = { input: input!, output, kernel: pairOf(attributes, "kernel"), window: windowOf(attributes), groups: input![2]! };
    return { nests: [convolutionNest("multiply_accumulate", sizes)], vectors: booleanOf(attributes, "bias") ? [biasWork(output)] : [] };
  },
}, { name: "filter", axes: [0, 1] });
