/**
 * The one type every operator is a value of. An operator file holds its parameters, shape rule, weights, forward, workload and
 * documentation; checking, costing, training, export, completion and the reference page are all derived from these values.
 * Shapes never include the batch dimension here.
 */
import type { Tensor, TensorLibrary } from "./tensor-library.js";
import type { Workload } from "./workload.js";

/** A value that an attribute can take once every decision is bound. `tag` is a symbol with arguments: `linear(feature = cos)`. */
export type AttributeValue =
  | number | boolean | string
  | readonly AttributeValue[]
  | TaggedValue
  | null;

export interface TaggedValue { readonly tag: string; readonly arguments: Readonly<Record<string, AttributeValue>> }

export type Attributes = Readonly<Record<string, AttributeValue>>;

export type Shape = readonly number[];

/** A symbol of an enumeration, with the parameters that `symbol(name = value)` may give. */
export interface EnumerationMember { readonly name: string; readonly summary: string; readonly parameters?: readonly Parameter[] }

export type ParameterType =
  | { readonly kind: "integer"; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: "number"; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "enumeration"; readonly members: readonly EnumerationMember[] }
  /** An integer, or a pair [vertical, horizontal] of them. Bound to the pair or integer as written. */
  | { readonly kind: "pair"; readonly minimum?: number }
  | { readonly kind: "list" }
  | { readonly kind: "text" };

export interface Parameter {
  readonly name: string;
  readonly summary: string;
  readonly type: ParameterType;
  /** Absent: the parameter is required. null: optional with an operator-defined meaning stated in the summary. */
  readonly defaultValue?: AttributeValue;
  /** Not written into a node where it is left out, so that networks that do without it stay what they were. */
  readonly quiet?: true;
}

/** Why an operator cannot take these inputs: shown as `title`, with `detail` at the span (an equation) and `help`. */
export interface OperatorProblem {
  readonly problem: string;
  readonly detail: string;
  readonly help?: string;
  /** The parameter at fault, whose argument gets the primary frame; absent: the call. */
  readonly parameter?: string;
}

export type ShapeResult = { readonly shape: Shape } | OperatorProblem;

export type Initializer =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "normal"; readonly deviation: number }
  | { readonly kind: "truncated_normal"; readonly deviation: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number };

/**
 * How an axis of a smaller candidate sits in the shared tensor: channels where the space's way of sharing puts them (their leading part,
 * by default), kernel taps in the centre, places and words (`first`) always in front, or the whole.
 */
export type SharedAxis = "leading" | "first" | "centre" | "whole";

export interface WeightSpecification {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly axes: readonly SharedAxis[];
  /** `parameter` is trained; `statistic` is carried along (running mean and variance) and never gets a gradient. */
  readonly role: "parameter" | "statistic";
  /** Weight decay applies. */
  readonly decay: boolean;
  /** Bits of one stored element where the operator dictates them; else those of the accelerator. */
  readonly bits?: number;
  /** Share of the elements that are not cut to zero; all of them unless told. */
  readonly density?: number;
}

export interface ForwardContext<T extends Tensor> {
  readonly library: TensorLibrary<T>;
  /** With the batch dimension in front. */
  readonly inputs: readonly T[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly attributes: Attributes;
  readonly weights: Readonly<Record<string, T>>;
  readonly training: boolean;
  /** Uniform [0,1) of the given full shape (batch included), from the step's stream; only called when training. */
  uniform(shape: readonly number[]): T;
  /** Hands batch statistics to the runtime, which keeps the running ones; only called when training. */
  observe(weight: string, value: T): void;
}

export interface Operator {
  readonly name: string;
  /** One line for hover and the reference page. */
  readonly summary: string;
  /** Paper, table or file a formula or gradient comes from. */
  readonly source?: string;
  readonly example: string;
  readonly category: "linear" | "multiplication_free" | "attention" | "normalization" | "activation" | "pooling" | "shape" | "regularization" | "elementwise" | "embedding";
  /** Tensor inputs: at least minimum, at most maximum (Infinity for concat). They are the first arguments of a call. */
  readonly inputs: { readonly minimum: number; readonly maximum: number };
  /** In positional order, after the tensors. */
  readonly parameters: readonly Parameter[];
  shape(inputs: readonly Shape[], attributes: Attributes): ShapeResult;
  weights(inputs: readonly Shape[], attributes: Attributes): readonly WeightSpecification[];
  forward<T extends Tensor>(context: ForwardContext<T>): T;
  workload(inputs: readonly Shape[], attributes: Attributes, output: Shape): Workload;
}

export function isProblem(result: ShapeResult): result is OperatorProblem {
  return "problem" in result;
}
