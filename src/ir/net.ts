/**
 * The Net IR: one network, all search-time decisions bound. A plain list of operators in topological order with concrete
 * attributes and shapes (batch left out). Cost, export, code generation and passes work on it.
 */
import type { Attributes, Shape } from "../ops/operator.js";

export interface NetInput { readonly kind: "input"; readonly id: number; readonly name: string; readonly element: "f32" | "tokens"; readonly shape: Shape; readonly path: string }

export interface NetOperator {
  readonly kind: "operator";
  readonly id: number;
  readonly operator: string;
  readonly inputs: readonly number[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly path: string;
  /** As in the Space IR: names the tensors in a weight store. */
  readonly weightKey: string;
}

export type NetNode = NetInput | NetOperator;

export interface Net {
  readonly name: string;
  /** nodes[i].id === i, inputs have smaller ids, no dead nodes. */
  readonly nodes: readonly NetNode[];
  readonly outputs: readonly { readonly name: string; readonly node: number }[];
}
