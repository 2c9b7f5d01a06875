/**
 * ViTCoD's two-pronged attention engine (You et al., HPCA 2023): a denser engine for the global key columns and a sparser one for
 * what is left of the mask, fed by an auto-encoder that stores Q and K of all heads in fewer. Formulas as in the released simulator
 * (GATECH-EIC/ViTCoD); `transfers: "exact"` and `macs: "consistent"` leave its roundings and its unequal unit counts behind.
 */

export interface VitcodEngine {
  /** Lines of processing elements, shared by the heads. */
  readonly lines: number;
  readonly macsPerLine: number;
  readonly clockHz: number;
  readonly bytesPerSecond: number;
  readonly bits: number;
  /** `as_released`: every transfer of a row takes whole cycles. */
  readonly transfers: "as_released" | "exact";
  /** `as_released`: AV and the decoder use lines x lines units where the array has lines x macsPerLine. */
  readonly macs: "as_released" | "consistent";
}

export interface VitcodAttention {
  readonly tokens: number;
  readonly heads: number;
  readonly headDimension: number;
  /** Stored heads over heads of the Q/K auto-encoder; absent without one. A decoder is charged for even at ratio 1. */
  readonly ratio?: number;
  /** That of the queries, where it is another than that of the keys. */
  readonly queryRatio?: number;
}

/** The mask of one layer: global key columns, and kept entries outside them. */
export interface MaskShape { readonly globalTokens: number; readonly sparseEntries: number }

export interface VitcodLayer {
  readonly denseLines: number;
  readonly sparseLines: number;
  readonly denseScores: number;
  readonly sparseScores: number;
  readonly denseValues: number;
  readonly sparseValues: number;
  readonly denseQueryKeyLoad: number;
  readonly denseDecode: number;
  readonly sparseQueryKeyLoad: number;
  readonly sparseDecode: number;
  readonly denseValueLoad: number;
  readonly sparseValueLoad: number;
}

export interface VitcodTotals { readonly load: number; readonly decode: number; readonly scores: number; readonly values: number; readonly total: number }

export const vitcodReleased: VitcodEngine = {
  lines: 64, macsPerLine: 8, clockHz: 500e6, bytesPerSecond: 76.8 * 2 ** 30, bits: 8, transfers: "as_released", macs: "as_released",
};

/** Cycles to move `bits` with a share of the external bandwidth. */
export function transferCycles(engine: VitcodEngine, bits: number, share = 1): number {
  const cycles = (bits / (engine.bytesPerSecond * 8 * share)) * engine.clockHz;
  return engine.transfers === "exact" ? cycles : Math.ceil(cycles);
}

/** An engine without lines has no work either: no work takes no time. */
const rounds = (work: number, units: number): number => (work === 0 ? 0 : Math.ceil(work / Math.max(units, 1)));

/** Lines go to the denser engine in proportion to its work; where both have some, each keeps a line. */
export function splitLines(lines: number, dense: number, sparse: number): readonly [number, number] {
  if (dense === 0) return [0, lines];
  if (sparse === 0) return [lines, 0];
  const share = Math.min(Math.max(Math.floor(lines * (dense / (sparse + dense))), 1), lines - 1);
  return [share, lines - share];
}

export function vitcodLayer(engine: VitcodEngine, attention: VitcodAttention, mask: MaskShape): VitcodLayer {
  const { tokens, heads, headDimension, ratio = 1, queryRatio = ratio } = attention;
  const decodes = attention.ratio !== undefined;
  const { globalTokens, sparseEntries } = mask;
  const [denseLines, sparseLines] = splitLines(engine.lines, globalTokens * tokens, sparseEntries);
  const unitsPerLine = engine.macs === "as_released" ? engine.lines : engine.macsPerLine;
  const values = (words: number, lines: number): number => rounds(words * headDimension, Math.floor((lines * unitsPerLine) / heads));
  const dotProduct = Math.ceil(headDimension / (unitsPerLine / heads));
  const decodeRow = (of: number): number => Math.ceil((heads * of * headDimension) / Math.floor((engine.lines * unitsPerLine) / heads));
  const codeRow = (of: number): number => transferCycles(engine, engine.bits * heads * of * headDimension);
  const valueRow = transferCycles(engine, engine.bits * heads * headDimension);
  const decoder = decodes ? transferCycles(engine, engine.bits * heads * ratio, 1 / heads) : 0;
  // Without global keys the queries do not stay on chip and are fetched for every kept entry of their row.
  const queryRows = globalTokens === 0 ? sparseEntries : 0;
  return {
    denseLines, sparseLines,
    denseScores: globalTokens === 0 ? 0 : globalTokens * rounds(tokens, denseLines) * dotProduct, sparseScores: rounds(sparseEntries, sparseLines) * dotProduct,
    denseValues: values(tokens * globalTokens, denseLines), sparseValues: values(sparseEntries, sparseLines),
    denseQueryKeyLoad: globalTokens === 0 ? 0 : globalTokens * codeRow(ratio) + tokens * codeRow(queryRatio) + 2 * decoder,
    denseDecode: decodes ? globalTokens * decodeRow(ratio) + tokens * decodeRow(queryRatio) : 0,
    sparseQueryKeyLoad: (tokens - globalTokens) * codeRow(ratio) + queryRows * codeRow(queryRatio) + decoder, sparseDecode: decodes ? (tokens - globalTokens) * decodeRow(ratio) : 0,
    denseValueLoad: globalTokens * valueRow, sparseValueLoad: (tokens - globalTokens) * valueRow,
  };
}

/** The engines of a layer run side by side; loading overlaps with computing over the whole network. */
export function vitcodTotals(layers: readonly VitcodLayer[]): VitcodTotals {
  const sum = (part: (layer: VitcodLayer) => number): number => layers.reduce((total, layer) => total + part(layer), 0);
  const load = sum((layer) => layer.denseQueryKeyLoad + layer.sparseQueryKeyLoad + layer.denseValueLoad + layer.sparseValueLoad);
  const decode = sum((layer) => layer.denseDecode + layer.sparseDecode);
  const scores = sum((layer) => Math.max(layer.denseScores, layer.sparseScores));
  const values = sum((layer) => Math.max(layer.denseValues, layer.sparseValues));
  return { load, decode, scores, values, total: Math.max(load, decode + scores + values) };
}

/** Cycles of all projections and of the feed-forward part of one layer, `lines` x `macsPerLine` units. */
export function vitcodLinear(engine: VitcodEngine, attention: VitcodAttention, expansion = 4): { readonly projections: number; readonly feedForward: number; readonly projectionLoad: number; readonly feedForwardCompute: number } {
  const { tokens, heads, headDimension, ratio = 1 } = attention;
  const width = heads * headDimension;
  const units = engine.lines * engine.macsPerLine;
  const perHead = Math.floor(units / heads);
  const move = (words: number, share = 1): number => transferCycles(engine, words * engine.bits, share);
  const compute = 3 * tokens * Math.floor((width * headDimension) / perHead) + Math.floor((tokens * width * headDimension) / perHead);
  const load = 3 * headDimension * move(heads * width) + 2 * move(heads, 1 / (heads * ratio)) + 2 * tokens * move(headDimension, 1 / (heads * ratio))
    + tokens * move(headDimension, 1 / heads) + Math.floor(tokens / perHead) * width * move(headDimension, 1 / heads);
  const feedForwardCompute = 2 * Math.floor((tokens * width * expansion * width) / units);
  return { projections: Math.max(compute, load), feedForward: feedForwardCompute, projectionLoad: load, feedForwardCompute };
}
