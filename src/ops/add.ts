/**
 * The adder layer (AdderNet): filters are compared with the image by the sum of absolute differences, so that it needs no
 * multiplications. Outputs are large and negative: a normalization must follow. Gradients are in `adder-gradients.ts`.
 */
import { denseAdder, depthwiseAdder } from "./adder-gradients.js";
import { numberOf, pairOf } from "./attributes.js";
import { dilationParameter, imageProblem, kernelParameter, paddingParameter, placeKernel, strideParameter, windowOf } from "./geometry.js";
import { filterWeight } from "./initializers.js";
import { convolutionNest } from "./nests.js";
import type { Operator, OperatorProblem } from "./operator.js";

function adderGroupsProblem(inputChannels: number, channels: number, groups: number): OperatorProblem | undefined {
  if (groups === 1 || (groups === inputChannels && groups === channels)) return undefined;
  return {
    problem: "an adder layer is either dense or depthwise",
    detail: `groups ${groups}, input channels ${inputChannels}, channels ${channels}`,
    help: "use groups = 1, or as many groups as there are channels before and after",
    parameter: "groups",
  };
}

export const add: Operator = {
  name: "add",
  summary: "Adder layer: minus the sum of absolute differences between the image and each filter.",
  source: "AdderNet, Chen et al., CVPR 2020 (huawei-noah/AdderNet: adder.py); local rate 0.2 as in ShiftAddNAS and NASA.",
  example: "x -> add(32, kernel = 3) -> batch_norm -> relu",
  category: "multiplication_free",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "channels", summary: "Number of filters: the channels of the output.", type: { kind: "integer", minimum: 1 } },
    kernelParameter, strideParameter, paddingParameter, dilationParameter,
    { name: "groups", summary: "1, or as many as there are channels before and after: depthwise.", type: { kind: "integer", minimum: 1 }, defaultValue: 1 },
    { name: "local_rate", summary: "The filter's gradient is rescaled to the norm local_rate * sqrt(elements); 0 leaves it as it is.", type: { kind: "number", minimum: 0 }, defaultValue: 0.2 },
  ],
  shape([input], attributes) {
    const channels = numberOf(attributes, "channels");
    const problem = imageProblem("add", input!) ?? adderGroupsProblem(input![2]!, channels, numberOf(attributes, "groups"));
    if (problem) return problem;
    const placed = placeKernel(input!, attributes);
    return "problem" in placed ? placed : { shape: [...placed.output, channels] };
  },
  weights([input], attributes) {
    const [rows, columns] = pairOf(attributes, "kernel");
    // N(0, 1), as in the original code: the layer compares the filter with normalized inputs.
    return [filterWeight([rows, columns, input![2]! / numberOf(attributes, "groups"), numberOf(attributes, "channels")], { kind: "normal", deviation: 1 })];
  },
  forward({ library, inputs, inputShapes, outputShape, attributes, weights }) {
    const rate = numberOf(attributes, "local_rate") || undefined;
    const window = windowOf(attributes);
    if (numberOf(attributes, "groups") === 1) return denseAdder(library, inputs[0]!, weights.filter!, window, rate);
    return depthwiseAdder(library, inputs[0]!, weights.filter!, inputShapes[0]!, window, pairOf(attributes, "kernel"), [outputShape[0]!, outputShape[1]!], rate);
  },
  workload([input], attributes, output) {
    const sizes = { input: input!, output, kernel: pairOf(attributes, "kernel"), window: windowOf(attributes), groups: numberOf(attributes, "groups") };
    return { nests: [convolutionNest("add_accumulate", sizes)], vectors: [] };
  },
};
