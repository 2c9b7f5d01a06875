/**
 * Adds a learned vector per position. The table has the shape of the input; a smaller candidate (fewer tokens, fewer channels) uses
 * its leading part.
 */
import { writtenShape } from "./guard.js";
import { deviationParameter, tableWeight } from "./initializers.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const positionEmbedding: Operator = {
  name: "position_embedding",
  summary: "Adds a learned vector to every token of a sequence or pixel of a map.",
  source: "Vaswani et al., NeurIPS 2017, section 3.5 (learned variant); initial deviation 0.02 as in ViT's successors (DeiT, ICML 2021)",
  example: "image -> patches(4) -> dense(64) -> position_embedding",
  category: "embedding",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [deviationParameter],
  shape([input]) {
    if (input!.length < 2) return { problem: "`position_embedding` needs positions", detail: `its input is ${writtenShape(input!)}, not [tokens, channels] or [height, width, channels]` };
    return { shape: input! };
  },
  weights: ([input], attributes) => [tableWeight("table", input!, attributes)],
  forward: ({ library, inputs, inputShapes, weights }) => library.add(inputs[0]!, library.reshape(weights.table!, [1, ...inputShapes[0]!])),
  workload([input]) {
    const count = elements(input!);
    return { nests: [], vectors: [{ name: "positions", adds: count, readWords: 2 * count, writeWords: count, fusible: true }] };
  },
};
