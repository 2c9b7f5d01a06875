/**
 * The Space IR: one graph that stands for every architecture of a space. Decisions and derived variables have finite domains;
 * everything that depends on them (attributes, guards, shapes, constraints) is a Value: an explicit small table over the variables
 * in its scope. That makes proof, counting, bounds and sampling queries on one factor graph (`src/ir/factor`).
 */
import type { Span } from "../diagnostics/model.js";
import type { AttributeValue } from "../ops/operator.js";

export type VariableId = number;
export type NodeId = number;

/**
 * A finite function of variables. `cells` is indexed in mixed radix over `scope` (ascending ids, last variable fastest);
 * a constant has an empty scope and one cell. `undefined` marks a combination that no architecture reaches (or that is already
 * diagnosed): it is never read after checking.
 */
export interface Value<T extends AttributeValue = AttributeValue> {
  readonly scope: readonly VariableId[];
  readonly cells: readonly (T | undefined)[];
}

/** Bound at search time (`choose`) or per input at inference time (`adapt`). */
export interface Decision {
  readonly kind: "decision";
  readonly id: VariableId;
  readonly binding: "choose" | "adapt";
  /** Stable name in every output and on the command line, e.g. `mix[3].kernel`. */
  readonly path: string;
  readonly domain: readonly AttributeValue[];
  /** How each option is written; unique within the decision. */
  readonly labels: readonly string[];
  /** Where false the decision is inactive and the canonical form fixes it to option 0. */
  readonly guard: Value<boolean>;
  /** Per option: may it be taken (given that the decision is active)? */
  readonly allowed: readonly Value<boolean>[];
  readonly span?: Span;
}

/** Follows from other variables: `table` maps the parents' mixed-radix index to an index into `domain`, -1 where unreachable. */
export interface DerivedVariable {
  readonly kind: "derived";
  readonly id: VariableId;
  readonly name: string;
  readonly domain: readonly AttributeValue[];
  readonly parents: readonly VariableId[];
  readonly table: readonly number[];
}

export type Variable = Decision | DerivedVariable;

export interface InputNode { readonly kind: "input"; readonly id: NodeId; readonly name: string; readonly element: "f32" | "tokens"; readonly shape: Value<readonly number[]>; readonly guard: Value<boolean>; readonly path: string }

export interface OperatorNode {
  readonly kind: "operator";
  readonly id: NodeId;
  readonly operator: string;
  readonly inputs: readonly NodeId[];
  readonly attributes: Readonly<Record<string, Value>>;
  /** Where the weights live; nodes with one key share one tensor. By default the path. */
  readonly weightKey: string;
  /** Active exactly where some output needs it. */
  readonly guard: Value<boolean>;
  readonly shape: Value<readonly number[]>;
  /** Unique and stable, e.g. `mix[3].conv/conv`. */
  readonly path: string;
  readonly span?: Span;
}

/** Joins a choice: takes inputs[selector]. */
export interface SelectNode {
  readonly kind: "select";
  readonly id: NodeId;
  readonly inputs: readonly NodeId[];
  readonly selector: Value<number>;
  readonly guard: Value<boolean>;
  readonly shape: Value<readonly number[]>;
  readonly path: string;
}

export type SpaceNode = InputNode | OperatorNode | SelectNode;

/** Every architecture of the space satisfies it (where `guard` holds). */
export interface Constraint { readonly condition: Value<boolean>; readonly text: string; readonly span?: Span }

/** How candidates of different size share weights; `src/runtime/sharing.ts` says what each means. */
export const sharingStrategies = ["slice", "separate", "both_ends", "cyclic", "chained"] as const;
export type SharingStrategy = (typeof sharingStrategies)[number];

export interface Space {
  readonly name: string;
  /** variables[i].id === i; a derived variable's parents have smaller ids. */
  readonly variables: readonly Variable[];
  /** nodes[i].id === i; inputs have smaller ids. */
  readonly nodes: readonly SpaceNode[];
  readonly inputs: readonly NodeId[];
  readonly outputs: readonly { readonly name: string; readonly node: NodeId }[];
  readonly constraints: readonly Constraint[];
  readonly sharing: SharingStrategy;
  /** Decisions about the accelerator (in the order of its `choices`), where a search chooses it with the network. No node depends on them. */
  readonly hardware?: readonly VariableId[];
}

/** One option index per decision, in the order of the decisions in `variables`; canonical: inactive decisions are 0. */
export type Architecture = readonly number[];
