/**
 * A map cut into patches that do not overlap: [h, w, c] -> [h/p * w/p, p * p * c], patches row by row, and inside a patch pixels row
 * by row. `patches(16) -> dense(384)` is the patch embedding of a vision transformer (a convolution of kernel and stride 16).
 */
import { pairOf } from "./attributes.js";
import { imageProblem } from "./geometry.js";
import { cutWindows } from "./map-windows.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const patches: Operator = {
  name: "patches",
  summary: "Cuts a map into patches without overlap, each flattened to one token.",
  source: "Dosovitskiy et al., An Image is Worth 16x16 Words, ICLR 2021, section 3.1",
  example: "image -> patches(4) -> dense(64) -> position_embedding",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [{ name: "size", summary: "Side of a patch: one number, or [vertical, horizontal].", type: { kind: "pair", minimum: 1 } }],
  shape([input], attributes) {
    const problem = imageProblem("patches", input!);
    if (problem !== undefined) return problem;
    const size = pairOf(attributes, "size");
    for (const [axis, side] of [[0, "height"], [1, "width"]] as const) {
      const extent = input![axis]!;
      if (extent % size[axis] !== 0) return { problem: "patches do not tile the map", detail: `${side} ${extent} % size ${size[axis]} = ${extent % size[axis]}`, parameter: "size" };
    }
    return { shape: [(input![0]! / size[0]) * (input![1]! / size[1]), size[0] * size[1] * input![2]!] };
  },
  weights: () => [],
  forward({ library, inputs, inputShapes, outputShape, attributes }) {
    const [height, width, channels] = inputShapes[0] as readonly [number, number, number];
    return library.reshape(cutWindows(library, inputs[0]!, [height, width], pairOf(attributes, "size"), channels), [-1, ...outputShape]);
  },
  workload: ([input]) => ({ nests: [], vectors: [{ name: "copy", readWords: elements(input!), writeWords: elements(input!), fusible: false }] }),
};
