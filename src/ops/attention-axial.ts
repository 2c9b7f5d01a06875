/**
 * Axial attention on a map: softmax attention along the rows, then along the columns of what came out. Both passes use the same
 * projections, so a map of one row is plain attention. 2 D H W (H + W) multiply-accumulates per head instead of 2 D (H W)^2.
 */
import type { AttentionContext, AttentionKind } from "./attention-kind.js";
import { softmaxAttend, softmaxWork } from "./attention-softmax.js";
import { joinWorkloads } from "./contraction.js";
import { writtenShape } from "./guard.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";

/** [n, h * w, c] -> [n, w * h, c], columns first; its own inverse with the sides exchanged. */
function turn<T extends Tensor>(library: TensorLibrary<T>, x: T, h: number, w: number, c: number): T {
  return library.reshape(library.transpose(library.reshape(x, [-1, h, w, c]), [0, 2, 1, 3]), [-1, h * w, c]);
}

/** Attention inside runs of `length` tokens; every tensor is [n, tokens, c] before and after. */
function attendRuns<T extends Tensor>(context: AttentionContext<T>, length: number): T {
  const { library, size } = context;
  const runs = (x: T, d: number): T => library.reshape(x, [-1, length, size.heads * d]);
  const mixed = softmaxAttend({
    ...context,
    queries: runs(context.queries, size.dim), keys: runs(context.keys, size.dim), values: runs(context.values, size.valueDim),
    size: { ...size, map: undefined, queries: length, keys: length },
  });
  return library.reshape(mixed, [-1, size.queries, size.heads * size.valueDim]);
}

function axialAttend<T extends Tensor>(context: AttentionContext<T>): T {
  const { library, size } = context;
  const [h, w] = size.map ?? [1, size.queries];
  const columns = (x: T, d: number): T => turn(library, x, h, w, size.heads * d);
  const rows = attendRuns(context, w);
  const mixed = attendRuns({ ...context, queries: columns(context.queries, size.dim), keys: columns(context.keys, size.dim), values: columns(rows, size.valueDim) }, h);
  return turn(library, mixed, w, h, size.heads * size.valueDim);
}

export const axialKind: AttentionKind = {
  member: { name: "axial", summary: "Softmax attention along the rows of a map, then along its columns, with shared projections." },
  source: "Ho et al., Axial Attention in Multidimensional Transformers, 2019; Wang et al., Axial-DeepLab, ECCV 2020 (without relative positions)",
  crossAttention: false,
  problem: ([x]) => (x === undefined || x.length === 3 ? undefined : {
    problem: "axial `attention` needs a map", detail: `its input is ${writtenShape(x)}, not [height, width, channels]`,
    help: "give it a map [height, width, channels], or make one of the tokens by `to_map`", parameter: "kind",
  }),
  attend: axialAttend,
  workload({ map, heads, queries, dim, valueDim }) {
    const [h, w] = map ?? [1, queries];
    return joinWorkloads([softmaxWork("row_", h, heads, w, w, dim, valueDim), softmaxWork("column_", w, heads, h, h, dim, valueDim)]);
  },
};
