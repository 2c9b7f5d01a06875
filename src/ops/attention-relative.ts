/**
 * Softmax attention with relative-position keys: the logit of a pair is (q / sqrt(dim)) . (k_j + r_(j - i)), distances clipped to
 * -distance..distance. One table of vectors per layer, shared by the heads; values carry no position. 3 T U D multiply-accumulates.
 */
import type { AttentionContext, AttentionKind, AttentionSize } from "./attention-kind.js";
import { softmaxAttend, softmaxWork } from "./attention-softmax.js";
import { numberOf } from "./attributes.js";
import { contraction, joinWorkloads } from "./contraction.js";
import { glorotUniform } from "./initializers.js";
import type { Attributes } from "./operator.js";
import type { Tensor } from "./tensor-library.js";

const TABLE = "relative_keys";

/** Rows of the table: -distance..distance. */
const rowsOf = (settings: Attributes): number => 2 * numberOf(settings, "distance") + 1;

/** For query i and key j the row of the table: j - i clipped, counted from 0. */
function tableRows(tokens: number, distance: number): number[] {
  return Array.from({ length: tokens * tokens }, (_, pair) => {
    const offset = (pair % tokens) - Math.floor(pair / tokens);
    return Math.max(-distance, Math.min(distance, offset)) + distance;
  });
}

/** Logits of the distances, [n, h, t, t], for scaled queries [n, h, t, d]: one product [n h, d] x [d, t] per query. */
function distanceLogits<T extends Tensor>({ library, size, settings, weights }: AttentionContext<T>, scaled: T): T {
  const { heads, queries, dim } = size;
  const rows = library.constant(tableRows(queries, numberOf(settings, "distance")), [queries, queries]);
  const keys = library.gather(weights[TABLE]!, rows);
  const perQuery = library.reshape(library.transpose(scaled, [2, 0, 1, 3]), [queries, -1, dim]);
  const logits = library.matMul(perQuery, keys, false, true);
  return library.transpose(library.reshape(logits, [queries, -1, heads, queries]), [1, 2, 0, 3]);
}

export const relativeKind: AttentionKind = {
  member: {
    name: "relative",
    summary: "Softmax attention whose keys also know their distance from the query, along the sequence.",
    parameters: [{ name: "distance", summary: "Distances beyond it count as it.", type: { kind: "integer", minimum: 0 }, defaultValue: 14 }],
  },
  source: "Shaw et al., Self-Attention with Relative Position Representations, NAACL 2018, equation 4 (keys only)",
  crossAttention: false,
  problem: () => undefined,
  // A smaller distance is the middle of a larger table: row `distance` stays the query itself.
  weights: ({ dim }: AttentionSize, settings) => [{
    name: TABLE, shape: [rowsOf(settings), dim], initializer: glorotUniform(rowsOf(settings), dim), axes: ["centre", "leading"], role: "parameter", decay: false,
  }],
  attend: (context) => softmaxAttend(context, (scaled) => distanceLogits(context, scaled)),
  workload({ heads, queries, keys, dim, valueDim }, settings) {
    const rows = rowsOf(settings);
    const distances = contraction("distances", { h: heads, t: queries, u: keys, d: dim }, [
      { name: "Q", role: "input", over: ["h", "t", "d"] },
      { name: "R", role: "weight", over: ["u", "d"] },
      { name: "S", role: "output", over: ["h", "t", "u"] },
    ]);
    // What is stored and moved is the table; its rows are addressed by j - i.
    const table = { ...distances, tensors: distances.tensors.map((tensor) => (tensor.role === "weight" ? { ...tensor, role: "input" as const, words: rows * dim } : tensor)) };
    return joinWorkloads([softmaxWork("", 1, heads, queries, keys, dim, valueDim), { nests: [table], vectors: [] }]);
  },
};
