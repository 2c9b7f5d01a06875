/**
 * From genes to a full assignment: which variables follow from which, the canonical form (inactive decisions at option 0, adapted ones
 * at their largest option), and the domain index of every variable. Plain evaluation in dependency order; no elimination.
 */
import type { Architecture, Decision, Space, Variable, VariableId } from "./space.js";
import { evaluateValue } from "./values.js";

export function decisionsIn(space: Pick<Space, "variables">): Decision[] {
  return space.variables.filter((variable): variable is Decision => variable.kind === "decision");
}

export interface DependencyOrder {
  /** All variables, what they depend on first: parents, and the variables of guards and allowed options. */
  readonly variables: readonly Variable[];
  /** Guards that depend on each other in a circle: one pass over the order may not settle them. */
  readonly circular: boolean;
}

const dependences = (variable: Variable): readonly VariableId[] => (variable.kind === "derived" ? variable.parents : [...variable.guard.scope, ...variable.allowed.flatMap(({ scope }) => scope)]);

/** Ties are broken by id, so that decisions come in the order of the program as far as possible. */
export function dependencyOrder(variables: readonly Variable[]): DependencyOrder {
  const order: Variable[] = [];
  const state = new Map<VariableId, "open" | "done">();
  let circular = false;
  // An explicit stack: chains of derived variables can be longer than the call stack is deep.
  for (const root of variables) {
    const stack: { readonly variable: Variable; readonly waiting: VariableId[] }[] = [];
    const enter = (variable: Variable): void => {
      state.set(variable.id, "open");
      stack.push({ variable, waiting: [...dependences(variable)].sort((a, b) => b - a) });
    };
    if (!state.has(root.id)) enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.waiting.pop();
      if (next === undefined) {
        state.set(top.variable.id, "done");
        order.push(top.variable);
        stack.pop();
      } else if (!state.has(next)) enter(variables[next]!);
      else if (state.get(next) === "open" && next !== top.variable.id) circular = true;
    }
  }
  return { variables: order, circular };
}

/** The option of a derived variable; 0 where its table says that no architecture comes there. */
export function derivedOption(variables: readonly Variable[], variable: Extract<Variable, { kind: "derived" }>, assignment: ArrayLike<number>): number {
  let index = 0;
  for (const parent of variable.parents) index = index * variables[parent]!.domain.length + assignment[parent]!;
  return Math.max(variable.table[index] ?? 0, 0);
}

/** Options that an active decision may take under an assignment of what it depends on. */
export function allowedOptions(space: Pick<Space, "variables">, decision: Decision, assignment: ArrayLike<number>): number[] {
  const options: number[] = [];
  // Draws ask this for every decision: no array per option.
  for (let option = 0; option < decision.allowed.length; option++) if (evaluateValue(space, decision.allowed[option]!, assignment) === true) options.push(option);
  return options;
}

/** The domain index of every variable; decisions as they stand in the architecture. */
export function assignmentOf(space: Pick<Space, "variables">, architecture: Architecture): number[] {
  const assignment = new Array<number>(space.variables.length).fill(0);
  let gene = 0;
  for (const variable of space.variables) if (variable.kind === "decision") assignment[variable.id] = architecture[gene++] ?? 0;
  for (const variable of space.variables) if (variable.kind === "derived") assignment[variable.id] = derivedOption(space.variables, variable, assignment);
  return assignment;
}

/** Undefined where the decision is inactive; else an option index. */
export type TakeOption = (decision: Decision, assignment: readonly number[]) => number;

/**
 * Goes through the variables in dependency order: inactive decisions become option 0, active ones what `take` says, adapted ones the
 * last option allowed (the last one where none is).
 */
export function assignInOrder(space: Pick<Space, "variables">, order: DependencyOrder, take: TakeOption): number[] {
  const assignment = new Array<number>(space.variables.length).fill(0);
  const pass = (): boolean => {
    let changed = false;
    for (const variable of order.variables) {
      let option: number;
      if (variable.kind === "derived") option = derivedOption(space.variables, variable, assignment);
      else if (evaluateValue(space, variable.guard, assignment) !== true) option = 0;
      else if (variable.binding === "adapt") option = allowedOptions(space, variable, assignment).at(-1) ?? variable.domain.length - 1;
      else option = take(variable, assignment);
      if (assignment[variable.id] !== option) changed = true;
      assignment[variable.id] = option;
    }
    return changed;
  };
  pass();
  // Circular guards settle after a few rounds or never; members are checked afterwards in any case.
  for (let round = 0; order.circular && round < order.variables.length && pass(); round++);
  return assignment;
}

/** The genes of an assignment. */
export function architectureOf(space: Pick<Space, "variables">, assignment: ArrayLike<number>): Architecture {
  const genes: number[] = [];
  for (const variable of space.variables) if (variable.kind === "decision") genes.push(assignment[variable.id]!);
  return genes;
}

/** Whether an assignment is canonical, takes allowed options only and meets the constraints. */
export function isMemberAssignment(space: Pick<Space, "variables" | "constraints">, assignment: readonly number[]): boolean {
  for (const variable of space.variables) {
    const option = assignment[variable.id]!;
    if (variable.kind === "derived") continue;
    if (evaluateValue(space, variable.guard, assignment) !== true) {
      if (option !== 0) return false;
    } else if (variable.binding === "adapt") {
      if (allowedOptions(space, variable, assignment).at(-1) !== option) return false;
    } else if (variable.allowed[option] === undefined || evaluateValue(space, variable.allowed[option], assignment) !== true) return false;
  }
  return space.constraints.every(({ condition }) => evaluateValue(space, condition, assignment) !== false);
}
