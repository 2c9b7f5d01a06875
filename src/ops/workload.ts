/**
 * What an operator asks of hardware: loop nests over tensors with affine indices (one per matrix-like computation) and vector
 * work (elementwise passes). `src/hw` prices these; no operator knows an energy or a latency.
 */

/** The arithmetic of one innermost point. `none` moves data only. */
export type PointOperation = "multiply_accumulate" | "shift_accumulate" | "add_accumulate" | "accumulate" | "compare" | "none";

export interface LoopDimension { readonly name: string; readonly bound: number }

/** sum of coefficient * dimension; the extent of a tile follows from it. */
export interface IndexExpression { readonly terms: readonly { readonly dimension: string; readonly coefficient: number }[] }

export interface TensorAccess {
  readonly name: string;
  readonly role: "input" | "weight" | "output";
  readonly indices: readonly IndexExpression[];
  /** Words of the whole tensor (batch 1). */
  readonly words: number;
  /** Rows and columns that a window slides over, as they are stored: without padding. */
  readonly extent?: readonly [number, number];
  /** Fixed storage width where the operator dictates one (a shift weight is a sign and an exponent); else the accelerator's precision. */
  readonly bits?: number;
  /** Share of the words that are not zero, which can be left out of storage and of the arithmetic; all of them unless told. */
  readonly density?: number;
}

export interface LoopNest {
  readonly name: string;
  readonly operation: PointOperation;
  readonly dimensions: readonly LoopDimension[];
  readonly tensors: readonly TensorAccess[];
  /** Number of innermost points: the product of the bounds. */
  readonly points: number;
}

/** Elementwise work: total operations by kind (not per element) and the words read and written. */
export interface VectorWork {
  readonly name: string;
  readonly multiplies?: number;
  readonly adds?: number;
  readonly compares?: number;
  /** Exponential, reciprocal, reciprocal square root, division: table look-up class. */
  readonly specials?: number;
  readonly readWords: number;
  readonly writeWords: number;
  /** True where a producer can apply it on the way out, without memory traffic (relu, folded batch norm, residual add). */
  readonly fusible: boolean;
}

/**
 * Attention under a fixed mask, for hardware that leaves out what is pruned. The nests beside it are those of hardware that cannot: it
 * computes whole rectangles.
 */
export interface MaskedWork {
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly dim: number;
  readonly valueDim: number;
  /** Heads in which queries and keys arrive; fewer than `heads` are decoded first. */
  readonly queryHeads: number;
  readonly keyHeads: number;
  /** For each head, the entries kept in the column of each key. */
  readonly degrees: readonly (readonly number[])[];
}

export interface Workload {
  /** Which chunk of an accelerator runs it: the operator's own name by default (`runs conv, dense`). */
  readonly nests: readonly LoopNest[];
  readonly vectors: readonly VectorWork[];
  readonly masked?: MaskedWork;
}

export const noWork: Workload = { nests: [], vectors: [] };
