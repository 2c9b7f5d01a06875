/**
 * The shift convolution (DeepShift): weights are signed powers of two, so that a multiplication is a shift of bits. Weights and their
 * surrogate gradients are in `shift-weights.ts`. Unlike the original code, latent weights are clamped where they are read, not in place.
 */
import { booleanOf, numberOf, optionalNumberOf, pairOf, symbolOf } from "./attributes.js";
import { groupsProblem } from "./conv.js";
import { dilationParameter, imageProblem, kernelParameter, paddingParameter, placeKernel, strideParameter, windowOf } from "./geometry.js";
import { channelWeight, filterWeight } from "./initializers.js";
import { biasWork, convolutionNest } from "./nests.js";
import type { Attributes, Operator } from "./operator.js";
import { composedWeights, exponentsOfPS, exponentsOfQ, fixedPoint, quantizedWeights } from "./shift-weights.js";

/** Beyond this a power of two underflows in single precision. */
const MOST_BITS = 7;

const isQ = (attributes: Attributes): boolean => symbolOf(attributes, "mode").tag === "q";

export const shift: Operator = {
  name: "shift",
  summary: "Convolution with weights that are signed powers of two: shifts in the place of multiplications.",
  source: "DeepShift, Elhoushi et al., CVPRW 2021 (deepshift/modules_q.py, modules.py, ste.py); 6 bits in NASA, ICCAD 2022.",
  example: "x -> shift(32, kernel = 3, mode = ps) -> batch_norm -> relu",
  category: "multiplication_free",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "channels", summary: "Number of filters: the channels of the output.", type: { kind: "integer", minimum: 1 } },
    kernelParameter, strideParameter, paddingParameter, dilationParameter,
    { name: "groups", summary: "Channels are cut into this many groups; as many as channels make it depthwise.", type: { kind: "integer", minimum: 1 }, defaultValue: 1 },
    {
      name: "mode", summary: "What is trained.", defaultValue: "q",
      type: {
        kind: "enumeration",
        members: [
          { name: "q", summary: "A latent weight, rounded to the nearest power of two; the gradient passes the rounding unchanged." },
          { name: "ps", summary: "An exponent and a sign, each by itself." },
        ],
      },
    },
    { name: "bits", summary: "Storage of a weight: its sign and its exponent.", type: { kind: "integer", minimum: 2, maximum: MOST_BITS }, defaultValue: 5 },
    { name: "threshold", summary: "For `ps`: weights are 0 where the sign's latent lies within it. Left out: where it rounds to 0.", type: { kind: "number", minimum: 0, maximum: 1 }, defaultValue: null },
    { name: "fixed_point", summary: "Round the input (and bias) down to multiples of 2^-16, as a shifter sees it.", type: { kind: "boolean" }, defaultValue: true },
    { name: "bias", summary: "Add a learned number per channel.", type: { kind: "boolean" }, defaultValue: false },
  ],
  shape([input], attributes) {
    const problem = imageProblem("shift", input!) ?? groupsProblem(input![2]!, numberOf(attributes, "channels"), numberOf(attributes, "groups"));
    if (problem) return problem;
    const placed = placeKernel(input!, attributes);
    return "problem" in placed ? placed : { shape: [...placed.output, numberOf(attributes, "channels")] };
  },
  weights([input], attributes) {
    const channels = numberOf(attributes, "channels");
    const [rows, columns] = pairOf(attributes, "kernel");
    const perGroup = input![2]! / numberOf(attributes, "groups");
    const shape = [rows, columns, perGroup, channels];
    // kaiming_uniform(a = sqrt 5) of the original code: a bound of 1 / sqrt(fan-in).
    const bound = 1 / Math.sqrt(rows * columns * perGroup);
    const bits = numberOf(attributes, "bits");
    const filters = isQ(attributes)
      ? [{ ...filterWeight(shape, { kind: "uniform", low: -bound, high: bound }), bits }]
      // Weight decay would pull exponents to 0, which is the largest weight.
      : [
        { ...filterWeight(shape, { kind: "uniform", ...exponentsOfPS(bits) }, "exponent"), bits: bits - 1, decay: false },
        { ...filterWeight(shape, { kind: "uniform", low: -1, high: 1 }, "sign"), bits: 1, decay: false },
      ];
    return booleanOf(attributes, "bias") ? [...filters, channelWeight("bias", channels, 0)] : filters;
  },
  forward({ library, inputs, attributes, weights }) {
    const bits = numberOf(attributes, "bits");
    const grid = (x: typeof inputs[number]): typeof inputs[number] => (booleanOf(attributes, "fixed_point") ? fixedPoint(library, x) : x);
    const filter = isQ(attributes)
      ? quantizedWeights(library, weights.filter!, exponentsOfQ(bits))
      : composedWeights(library, weights.exponent!, weights.sign!, exponentsOfPS(bits), optionalNumberOf(attributes, "threshold"));
    const y = library.conv2d(grid(inputs[0]!), filter, windowOf(attributes), numberOf(attributes, "groups"));
    return booleanOf(attributes, "bias") ? library.add(y, grid(weights.bias!)) : y;
  },
  workload([input], attributes, output) {
    const sizes = { input: input!, output, kernel: pairOf(attributes, "kernel"), window: windowOf(attributes), groups: numberOf(attributes, "groups"), weightBits: numberOf(attributes, "bits") };
    return { nests: [convolutionNest("shift_accumulate", sizes)], vectors: booleanOf(attributes, "bias") ? [biasWork(output)] : [] };
  },
};
