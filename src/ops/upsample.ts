/**
 * Enlarges a map in both directions: every pixel repeated, or pixels in between mixed from their neighbours. Mixing is a matrix
 * product along each axis; at the border the outermost pixel stands for those outside.
 */
import { numberOf, symbolOf } from "./attributes.js";
import { imageProblem } from "./geometry.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";

/** Output pixel o lies at (o + 1/2) / factor - 1/2 of the input; weights of the two pixels around it, [1, size * factor, size]. */
function mixing<T extends Tensor>(library: TensorLibrary<T>, size: number, factor: number): T {
  const values = new Array<number>(size * factor * size).fill(0);
  for (let output = 0; output < size * factor; output++) {
    const place = Math.min(Math.max((output + 0.5) / factor - 0.5, 0), size - 1);
    const left = Math.floor(place);
    const right = Math.min(left + 1, size - 1);
    values[output * size + left]! += 1 - (place - left);
    values[output * size + right]! += place - left;
  }
  return library.constant(values, [1, size * factor, size]);
}

function bilinear<T extends Tensor>(library: TensorLibrary<T>, x: T, height: number, width: number, channels: number, factor: number): T {
  const rows = library.matMul(mixing(library, height, factor), library.reshape(x, [-1, height, width * channels]));
  const columns = library.matMul(mixing(library, width, factor), library.reshape(rows, [-1, width, channels]));
  return library.reshape(columns, [-1, height * factor, width * factor, channels]);
}

export const upsample: Operator = {
  name: "upsample",
  summary: "Enlarges a map by a whole factor, repeating pixels or mixing neighbours.",
  example: "x -> conv(32, kernel = 1) -> upsample(2)",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "factor", summary: "How many times higher and wider.", type: { kind: "integer", minimum: 1 }, defaultValue: 2 },
    { name: "method", summary: "What new pixels are.", type: { kind: "enumeration", members: [{ name: "nearest", summary: "Copies." }, { name: "bilinear", summary: "Linear in both directions between pixel centres." }] }, defaultValue: "nearest" },
  ],
  shape([input], attributes) {
    const factor = numberOf(attributes, "factor");
    return imageProblem("upsample", input!) ?? { shape: [input![0]! * factor, input![1]! * factor, input![2]!] };
  },
  weights: () => [],
  forward({ library, inputs, inputShapes, attributes }) {
    const factor = numberOf(attributes, "factor");
    if (factor === 1) return inputs[0]!;
    const [height, width, channels] = inputShapes[0]!;
    return symbolOf(attributes, "method").tag === "nearest" ? library.upsampleNearest(inputs[0]!, factor) : bilinear(library, inputs[0]!, height!, width!, channels!, factor);
  },
  workload([input], attributes, output) {
    const count = elements(output);
    const copy = { name: "copy", readWords: elements(input!), writeWords: count, fusible: true };
    // Two multiplications and an addition for each direction.
    return { nests: [], vectors: [symbolOf(attributes, "method").tag === "nearest" ? copy : { ...copy, name: "mixing", multiplies: 4 * count, adds: 2 * count }] };
  },
};
