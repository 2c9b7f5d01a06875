/**
 * A learned token put before a sequence: [t, c] -> [t + 1, c]. What attention gathers in it stands for the whole sequence. The token is
 * one vector for all samples; a narrower candidate uses its leading channels.
 */
import { writtenShape } from "./guard.js";
import { deviationParameter, tableWeight } from "./initializers.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const classToken: Operator = {
  name: "class_token",
  summary: "Puts a learned token before a sequence of tokens.",
  source: "Devlin et al., BERT, NAACL 2019, section 3; Dosovitskiy et al., ICLR 2021, equation 1; initial deviation 0.02 as in DeiT (ICML 2021)",
  example: "image -> patches(4) -> dense(64) -> class_token -> position_embedding",
  category: "embedding",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [deviationParameter],
  shape([input]) {
    if (input!.length !== 2) return { problem: "`class_token` needs tokens", detail: `its input is ${writtenShape(input!)}, not [tokens, channels]`, help: "make tokens of a map by `to_tokens` or `patches`" };
    return { shape: [input![0]! + 1, input![1]!] };
  },
  weights: ([input], attributes) => [tableWeight("token", [input![1]!], attributes)],
  forward({ library, inputs, weights }) {
    // One token per sample: the batch is known to the input alone.
    const empty = library.zerosLike(library.slice(inputs[0]!, [0, 0, 0], [-1, 1, -1]));
    return library.concat([library.add(empty, weights.token!), inputs[0]!], 1);
  },
  workload(_inputs, _attributes, output) {
    return { nests: [], vectors: [{ name: "copy", readWords: elements(output), writeWords: elements(output), fusible: false }] };
  },
};
