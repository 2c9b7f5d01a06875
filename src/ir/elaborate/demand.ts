/**
 * Who is needed when. A node is active exactly where some output needs it: the guards run backwards from the outputs, through the option
 * that each select takes. A decision is active exactly where something active depends on it, so that the canonical form never tells two
 * encodings of one network apart.
 */
import type { Constraint, NodeId, Value, VariableId } from "../space.js";
import type { DecisionDraft, DraftNode, Elaboration } from "./elaboration.js";
import { picks } from "./merge.js";

/** The guard of every node; constant false where it is dead. `asked`: where nodes are needed besides. */
export function nodeGuards(e: Elaboration, outputs: readonly NodeId[], asked: Elaboration["asked"] = new Map()): readonly Value<boolean>[] {
  const never = e.pool.constant(false);
  const always = e.pool.constant(true);
  const demands: Value<boolean>[][] = e.nodes.map(() => []);
  const guards: Value<boolean>[] = e.nodes.map(() => never);
  for (const output of outputs) demands[output]!.push(always);
  for (const [id, conditions] of asked) demands[id]!.push(...conditions);
  for (let id = e.nodes.length - 1; id >= 0; id--) {
    const node = e.nodes[id]!;
    const guard = e.pool.or(...demands[id]!);
    guards[id] = guard;
    if (e.pool.always(guard, false) || node.kind === "input") continue;
    node.inputs.forEach((input, option) => {
      const demand = node.kind === "select" ? e.pool.and(guard, picks(e, node.selector, option)) : guard;
      if (!demands[input]!.includes(demand)) demands[input]!.push(demand);
    });
  }
  return guards;
}

/** Everything of a node that decisions can change, apart from what its inputs bring along. */
function settings(node: DraftNode): readonly Value[] {
  switch (node.kind) {
    case "input": return [];
    case "operator": return Object.values(node.attributes);
    case "select": return [node.selector];
    default: { const never: never = node; return never; }
  }
}

/** The guard of every decision. Guards of nodes need no say of their own: they follow from the selectors of active nodes. */
export function decisionGuards(e: Elaboration, nodes: readonly Value<boolean>[], constraints: readonly Constraint[]): ReadonlyMap<VariableId, Value<boolean>> {
  const relevance = new Relevance(e);
  const always = e.pool.constant(true);
  e.nodes.forEach((node, id) => { for (const value of settings(node)) relevance.add(value, nodes[id]!); });
  for (const { condition } of constraints) relevance.add(condition, always);
  const drafts = new Map(e.decisions.map((draft) => [draft.id, draft]));
  const guards = new Map<VariableId, Value<boolean>>();
  for (let id = e.pool.variables.length - 1; id >= 0; id--) {
    const variable = e.pool.variables[id]!;
    const needed = relevance.of(id);
    if (variable.kind === "derived") relevance.add({ scope: variable.parents, cells: variable.table }, needed);
    else guards.set(id, decisionGuard(e, drafts.get(id), needed, relevance));
  }
  return guards;
}

function decisionGuard(e: Elaboration, draft: DecisionDraft | undefined, needed: Value<boolean>, relevance: Relevance): Value<boolean> {
  const guard = draft?.guard === undefined ? needed : e.pool.and(needed, draft.guard);
  if (draft?.guard !== undefined) relevance.add(draft.guard, needed);
  for (const allowed of draft?.allowed ?? []) relevance.add(allowed, guard);
  return guard;
}

/** Per variable, the conditions under which something active depends on it. */
class Relevance {
  private readonly conditions = new Map<VariableId, Set<Value<boolean>>>();

  constructor(private readonly e: Elaboration) {}

  of(id: VariableId): Value<boolean> {
    return this.e.pool.or(...(this.conditions.get(id) ?? []));
  }

  /** The table is looked at where `active` holds. */
  add(table: Value, active: Value<boolean>): void {
    if (this.e.pool.always(active, false)) return;
    table.scope.forEach((id, position) => {
      const matters = this.matters(table, position);
      const condition = matters === undefined ? active : this.e.pool.and(active, matters);
      this.conditions.set(id, (this.conditions.get(id) ?? new Set()).add(condition));
    });
  }

  /** A choice among alternatives, as opposed to one among numbers. */
  private isNominal(id: VariableId): boolean {
    const variable = this.e.pool.variables[id]!;
    return variable.kind === "decision" && variable.domain.every((option) => typeof option === "string");
  }

  /**
   * For which values of the variables that come before it the variable makes a difference, whatever the others are; undefined: for all.
   * Of two variables only one waits for the other: the later one, but a number for a choice among alternatives that can switch it off (a
   * width that only one alternative uses). Setting a variable to its first option where it makes no difference leaves
   * the network as it is, so no order loses networks.
   */
  private matters(table: Value, position: number): Value<boolean> | undefined {
    const sizes = table.scope.map((id) => this.e.pool.variables[id]!.domain.length);
    const before = table.scope.flatMap((_, other) => {
      if (other === position) return [];
      const [first, second] = [Math.min(other, position), Math.max(other, position)];
      const turned = this.isNominal(table.scope[second]!) && !this.isNominal(table.scope[first]!) && switchesOff(table.cells, sizes, second, first);
      return (other < position) !== turned ? [other] : [];
    });
    const cells = differences(table.cells, sizes, before, position);
    return cells.includes(false) ? this.e.pool.map({ scope: before.map((at) => table.scope[at]!), cells }, (cell) => cell) : undefined;
  }
}

/** Per combination of the variables at `before`: whether the one at `position` changes a cell, for some values of all others. */
function differences(cells: readonly unknown[], sizes: readonly number[], before: readonly number[], position: number): boolean[] {
  const strides = sizes.map((_, at) => sizes.slice(at + 1).reduce((product, size) => product * size, 1));
  const found = new Array<boolean>(before.reduce((product, at) => product * sizes[at]!, 1)).fill(false);
  const stride = strides[position]!;
  for (let cell = 0; cell < cells.length; cell++) {
    const option = Math.floor(cell / stride) % sizes[position]!;
    if (option === 0 || Object.is(cells[cell], cells[cell - option * stride])) continue;
    found[before.reduce((index, at) => index * sizes[at]! + (Math.floor(cell / strides[at]!) % sizes[at]!), 0)] = true;
  }
  return found;
}

/** Whether some option of `first` makes `second` irrelevant. */
function switchesOff(cells: readonly unknown[], sizes: readonly number[], first: number, second: number): boolean {
  return differences(cells, sizes, [first], second).includes(false);
}
