/**
 * The ordinary two-dimensional convolution, dense or grouped. Bias is off by default because a normalization follows as a rule.
 */
import { booleanOf, numberOf, pairOf } from "./attributes.js";
import { compressible } from "./compression.js";
import { dilationParameter, imageProblem, kernelParameter, paddingParameter, placeKernel, strideParameter, windowOf } from "./geometry.js";
import { channelWeight, filterWeight, heNormal } from "./initializers.js";
import { biasWork, convolutionNest } from "./nests.js";
import type { Operator, OperatorProblem } from "./operator.js";

/** Why `groups` cannot cut both channel counts into equal parts. */
export function groupsProblem(inputChannels: number, channels: number, groups: number): OperatorProblem | undefined {
  for (const [what, count, parameter] of [["input channels", inputChannels, "groups"], ["channels", channels, "channels"]] as const) {
    if (count % groups === 0) continue;
    return {
      problem: `${what} are not divisible by \`groups\``,
      detail: `${count} / ${groups} = ${Number((count / groups).toFixed(3))}`,
      help: `use a divisor of ${inputChannels} and ${channels} for groups`,
      parameter,
    };
  }
  return undefined;
}

export const conv: Operator = compressible({
  name: "conv",
  summary: "Two-dimensional convolution of an image [height, width, channels].",
  source: "Initial weights: He et al., ICCV 2015, eq. 10.",
  example: "image -> conv(32, kernel = 3, stride = 2) -> batch_norm -> relu",
  category: "linear",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "channels", summary: "Number of filters: the channels of the output.", type: { kind: "integer", minimum: 1 } },
    kernelParameter, strideParameter, paddingParameter, dilationParameter,
    { name: "groups", summary: "Channels are cut into this many groups, each convolved by itself.", type: { kind: "integer", minimum: 1 }, defaultValue: 1 },
    { name: "bias", summary: "Add a learned number per channel; off because a normalization usually follows.", type: { kind: "boolean" }, defaultValue: false },
  ],
  shape([input], attributes) {
    const problem = imageProblem("conv", input!) ?? groupsProblem(input![2]!, numberOf(attributes, "channels"), numberOf(attributes, "groups"));
    if (problem) return problem;
    const placed = placeKernel(input!, attributes);
    return "problem" in placed ? placed : { shape: [...placed.output, numberOf(attributes, "channels")] };
  },
  weights([input], attributes) {
    const channels = numberOf(attributes, "channels");
    const [rows, columns] = pairOf(attributes, "kernel");
    const perGroup = input![2]! / numberOf(attributes, "groups");
    const filter = filterWeight([rows, columns, perGroup, channels], heNormal(rows * columns * perGroup));
    return booleanOf(attributes, "bias") ? [filter, channelWeight("bias", channels, 0)] : [filter];
  },
  forward({ library, inputs, attributes, weights }) {
    const y = library.conv2d(inputs[0]!, weights.filter!, windowOf(attributes), numberOf(attributes, "groups"));
    return booleanOf(attributes, "bias") ? library.add(y, weights.bias!) : y;
  },
  workload([input], attributes, output) {
    const sizes = { input: input!, output, kernel: pairOf(attributes, "kernel"), window: windowOf(attributes), groups: numberOf(attributes, "groups") };
    return { nests: [convolutionNest("multiply_accumulate", sizes)], vectors: booleanOf(attributes, "bias") ? [biasWork(output)] : [] };
  },
}, { name: "filter", axes: [0, 1, 2] });
