/** Softmax over the last axis. */
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const softmax: Operator = {
  name: "softmax",
  summary: "exp(x) over its sum along the last axis (for gates; a classifier's loss wants the plain outputs).",
  example: "gates = x -> global_pool -> dense(4) -> softmax",
  category: "activation",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [],
  shape([input]) {
    if (input!.length === 0) return { problem: "`softmax` needs an axis", detail: "its input is a single number" };
    return { shape: input! };
  },
  weights: () => [],
  forward: ({ library, inputs }) => library.softmax(inputs[0]!),
  workload([input]) {
    const count = elements(input!);
    // hardware.md 2.1: compare, subtract, exponential, add, multiply per element, and one reciprocal per row.
    return { nests: [], vectors: [{ name: "softmax", compares: count, adds: 2 * count, multiplies: count, specials: count + count / input!.at(-1)!, readWords: count, writeWords: count, fusible: false }] };
  },
};
