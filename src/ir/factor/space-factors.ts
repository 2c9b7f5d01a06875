/**
 * The factor graph of a space: definitions of derived variables, the canonical form of each decision (inactive: option 0; active: an
 * allowed option), and constraints. An assignment with product one is exactly one canonical architecture, since derived variables follow.
 * What is adapted per input is no freedom of the architecture: it stands at its largest (last allowed) option, the largest network.
 */
import type { Constraint, Decision, Value, Variable, VariableId } from "../space.js";
import { cellCount, projection, unionScope } from "../values.js";
import type { Definition, Relation, StructuralFactor } from "./factor.js";

/** Canonical-form factors are split by option above this many cells. */
const JOINT_CELLS = 1 << 12;

export interface SpaceGraph {
  readonly variables: readonly Variable[];
  /** Options per variable. */
  readonly sizes: readonly number[];
  /** By derived variable. */
  readonly definitions: ReadonlyMap<VariableId, Definition>;
  /** Canonical forms and constraints. */
  readonly relations: readonly Relation[];
}

/** `free`: any allowed option of an `adapt` decision may come up, which is what proofs about all networks ask. */
export type AdaptedAt = "largest" | "free";

export function spaceGraph(variables: readonly Variable[], constraints: readonly Constraint[], adapted: AdaptedAt = "largest"): SpaceGraph {
  const definitions = new Map<VariableId, Definition>();
  const relations: Relation[] = [];
  for (const variable of variables) {
    if (variable.kind === "decision") relations.push(...(variable.binding === "adapt" && adapted === "largest" ? adaptedForm(variables, variable) : canonicalForm(variables, variable)));
    else definitions.set(variable.id, { kind: "definition", scope: [...variable.parents, variable.id], options: variable.domain.length, table: variable.table.map((option) => Math.max(option, 0)) });
  }
  // Undefined means that no architecture comes here, so only `false` forbids.
  for (const { condition } of constraints) relations.push(...relation(condition, (cell) => cell !== false));
  return { variables, sizes: variables.map((variable) => variable.domain.length), definitions, relations };
}

/** Where `holds`; nothing where that is everywhere. */
export function relation<T>(value: { readonly scope: readonly VariableId[]; readonly cells: readonly T[] }, holds: (cell: T) => boolean): Relation[] {
  const allowed = Uint8Array.from(value.cells, (cell) => (holds(cell) ? 1 : 0));
  return allowed.includes(0) ? [{ kind: "relation", scope: value.scope, allowed }] : [];
}

function canonicalForm(variables: readonly Variable[], decision: Decision): Relation[] {
  const graph = { variables };
  const { id, guard, allowed } = decision;
  const own = unionScope([guard.scope, [id]]);
  const joint = unionScope([own, ...allowed.map((value) => value.scope)]);
  const all = decision.domain.map((_, option) => option);
  if (cellCount(graph, joint) <= JOINT_CELLS) return canonicalRelation(graph, decision, joint, all);
  const local = all.filter((option) => allowed[option]!.scope.length === 0);
  const far = all.filter((option) => allowed[option]!.scope.length > 0);
  return [
    ...canonicalRelation(graph, decision, own, local),
    ...far.flatMap((option) => canonicalRelation(graph, decision, unionScope([own, allowed[option]!.scope]), [option])),
  ];
}

/** Inactive means option 0; active means the last option that is allowed. One relation per option keeps the tables small. */
function adaptedForm(variables: readonly Variable[], { id, domain, guard, allowed }: Decision): Relation[] {
  const graph = { variables };
  return domain.flatMap((_, option) => {
    const scope = unionScope([guard.scope, [id], allowed[option]!.scope]);
    const active = projection(graph, scope, guard.scope);
    const possible = projection(graph, scope, allowed[option]!.scope);
    const cells = Array.from(projection(graph, scope, [id]), (at, cell) => {
      if (guard.cells[active[cell]!] !== true) return at === 0;
      return allowed[option]!.cells[possible[cell]!] === true ? at >= option : at !== option;
    });
    return relation({ scope, cells }, (cell) => cell);
  });
}

/** Inactive means option 0, and whoever takes one of `options` while active must be allowed to. */
function canonicalRelation(graph: { readonly variables: readonly Variable[] }, decision: Decision, scope: readonly VariableId[], options: readonly number[]): Relation[] {
  const guard = projection(graph, scope, decision.guard.scope);
  const option = projection(graph, scope, [decision.id]);
  const checked = decision.domain.map((_, at): { value: Value<boolean>; index: Int32Array } | undefined => {
    const value = decision.allowed[at]!;
    return options.includes(at) ? { value, index: projection(graph, scope, value.scope) } : undefined;
  });
  const cells = Array.from(option, (at, cell) => {
    if (decision.guard.cells[guard[cell]!] !== true) return at === 0;
    const check = checked[at];
    // Not defined means that something was refused before: the proof must get there, so only `false` forbids.
    return check === undefined || check.value.cells[check.index[cell]!] !== false;
  });
  return relation({ scope, cells }, (cell) => cell);
}

/** The definitions of the given variables and of everything they follow from. */
export function definitionsFor(graph: SpaceGraph, needed: Iterable<VariableId>): Definition[] {
  const found = new Map<VariableId, Definition>();
  const open = [...needed];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const definition = graph.definitions.get(id);
    if (definition === undefined || found.has(id)) continue;
    found.set(id, definition);
    open.push(...definition.scope.slice(0, -1));
  }
  return [...found.values()].sort((a, b) => a.scope.at(-1)! - b.scope.at(-1)!);
}

/** Everything that bears on `extra` factors: all relations, the definitions that those and `extra` need, and all decisions. */
export function wholeProblem<F extends { readonly scope: readonly VariableId[] }>(graph: SpaceGraph, extra: readonly F[]): { readonly variables: readonly VariableId[]; readonly sizes: readonly number[]; readonly factors: readonly (StructuralFactor | F)[] } {
  const definitions = definitionsFor(graph, [...graph.relations, ...extra].flatMap((factor) => factor.scope));
  const variables = [...graph.variables.filter((variable) => variable.kind === "decision").map((variable) => variable.id), ...definitions.map((definition) => definition.scope.at(-1)!)];
  return { variables: variables.sort((a, b) => a - b), sizes: graph.sizes, factors: [...definitions, ...graph.relations, ...extra] };
}

/**
 * The part of the graph connected with the variables of `conditions` (by factors, and through what relations need). The rest has no
 * say in whether the conditions can be met, as long as the space is not empty.
 */
export function connectedProblem(graph: SpaceGraph, conditions: readonly Relation[]): { readonly variables: readonly VariableId[]; readonly sizes: readonly number[]; readonly factors: readonly StructuralFactor[] } {
  const whole = wholeProblem(graph, conditions);
  const touching = new Map<VariableId, StructuralFactor[]>();
  for (const factor of whole.factors) for (const id of factor.scope) touching.set(id, [...(touching.get(id) ?? []), factor]);
  const variables = new Set<VariableId>();
  const factors = new Set<StructuralFactor>(conditions);
  const open = conditions.flatMap((condition) => [...condition.scope]);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (variables.has(id)) continue;
    variables.add(id);
    for (const factor of touching.get(id) ?? []) {
      factors.add(factor);
      open.push(...factor.scope);
    }
  }
  return { variables: [...variables].sort((a, b) => a - b), sizes: graph.sizes, factors: [...factors] };
}
