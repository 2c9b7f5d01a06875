/**
 * Softmax attention of projected queries, keys and values under a fixed mask (You et al., ViTCoD, HPCA 2023): what is pruned gets the
 * weight 0 and no gradient. Queries and keys may come in fewer heads; a learned mix of them then makes the heads of the values.
 */
import { columnDegrees, maskMembers, maskOf, type HeadMask } from "./attention-mask.js";
import { NEVER, softmaxWork } from "./attention-softmax.js";
import { symbolOf } from "./attributes.js";
import { contraction } from "./contraction.js";
import { writtenShape } from "./guard.js";
import { channelWeight, glorotUniform } from "./initializers.js";
import type { Attributes, ForwardContext, Operator, Shape, ShapeResult, WeightSpecification } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";
import type { LoopNest, MaskedWork, Workload } from "./workload.js";

interface Size { readonly heads: number; readonly queries: number; readonly keys: number; readonly dim: number; readonly valueDim: number; readonly queryHeads: number; readonly keyHeads: number }

function sizeOf([q, k, v]: readonly Shape[]): Size {
  return { heads: v![0]!, queries: q![1]!, keys: k![1]!, dim: q![2]!, valueDim: v![2]!, queryHeads: q![0]!, keyHeads: k![0]! };
}

const masksOf = (attributes: Attributes, { heads, queries, keys }: Size) => maskOf(symbolOf(attributes, "mask"), heads, queries, keys);

function shapeOf(inputs: readonly Shape[], attributes: Attributes): ShapeResult {
  const [q, k, v] = inputs;
  const written = inputs.map(writtenShape).join(", ");
  if (inputs.some((shape) => shape.length !== 3)) return { problem: "`masked_attention` takes [heads, tokens, channels]", detail: `the inputs are ${written}` };
  if (q![2] !== k![2]) return { problem: "queries and keys of `masked_attention` differ in channels", detail: `${written}: ${q![2]!} != ${k![2]!}` };
  if (k![1] !== v![1]) return { problem: "keys and values of `masked_attention` differ in tokens", detail: `${written}: ${k![1]!} != ${v![1]!}` };
  const size = sizeOf(inputs);
  const masks = masksOf(attributes, size);
  if (masks !== undefined && "problem" in masks) return { problem: "the mask does not suit this attention", detail: masks.problem, help: "every query needs a key, and the mask the shape of the scores", parameter: "mask" };
  return { shape: [size.heads, size.queries, size.valueDim] };
}

const decoded = (name: "query" | "key", from: number, to: number): readonly WeightSpecification[] => (from === to ? [] : [
  { name: `${name}_mix`, shape: [from, to], initializer: glorotUniform(from, to), axes: ["leading", "leading"], role: "parameter", decay: true },
  channelWeight(`${name}_bias`, to, 0),
]);

/** [n, from, t, d] to [n, to, t, d]. */
function decode<T extends Tensor>({ library, weights }: ForwardContext<T>, x: T, name: "query" | "key", [from, to, tokens, dim]: readonly [number, number, number, number]): T {
  if (from === to) return x;
  const last = library.reshape(library.transpose(x, [0, 2, 3, 1]), [-1, from]);
  const mixed = library.add(library.matMul(last, weights[`${name}_mix`]!), weights[`${name}_bias`]!);
  return library.transpose(library.reshape(mixed, [-1, tokens, dim, to]), [0, 3, 1, 2]);
}

/** [1, heads, queries, keys]: 0 where kept, below every score elsewhere. */
function penalties<T extends Tensor>(library: TensorLibrary<T>, heads: readonly HeadMask[]): T {
  const [{ queries, keys }] = [heads[0]!];
  const values = new Float32Array(heads.length * queries * keys);
  heads.forEach(({ kept }, head) => kept.forEach((each, at) => { values[head * queries * keys + at] = each === 1 ? 0 : NEVER; }));
  return library.constant(values, [1, heads.length, queries, keys]);
}

function decoding(name: string, from: number, { heads, dim }: Size, tokens: number): readonly LoopNest[] {
  if (from === heads) return [];
  return [contraction(`${name}_mix`, { m: tokens * dim, k: heads, c: from }, [{ name: "I", role: "input", over: ["m", "c"] }, { name: `${name}_mix`, role: "weight", over: ["k", "c"] }, { name: "O", role: "output", over: ["m", "k"] }])];
}

function workload(inputs: readonly Shape[], attributes: Attributes): Workload {
  const size = sizeOf(inputs);
  const { heads, queries, keys, dim, valueDim, queryHeads, keyHeads } = size;
  const whole = softmaxWork("", 1, heads, queries, keys, dim, valueDim);
  const masks = masksOf(attributes, size);
  const masked: MaskedWork | undefined = masks === undefined || "problem" in masks ? undefined : { heads, queries, keys, dim, valueDim, queryHeads, keyHeads, degrees: masks.heads.map(columnDegrees) };
  return { nests: [...decoding("query", queryHeads, size, queries), ...decoding("key", keyHeads, size, keys), ...whole.nests], vectors: whole.vectors, ...(masked === undefined ? {} : { masked }) };
}

export const maskedAttention: Operator = {
  name: "masked_attention",
  summary: "Softmax attention of queries, keys and values [heads, tokens, channels] under a fixed mask.",
  source: "You et al., ViTCoD: Vision Transformer Acceleration via Dedicated Algorithm and Accelerator Co-Design, HPCA 2023",
  example: "y = x -> reshape([1, 784, 32]) -> masked_attention(x -> reshape([1, 784, 32]), x -> reshape([1, 784, 32]), mask = banded(global = 1))",
  category: "attention",
  inputs: { minimum: 3, maximum: 3 },
  parameters: [{ name: "mask", summary: "Which keys each query attends to.", type: { kind: "enumeration", members: maskMembers }, defaultValue: "all" }],
  shape: shapeOf,
  weights(inputs) {
    const { heads, queryHeads, keyHeads } = sizeOf(inputs);
    return [...decoded("query", queryHeads, heads), ...decoded("key", keyHeads, heads)];
  },
  forward(context) {
    const { library, inputs, inputShapes, attributes } = context;
    const size = sizeOf(inputShapes);
    const { heads, queries, keys, dim } = size;
    const [q, k] = [decode(context, inputs[0]!, "query", [size.queryHeads, heads, queries, dim]), decode(context, inputs[1]!, "key", [size.keyHeads, heads, keys, dim])];
    const scores = library.matMul(library.multiply(q, library.scalar(1 / Math.sqrt(dim))), k, false, true);
    const masks = masksOf(attributes, size);
    const masked = masks === undefined || "problem" in masks ? scores : library.add(scores, penalties(library, masks.heads));
    return library.matMul(library.softmax(masked), inputs[2]!);
  },
  workload,
};
