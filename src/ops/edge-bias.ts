/**
 * A bias that knows the border: every tap of a window has a number per channel, which counts where the tap lies inside the map. This is
 * what a bias before a padded convolution amounts to behind it, so that the two layers around it can be merged exactly.
 */
import { pairOf } from "./attributes.js";
import { kernelParameter, paddingParameter, placeKernel, strideParameter, windowOf } from "./geometry.js";
import { writtenShape } from "./guard.js";
import { constant, filterWeight } from "./initializers.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const edgeBias: Operator = {
  name: "edge_bias",
  summary: "Adds to every pixel the learned numbers of those taps of a window that lie inside the map it came from.",
  source: "The bias b of a layer before a convolution with filter w and zero padding adds the sum of w b over the taps inside the map.",
  example: "x -> conv(16, kernel = 3, stride = 2, bias = true) -> edge_bias([height(x), width(x)], kernel = 3, stride = 2)",
  category: "elementwise",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "map", summary: "Height and width of the map that the window slides over.", type: { kind: "pair", minimum: 1 } },
    kernelParameter, strideParameter, paddingParameter,
  ],
  shape([input], attributes) {
    if (input!.length !== 3) return { problem: "`edge_bias` needs an image", detail: `its input is ${writtenShape(input!)}, not [height, width, channels]` };
    const placed = placeKernel([...pairOf(attributes, "map"), 1], attributes);
    if ("problem" in placed) return placed;
    const [height, width] = placed.output;
    if (height === input![0] && width === input![1]) return { shape: input! };
    return { problem: "`edge_bias` is told another window than its input comes from", detail: `the window gives ${height} x ${width} pixels, the input has ${input![0]} x ${input![1]}`, parameter: "map" };
  },
  weights: ([input], attributes) => [{ ...filterWeight([...pairOf(attributes, "kernel"), 1, input![2]!], constant(0), "taps"), decay: false }],
  forward({ library, inputs, attributes, weights }) {
    const [height, width] = pairOf(attributes, "map");
    const inside = library.constant(new Float32Array(height * width).fill(1), [1, height, width, 1]);
    return library.add(inputs[0]!, library.conv2d(inside, weights.taps!, windowOf(attributes), 1));
  },
  // The sums do not depend on the input and are ready at inference.
  workload([input], _attributes, output) {
    const count = elements(output);
    return { nests: [], vectors: [{ name: "bias", adds: count, readWords: count + elements(input!), writeWords: count, fusible: true }] };
  },
};
