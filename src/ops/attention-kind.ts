/**
 * What the kinds of attention have in common: the type that each kind is a value of, and how tokens are split into heads and joined.
 * A kind sees projected queries, keys and values; projections and shapes belong to `attention.ts`.
 */
import type { Attributes, EnumerationMember, OperatorProblem, Shape, WeightSpecification } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";
import type { Workload } from "./workload.js";

/** Sizes of one attention, batch excluded. */
export interface AttentionSize {
  /** [h, w] where the queries come from a map, else undefined. */
  readonly map: readonly [number, number] | undefined;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  /** Channels of a query or key per head. */
  readonly dim: number;
  /** Channels of a value per head. */
  readonly valueDim: number;
}

/** queries [n, t, heads * dim], keys [n, u, heads * dim], values [n, u, heads * valueDim]. */
export interface AttentionContext<T extends Tensor> {
  readonly library: TensorLibrary<T>;
  readonly queries: T;
  readonly keys: T;
  readonly values: T;
  readonly size: AttentionSize;
  readonly causal: boolean;
  /** Whether gradients are wanted: what is fastest then keeps what they need. */
  readonly training: boolean;
  /** Arguments of the kind: `linear(feature = cos)`. */
  readonly settings: Attributes;
  /** All weights of the operator; a kind reads those that it declares. */
  readonly weights: Readonly<Record<string, T>>;
}

export interface AttentionKind {
  readonly member: EnumerationMember;
  readonly source: string;
  /** True where keys may come from a second input. */
  readonly crossAttention: boolean;
  /** Why these inputs do not suit the kind. */
  problem(inputs: readonly Shape[], settings: Attributes): OperatorProblem | undefined;
  /** Weights beyond the projections. */
  weights?(size: AttentionSize, settings: Attributes): readonly WeightSpecification[];
  /** [n, t, heads * valueDim]. */
  attend<T extends Tensor>(context: AttentionContext<T>): T;
  /** Work between the projections. */
  workload(size: AttentionSize, settings: Attributes): Workload;
}

/** [n, length, heads * d] -> [n, heads, length, d]. */
export function splitHeads<T extends Tensor>(library: TensorLibrary<T>, x: T, length: number, heads: number, d: number): T {
  return library.transpose(library.reshape(x, [-1, length, heads, d]), [0, 2, 1, 3]);
}

/** [n, heads, length, d] -> [n, length, heads * d]. */
export function joinHeads<T extends Tensor>(library: TensorLibrary<T>, x: T, length: number, heads: number, d: number): T {
  return library.reshape(library.transpose(x, [0, 2, 1, 3]), [-1, length, heads * d]);
}

/** Positions 0..length-1 as [1, 1, 1, length] (keys) or [1, 1, length, 1] (queries). */
function positions<T extends Tensor>(library: TensorLibrary<T>, length: number, of: "keys" | "queries"): T {
  return library.constant(Array.from({ length }, (_, position) => position), of === "keys" ? [1, 1, 1, length] : [1, 1, length, 1]);
}

/**
 * [1, 1, length, length]: 1 where the key (last axis) is later than the query, else 0. Made from two short constants, so that an
 * exported network carries no square table.
 */
export function laterKeys<T extends Tensor>(library: TensorLibrary<T>, length: number): T {
  return library.greater(positions(library, length, "keys"), positions(library, length, "queries"));
}
