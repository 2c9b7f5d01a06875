/**
 * Reading and building Values over a fixed list of variables: evaluation, iteration, mapping and joining tables. Nothing here makes
 * new variables; `VariablePool` does, while a program is elaborated.
 */
import type { AttributeValue } from "../ops/operator.js";
import type { Value, Variable, VariableId } from "./space.js";

/** Whatever holds variables: a Space, a VariablePool. */
export interface VariableScope { readonly variables: readonly Variable[] }

/** A value that depends on no decision. */
export function constantValue<T extends AttributeValue>(cell: T | undefined): Value<T> {
  return { scope: [], cells: [cell] };
}

export function isConstant(value: Value): boolean {
  return value.scope.length === 0;
}

/** The cell that the domain indices in `assignment` (one per variable of the graph) select. */
export function evaluateValue<T extends AttributeValue>(graph: VariableScope, value: Value<T>, assignment: ArrayLike<number>): T | undefined {
  let index = 0;
  for (const id of value.scope) index = index * graph.variables[id]!.domain.length + assignment[id]!;
  return value.cells[index];
}

/** Number of combinations of the variables in `scope`. */
export function cellCount(graph: VariableScope, scope: readonly VariableId[]): number {
  return scope.reduce((product, id) => product * graph.variables[id]!.domain.length, 1);
}

/** The union of scopes, ascending. */
export function unionScope(scopes: Iterable<readonly VariableId[]>): VariableId[] {
  const union = new Set<VariableId>();
  for (const scope of scopes) for (const id of scope) union.add(id);
  return [...union].sort((a, b) => a - b);
}

/**
 * For every combination of `scope` in table order (last variable fastest), the index of the cell that it selects in a table over
 * `inner`, a part of `scope`.
 */
export function projection(graph: VariableScope, scope: readonly VariableId[], inner: readonly VariableId[]): Int32Array {
  const strides = new Map<VariableId, number>();
  for (let i = inner.length - 1, stride = 1; i >= 0; i--) {
    strides.set(inner[i]!, stride);
    stride *= graph.variables[inner[i]!]!.domain.length;
  }
  let indices = new Int32Array(1);
  for (const id of scope) {
    const options = graph.variables[id]!.domain.length;
    const stride = strides.get(id) ?? 0;
    const next = new Int32Array(indices.length * options);
    for (let i = 0, at = 0; i < indices.length; i++) for (let option = 0; option < options; option++) next[at++] = indices[i]! + option * stride;
    indices = next;
  }
  return indices;
}

/** Every combination of `scope` in table order as domain indices, in the order of `scope`. The array is reused between rounds. */
export function* combinations(graph: VariableScope, scope: readonly VariableId[]): Generator<readonly number[]> {
  const sizes = scope.map((id) => graph.variables[id]!.domain.length);
  const options = sizes.map(() => 0);
  const count = sizes.reduce((product, size) => product * size, 1);
  for (let cell = 0; cell < count; cell++) {
    yield options;
    for (let position = sizes.length - 1; position >= 0; position--) {
      options[position]!++;
      if (options[position]! < sizes[position]!) break;
      options[position] = 0;
    }
  }
}

/** The table of f over the union of the scopes; a cell is undefined where an operand is undefined or f gives undefined. */
export function combineValues<T extends AttributeValue>(graph: VariableScope, values: readonly Value[], f: (...cells: AttributeValue[]) => T | undefined): Value<T> {
  const scope = unionScope(values.map((value) => value.scope));
  const indices = values.map((value) => projection(graph, scope, value.scope));
  const cells: (T | undefined)[] = [];
  const count = cellCount(graph, scope);
  const operands: AttributeValue[] = [];
  next: for (let cell = 0; cell < count; cell++) {
    for (let i = 0; i < values.length; i++) {
      const operand = values[i]!.cells[indices[i]![cell]!];
      if (operand === undefined) { cells.push(undefined); continue next; }
      operands[i] = operand;
    }
    cells.push(f(...operands));
  }
  return { scope, cells };
}

export function mapValue<A extends AttributeValue, T extends AttributeValue>(graph: VariableScope, value: Value<A>, f: (cell: A) => T | undefined): Value<T> {
  return { scope: value.scope, cells: value.cells.map((cell) => (cell === undefined ? undefined : f(cell))) };
}

/** Structural identity of attribute values as text: equal values have equal keys, and only they. */
export function keyOf(value: AttributeValue | undefined): string {
  switch (typeof value) {
    case "undefined": return "_";
    case "number": return String(value);
    case "boolean": return value ? "true" : "false";
    case "string": return JSON.stringify(value);
    default:
      if (value === null) return "null";
      if (isList(value)) return `[${value.map(keyOf).join()}]`;
      return `#${JSON.stringify(value.tag)}{${Object.keys(value.arguments).sort().map((name) => `${JSON.stringify(name)}:${keyOf(value.arguments[name])}`).join()}}`;
  }
}

/** Array.isArray that narrows readonly arrays. */
export function isList(value: AttributeValue | undefined): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

export function sameValue(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && keyOf(a) === keyOf(b)) || (typeof a === "number" && typeof b === "number" && Object.is(a, b));
}
