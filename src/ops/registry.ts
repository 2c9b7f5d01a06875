/**
 * The vocabulary: every operator under its name. Adding one is its file and one line here; checking, costing, training, export,
 * completion and the contract tests follow from its value.
 */
import { add } from "./add.js";
import { attention } from "./attention.js";
import { averagePool } from "./average-pool.js";
import { batchNorm } from "./batch-norm.js";
import { channelShuffle } from "./channel-shuffle.js";
import { classToken } from "./class-token.js";
import { concat } from "./concat.js";
import { conv } from "./conv.js";
import { dense } from "./dense.js";
import { depthwise } from "./depthwise.js";
import { dividedBy } from "./divided-by.js";
import { dropPath } from "./drop-path.js";
import { dropout } from "./dropout.js";
import { edgeBias } from "./edge-bias.js";
import { embed } from "./embed.js";
import { gelu } from "./gelu.js";
import { globalPool } from "./global-pool.js";
import { groupNorm } from "./group-norm.js";
import { guarded } from "./guard.js";
import { hswish } from "./hswish.js";
import { identity } from "./identity.js";
import { layerNorm } from "./layer-norm.js";
import { maskedAttention } from "./masked-attention.js";
import { matmul } from "./matmul.js";
import { maxPool } from "./max-pool.js";
import { minus } from "./minus.js";
import { neighbours } from "./neighbours.js";
import { offset } from "./offset.js";
import type { Operator } from "./operator.js";
import { patches } from "./patches.js";
import { plus } from "./plus.js";
import { positionBias } from "./position-bias.js";
import { positionEmbedding } from "./position-embedding.js";
import { relativeScores, relativeValues } from "./relative.js";
import { mapScores, mapValues } from "./relative-map.js";
import { relu } from "./relu.js";
import { relu6 } from "./relu6.js";
import { reshape } from "./reshape.js";
import { scale } from "./scale.js";
import { shift } from "./shift.js";
import { sigmoid } from "./sigmoid.js";
import { silu } from "./silu.js";
import { slice } from "./slice.js";
import { softmax } from "./softmax.js";
import { split } from "./split.js";
import { tanh } from "./tanh.js";
import { times } from "./times.js";
import { toMap } from "./to-map.js";
import { toTokens } from "./to-tokens.js";
import { transpose } from "./transpose.js";
import { upsample } from "./upsample.js";
import { zero } from "./zero.js";

const vocabulary: readonly Operator[] = [
  add,
  attention,
  averagePool,
  batchNorm,
  channelShuffle,
  classToken,
  concat,
  conv,
  dense,
  depthwise,
  dividedBy,
  dropPath,
  dropout,
  edgeBias,
  embed,
  gelu,
  globalPool,
  groupNorm,
  hswish,
  identity,
  layerNorm,
  maskedAttention,
  matmul,
  maxPool,
  minus,
  neighbours,
  offset,
  patches,
  plus,
  positionBias,
  positionEmbedding,
  relativeScores,
  relativeValues,
  mapScores,
  mapValues,
  relu,
  relu6,
  reshape,
  scale,
  shift,
  sigmoid,
  silu,
  slice,
  softmax,
  split,
  tanh,
  times,
  toMap,
  toTokens,
  transpose,
  upsample,
  zero,
];

export const operators: ReadonlyMap<string, Operator> = new Map(vocabulary.map((operator) => [operator.name, guarded(operator)]));
