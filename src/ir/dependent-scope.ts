/**
 * Tables whose scope holds a derived variable together with everything it follows from say one thing twice, and have cells for
 * combinations that never occur. Such a table is written without the derived variable, or, where it tells no more than that variable
 * does, without what it follows from. This is what lets a shape that was chosen by a running quantity depend on that quantity alone.
 */
import type { AttributeValue } from "../ops/operator.js";
import type { DerivedVariable, Value } from "./space.js";
import { cellCount, projection, type VariableScope } from "./values.js";

/** The same function of the decisions over fewer variables; the value itself where no variable of the scope follows from others of it. */
export function withoutDependents<T extends AttributeValue>(graph: VariableScope, value: Value<T>): Value<T> {
  let current = value;
  for (const id of [...value.scope].reverse()) {
    const variable = graph.variables[id]!;
    if (variable.kind !== "derived" || !current.scope.includes(id) || !variable.parents.every((parent) => current.scope.includes(parent))) continue;
    current = overDependent(graph, current, variable) ?? overParents(graph, current, variable);
  }
  return current;
}

/** Where the derived variable is what its parents make it. */
function overParents<T extends AttributeValue>(graph: VariableScope, value: Value<T>, variable: DerivedVariable): Value<T> {
  const scope = value.scope.filter((id) => id !== variable.id);
  const stride = cellCount(graph, value.scope.slice(value.scope.indexOf(variable.id) + 1));
  // In the order of `scope`: the option that the parents make.
  const options = Array.from(projection(graph, scope, variable.parents), (parents) => optionOf(variable, parents));
  return { scope, cells: options.map((option, at) => value.cells[insertOption(at, option, variable.domain.length, stride)]) };
}

/** The table over the derived variable instead of its parents; undefined where they tell more than it does. */
function overDependent<T extends AttributeValue>(graph: VariableScope, value: Value<T>, variable: DerivedVariable): Value<T> | undefined {
  const scope = value.scope.filter((id) => !variable.parents.includes(id));
  const kept = value.scope.filter((id) => id !== variable.id);
  if (cellCount(graph, scope) > cellCount(graph, kept)) return undefined;
  const to = projection(graph, value.scope, scope);
  const parents = projection(graph, value.scope, variable.parents);
  const own = projection(graph, value.scope, [variable.id]);
  const cells = new Array<T | undefined>(cellCount(graph, scope));
  const known = new Uint8Array(cells.length);
  for (let cell = 0; cell < value.cells.length; cell++) {
    if (optionOf(variable, parents[cell]!) !== own[cell]) continue;
    const at = to[cell]!;
    if (known[at] === 1 && !Object.is(cells[at], value.cells[cell])) return undefined;
    known[at] = 1;
    cells[at] = value.cells[cell];
  }
  return { scope, cells };
}

const optionOf = (variable: DerivedVariable, parents: number): number => Math.max(variable.table[parents]!, 0);

/** The index in a table with one more variable, whose options are `stride` cells apart, of the cell with that index in the table without it. */
function insertOption(at: number, option: number, options: number, stride: number): number {
  return Math.floor(at / stride) * stride * options + option * stride + (at % stride);
}
