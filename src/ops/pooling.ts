/**
 * What max_pool and average_pool share: parameters, where the windows stand, and the loop nest. A window never lies wholly in the
 * padding, so every output has a cell of the image under it.
 */
import { pairOf } from "./attributes.js";
import { imageProblem, paddingParameter, placeWindow, windowOf } from "./geometry.js";
import { elements, nest, plain, sliding } from "./nests.js";
import type { Attributes, Parameter, Shape, ShapeResult } from "./operator.js";
import type { PoolWindow } from "./tensor-library.js";
import type { LoopNest } from "./workload.js";

export const poolParameters: readonly Parameter[] = [
  { name: "size", summary: "Extent of the window: one number, or [vertical, horizontal].", type: { kind: "pair", minimum: 1 } },
  { name: "stride", summary: "Step of the window: one number, or [vertical, horizontal]; by default the size.", type: { kind: "pair", minimum: 1 }, defaultValue: null },
  { ...paddingParameter, summary: "What surrounds the image; it takes no part in the result." },
];

export function poolWindow(attributes: Attributes): PoolWindow {
  return { ...windowOf({ ...attributes, stride: attributes.stride ?? attributes.size ?? null }), size: pairOf(attributes, "size") };
}

export function poolShape(operator: string, input: Shape, attributes: Attributes): ShapeResult {
  const problem = imageProblem(operator, input);
  if (problem !== undefined) return problem;
  const window = poolWindow(attributes);
  const { size, padding } = window;
  if (typeof padding === "object") {
    const sides = [["top", padding.top, size[0]], ["bottom", padding.bottom, size[0]], ["left", padding.left, size[1]], ["right", padding.right, size[1]]] as const;
    const outside = sides.find(([, pixels, extent]) => pixels >= extent);
    if (outside !== undefined) {
      return { problem: `a window of \`${operator}\` would see padding only`, detail: `padding ${outside[0]} ${outside[1]} >= size ${outside[2]}`, help: "pad by less than the size of the window", parameter: "padding" };
    }
  }
  const placed = placeWindow(input, size, window, "size");
  return "problem" in placed ? placed : { shape: [...placed.output, input[2]!] };
}

/** One point per channel, output position and cell of the window; cells in the padding are counted, as for convolutions. */
export function poolNest(operation: "accumulate" | "compare", input: Shape, attributes: Attributes, output: Shape): LoopNest {
  const { size, strides } = poolWindow(attributes);
  return nest("pooling", operation, { g: output[2]!, p: output[0]!, q: output[1]!, r: size[0], s: size[1] }, [
    { name: "I", role: "input", indices: [...plain("g"), sliding("p", strides[0], "r", 1), sliding("q", strides[1], "s", 1)], words: elements(input), extent: [input[0]!, input[1]!] },
    { name: "O", role: "output", indices: plain("g", "p", "q"), words: elements(output) },
  ]);
}
