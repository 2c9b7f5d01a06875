/**
 * Vectors of distances along a sequence, as attention uses them: `relative_scores` gives what each token makes of each distance,
 * `relative_values` mixes the vectors by attention weights. All leading axes (heads) share one table of 2 t - 1 vectors; it is
 * trained, or the fixed sine and cosine waves of the distance.
 */
import { booleanOf, numberOf, symbolOf } from "./attributes.js";
import { contraction } from "./contraction.js";
import { writtenShape } from "./guard.js";
import { elements } from "./nests.js";
import type { Attributes, Operator, Shape, WeightSpecification } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";
import type { LoopNest } from "./workload.js";

/** For token i and token j the row of the table: the distance j - i, or i - j, counted from 0. */
function rowsOf(tokens: number, reverse: boolean): number[] {
  return Array.from({ length: tokens * tokens }, (_, pair) => {
    const distance = (pair % tokens) - Math.floor(pair / tokens);
    return (reverse ? -distance : distance) + tokens - 1;
  });
}

/** Distances -(t - 1)..t - 1: sines in the first half of the channels, cosines in the second. */
function waves(tokens: number, channels: number): number[] {
  const half = Math.ceil(channels / 2);
  return Array.from({ length: (2 * tokens - 1) * channels }, (_, at) => {
    const [distance, channel] = [Math.floor(at / channels) - (tokens - 1), at % channels];
    // An exponential and no `**`, which rounds by the release of Node.
    const angle = distance * Math.exp(-((channel % half) / half) * Math.log(10_000));
    return channel < half ? Math.sin(angle) : Math.cos(angle);
  });
}

function tableWeight(tokens: number, channels: number): WeightSpecification {
  return { name: "table", shape: [2 * tokens - 1, channels], initializer: { kind: "normal", deviation: 1 / Math.sqrt(channels) }, axes: ["centre", "leading"], role: "parameter", decay: false };
}

/** [n, ..., t, k] times a matrix per token, [t, k, m] or (transposed) [t, m, k]: [n, ..., t, m]. */
export function perToken<T extends Tensor>(library: TensorLibrary<T>, x: T, matrices: T, output: Shape, transposed: boolean): T {
  const [tokens, inner] = [x.shape.at(-2)!, x.shape.at(-1)!];
  const byToken = library.transpose(library.reshape(x, [-1, tokens, inner]), [1, 0, 2]);
  const product = library.matMul(byToken, matrices, false, transposed);
  return library.reshape(library.transpose(product, [1, 0, 2]), [-1, ...output]);
}

/** One point per leading position, pair of tokens and channel; what is stored and moved is the table of so many rows. */
export function pairNest(name: string, batch: number, tokens: number, channels: number, from: "channels" | "tokens", rows = 2 * tokens - 1): LoopNest {
  const [input, output] = from === "channels" ? [["h", "t", "d"], ["h", "t", "u"]] : [["h", "t", "u"], ["h", "t", "d"]];
  const pairs = contraction(name, { h: batch, t: tokens, u: tokens, d: channels }, [
    { name: "X", role: "input", over: input! },
    { name: "R", role: "input", over: ["u", "d"] },
    { name: "O", role: "output", over: output! },
  ]);
  return { ...pairs, tensors: pairs.tensors.map((tensor) => (tensor.name === "R" ? { ...tensor, words: rows * channels } : tensor)) };
}

const isLearned = (attributes: Attributes): boolean => symbolOf(attributes, "table").tag === "learned";
const reverseParameter = { name: "reverse", summary: "Distances are counted from the second token to the first.", type: { kind: "boolean" }, defaultValue: false } as const;

export const relativeScores: Operator = {
  name: "relative_scores",
  summary: "From tokens [..., t, channels] the scores [..., t, t]: token i times the vector of the distance j - i.",
  source: "Dai et al., Transformer-XL, ACL 2019, section 3.3 (waves); Shaw et al., NAACL 2018, equation 4 (learned)",
  example: "scores = matmul(x, x, transposed = true) + (x -> relative_scores)",
  category: "attention",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    {
      name: "table", summary: "Where the vectors come from.", defaultValue: "learned",
      type: { kind: "enumeration", members: [{ name: "learned", summary: "Trained." }, { name: "waves", summary: "Fixed sines and cosines of the distance." }] },
    },
    reverseParameter,
  ],
  shape([x]) {
    if (x!.length < 2) return { problem: "`relative_scores` needs tokens", detail: `its input is ${writtenShape(x!)}, not [..., tokens, channels]` };
    return { shape: [...x!.slice(0, -1), x!.at(-2)!] };
  },
  weights: ([x], attributes) => (isLearned(attributes) ? [tableWeight(x!.at(-2)!, x!.at(-1)!)] : []),
  forward({ library, inputs, inputShapes, outputShape, attributes, weights }) {
    const [tokens, channels] = [inputShapes[0]!.at(-2)!, inputShapes[0]!.at(-1)!];
    const table = isLearned(attributes) ? weights.table! : library.constant(waves(tokens, channels), [2 * tokens - 1, channels]);
    const vectors = library.gather(table, library.constant(rowsOf(tokens, booleanOf(attributes, "reverse")), [tokens, tokens]));
    return perToken(library, inputs[0]!, vectors, outputShape, true);
  },
  workload([x]) {
    return { nests: [pairNest("distances", elements(x!.slice(0, -2)), x!.at(-2)!, x!.at(-1)!, "channels")], vectors: [] };
  },
};

export const relativeValues: Operator = {
  name: "relative_values",
  summary: "Learned vectors of the distances, mixed by attention weights: [..., t, t] to [..., t, channels].",
  source: "Shaw et al., NAACL 2018, equation 3; Wang et al., Axial-DeepLab, ECCV 2020, equation 4",
  example: "x -> relative_scores -> softmax -> relative_values(16)",
  category: "attention",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [{ name: "channels", summary: "Length of a vector.", type: { kind: "integer", minimum: 1 } }, reverseParameter],
  shape([x], attributes) {
    if (x!.length < 2 || x!.at(-1) !== x!.at(-2)) return { problem: "`relative_values` needs weights of tokens to tokens", detail: `its input is ${writtenShape(x!)}, not [..., tokens, tokens]` };
    return { shape: [...x!.slice(0, -1), numberOf(attributes, "channels")] };
  },
  weights: ([x], attributes) => [tableWeight(x!.at(-1)!, numberOf(attributes, "channels"))],
  forward({ library, inputs, inputShapes, outputShape, attributes, weights }) {
    const tokens = inputShapes[0]!.at(-1)!;
    const vectors = library.gather(weights.table!, library.constant(rowsOf(tokens, booleanOf(attributes, "reverse")), [tokens, tokens]));
    return perToken(library, inputs[0]!, vectors, outputShape, false);
  },
  workload([x], attributes) {
    return { nests: [pairNest("distances", elements(x!.slice(0, -2)), x!.at(-1)!, numberOf(attributes, "channels"), "tokens")], vectors: [] };
  },
};
