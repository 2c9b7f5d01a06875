/**
 * Attention under a fixed mask on an array whose rows are shared between an engine for dense key columns and one for single entries
 * (hardware.md 5): rows in proportion to work, the slower engine counts, loading overlaps with computing.
 */
import type { Chunk, MaskSplit } from "../ir/plan.js";
import { splitDegrees } from "../ops/mask-rules.js";
import type { MaskedWork } from "../ops/workload.js";
import { vitcodLayer, type VitcodEngine, type VitcodLayer } from "./reference-models/vitcod.js";
import { formatBits } from "./unit-costs.js";

export interface SplitCost {
  /** For each head: dense keys, and entries kept outside their columns. */
  readonly heads: readonly { readonly globalTokens: number; readonly sparseEntries: number }[];
  /** Rows of the array for the two engines, of the head that counts. */
  readonly denseLines: number;
  readonly sparseLines: number;
  /** Cycles, each of the slower engine. */
  readonly load: number;
  readonly decode: number;
  readonly scores: number;
  readonly values: number;
  /** Decoding, scores and values. */
  readonly compute: number;
  /** Both engines in detail, of the head that counts. */
  readonly detail: VitcodLayer;
  /** Multiply-accumulates, the holes of dense columns included. */
  readonly points: number;
  /** Part of all scores that is computed. */
  readonly kept: number;
  readonly loadedWords: number;
  readonly storedWords: number;
}

interface Clocked { readonly clock: number; readonly dram: { readonly bandwidth: number } }

/** Undefined where queries and keys are not the same tokens, or the array has no two rows: it is priced as a rectangle. */
export function splitAttention(work: MaskedWork, chunk: Chunk, split: MaskSplit, machine: Clocked): SplitCost | undefined {
  const { heads, queries, keys, dim, valueDim, queryHeads, keyHeads } = work;
  if (queries !== keys || dim !== valueDim || chunk.array[0] < 2) return undefined;
  const published = split.convention === "as_published";
  const engine: VitcodEngine = {
    lines: chunk.array[0], macsPerLine: chunk.array[1], clockHz: machine.clock, bytesPerSecond: machine.dram.bandwidth, bits: formatBits[chunk.precision],
    transfers: split.transfers === "whole" ? "as_released" : "exact", macs: published ? "as_released" : "consistent",
  };
  const decodes = published || queryHeads !== heads || keyHeads !== heads;
  const attention = { tokens: keys, heads, headDimension: dim, ...(decodes ? { ratio: keyHeads / heads, queryRatio: queryHeads / heads } : {}) };
  const shapes = work.degrees.map((degrees) => splitDegrees(degrees, split.denseAbove));
  const time = (layer: VitcodLayer): number => Math.max(layer.denseScores, layer.sparseScores) + Math.max(layer.denseValues, layer.sparseValues);
  const layers = (published ? shapes.slice(0, 1) : shapes).map((shape) => vitcodLayer(engine, attention, shape));
  const detail = layers.reduce((slowest, layer) => (time(layer) > time(slowest) ? layer : slowest));
  const decode = detail.denseDecode + detail.sparseDecode;
  const [scores, values] = [Math.max(detail.denseScores, detail.sparseScores), Math.max(detail.denseValues, detail.sparseValues)];
  const computed = shapes.reduce((sum, { globalTokens, sparseEntries }) => sum + globalTokens * queries + sparseEntries, 0);
  const decoded = [queryHeads, keyHeads].reduce((sum, from) => sum + (from === heads ? 0 : from * heads * keys * dim), 0);
  return {
    heads: shapes, denseLines: detail.denseLines, sparseLines: detail.sparseLines, detail, decode, scores, values, compute: decode + scores + values,
    load: detail.denseQueryKeyLoad + detail.sparseQueryKeyLoad + detail.denseValueLoad + detail.sparseValueLoad,
    points: computed * (dim + valueDim) + decoded, kept: computed / (heads * queries * keys),
    loadedWords: (queryHeads * queries + keyHeads * keys) * dim + heads * keys * valueDim, storedWords: heads * queries * valueDim,
  };
}

/** Of all layers: loading overlaps with computing over the whole network. */
export function splitTotals(layers: readonly SplitCost[]): { readonly load: number; readonly decode: number; readonly scores: number; readonly values: number; readonly total: number } {
  const sum = (of: (layer: SplitCost) => number): number => layers.reduce((total, layer) => total + of(layer), 0);
  return { load: sum(({ load }) => load), decode: sum(({ decode }) => decode), scores: sum(({ scores }) => scores), values: sum(({ values }) => values), total: Math.max(sum(({ load }) => load), sum(({ compute }) => compute)) };
}
