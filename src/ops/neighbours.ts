/**
 * The pixels around each pixel, gathered: what attention inside a window that slides (and does not tile) reads. Outside the map they are
 * zero, as with `same` padding; the neighbours of a map of ones tell which are inside.
 */
import { pairOf } from "./attributes.js";
import { imageProblem, kernelParameter, paddingAlong } from "./geometry.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

const MOST_TAPS = 4096;
const STILL = { strides: [1, 1], padding: "same", dilation: [1, 1] } as const;

export const neighbours: Operator = {
  name: "neighbours",
  summary: "For each pixel the pixels of a window around it, zeros outside the image: [pixels, taps, channels].",
  source: "Ramachandran et al., Stand-Alone Self-Attention in Vision Models, NeurIPS 2019, section 3.1 (memory block)",
  example: "around = x -> neighbours(3)",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [kernelParameter],
  shape([input], attributes) {
    const [rows, columns] = pairOf(attributes, "kernel");
    const problem = imageProblem("neighbours", input!);
    if (problem !== undefined) return problem;
    // Each tap is a copy of the image.
    if (rows * columns > MOST_TAPS) return { problem: "the window of `neighbours` is too large", detail: `kernel ${rows} x ${columns} = ${rows * columns} taps > ${MOST_TAPS}`, help: "attention to the whole map needs no window: use `attention`", parameter: "kernel" };
    return { shape: [input![0]! * input![1]!, rows * columns, input![2]!] };
  },
  weights: () => [],
  forward({ library, inputs, inputShapes, attributes }) {
    const [height, width, channels] = inputShapes[0]!;
    const [rows, columns] = pairOf(attributes, "kernel");
    if (rows * columns === 1) return library.reshape(inputs[0]!, [-1, height! * width!, 1, channels!]);
    const padded = library.pad(inputs[0]!, [[0, 0], paddingAlong(0, height!, rows, STILL), paddingAlong(1, width!, columns, STILL), [0, 0]]);
    const taps = Array.from({ length: rows * columns }, (_, tap) => {
      const shifted = library.slice(padded, [0, Math.floor(tap / columns), tap % columns, 0], [-1, height!, width!, channels!]);
      return library.reshape(shifted, [-1, height! * width!, 1, channels!]);
    });
    return library.concat(taps, 2);
  },
  workload(_inputs, _attributes, output) {
    return { nests: [], vectors: [{ name: "copy", readWords: elements(output), writeWords: elements(output), fusible: false }] };
  },
};
