/**
 * Softmax attention: softmax(Q K^T / sqrt(dim)) V per head. Also the core that the local and the axial kind run on shorter sequences.
 * Work is counted as in "QK^T, softmax, AV": 2 H T U D multiply-accumulates and 5 H T U + H T vector operations.
 */
import { joinHeads, laterKeys, splitHeads, type AttentionContext, type AttentionKind } from "./attention-kind.js";
import { contraction } from "./contraction.js";
import type { Tensor } from "./tensor-library.js";
import type { Workload } from "./workload.js";

/** Below every finite logit by so much that its exponential is exactly 0 in float32 and float64. */
export const NEVER = -1e9;

/**
 * Attention of `context.size.queries` tokens to `context.size.keys` tokens; whatever else there is lies in the batch. `position` adds
 * logits [n, h, t, u] for the scaled queries [n, h, t, d].
 */
export function softmaxAttend<T extends Tensor>(context: AttentionContext<T>, position?: (scaled: T) => T): T {
  const { library, size, causal, training } = context;
  const { heads, queries, keys, dim, valueDim } = size;
  // Scaling the queries touches t x d numbers, scaling the scores t x u.
  const scaled = splitHeads(library, library.multiply(context.queries, library.scalar(1 / Math.sqrt(dim))), queries, heads, dim);
  const [each, values] = [splitHeads(library, context.keys, keys, heads, dim), splitHeads(library, context.values, keys, heads, valueDim)];
  if (!training && position === undefined && !causal && library.attend !== undefined) return joinHeads(library, library.attend(scaled, each, values), queries, heads, valueDim);
  const content = library.matMul(scaled, each, false, true);
  const scores = position === undefined ? content : library.add(content, position(scaled));
  const masked = causal ? library.add(scores, library.multiply(laterKeys(library, queries), library.scalar(NEVER))) : scores;
  const mixed = library.matMul(library.softmax(masked), values);
  return joinHeads(library, mixed, queries, heads, valueDim);
}

/**
 * Work of `batch` independent softmax attentions of `queries` to `keys` tokens with `heads` heads. A causal mask saves nothing: the
 * loop nests are rectangular.
 */
export function softmaxWork(name: string, batch: number, heads: number, queries: number, keys: number, dim: number, valueDim: number): Workload {
  const bounds = { h: batch * heads, t: queries, u: keys };
  const scores = bounds.h * queries * keys;
  const rows = bounds.h * queries;
  return {
    nests: [
      contraction(`${name}scores`, { ...bounds, d: dim }, [
        { name: "Q", role: "input", over: ["h", "t", "d"] },
        { name: "K", role: "input", over: ["h", "u", "d"] },
        { name: "S", role: "output", over: ["h", "t", "u"] },
      ]),
      contraction(`${name}mix`, { ...bounds, d: valueDim }, [
        { name: "A", role: "input", over: ["h", "t", "u"] },
        { name: "V", role: "input", over: ["h", "u", "d"] },
        { name: "O", role: "output", over: ["h", "t", "d"] },
      ]),
    ],
    // Per score one compare (maximum), subtraction, exponential, addition (sum) and multiplication; per row one reciprocal.
    vectors: [{ name: `${name}softmax`, compares: scores, adds: 2 * scores, multiplies: scores, specials: scores + rows, readWords: scores, writeWords: scores, fusible: false }],
  };
}

export const softmaxKind: AttentionKind = {
  member: { name: "softmax", summary: "Every token attends to every token with softmax weights; quadratic in the number of tokens." },
  source: "Vaswani et al., Attention Is All You Need, NeurIPS 2017, equation 1",
  crossAttention: true,
  problem: () => undefined,
  attend: (context) => softmaxAttend(context),
  workload: ({ heads, queries, keys, dim, valueDim }) => softmaxWork("", 1, heads, queries, keys, dim, valueDim),
};
