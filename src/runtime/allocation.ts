/**
 * Which weights a space or a network needs: for every named weight all sizes that some architecture reaches. A node's sizes follow
 * from the combined cells of its guard, input shapes and attributes.
 */
import type { Net } from "../ir/net.js";
import type { OperatorNode, Space, Value, Variable } from "../ir/space.js";
import { isProblem, type Attributes, type AttributeValue, type Operator, type Shape, type WeightSpecification } from "../ops/operator.js";
import { operators } from "../ops/registry.js";

/** The specifications under one `weightKey/name`, without repetition, in the order of the nodes. */
export type Requests = ReadonlyMap<string, readonly WeightSpecification[]>;

export function operatorNamed(name: string): Operator {
  const operator = operators.get(name);
  if (operator === undefined) throw new Error(`no operator \`${name}\``);
  return operator;
}

class RequestTable {
  readonly table = new Map<string, WeightSpecification[]>();
  add(weightKey: string, specifications: readonly WeightSpecification[]): void {
    for (const specification of specifications) {
      const key = `${weightKey}/${specification.name}`;
      const known = this.table.get(key);
      if (known === undefined) this.table.set(key, [specification]);
      else if (!known.some((other) => other.shape.join() === specification.shape.join())) known.push(specification);
    }
  }
}

/** The weights of one network. */
export function netRequests(net: Net): Requests {
  const requests = new RequestTable();
  for (const node of net.nodes) {
    if (node.kind !== "operator") continue;
    requests.add(node.weightKey, operatorNamed(node.operator).weights(node.inputs.map((input) => net.nodes[input]!.shape), node.attributes));
  }
  return requests.table;
}

/** Reads the cell of `value` under an assignment of domain indices to variables. */
function cellOf<T extends AttributeValue>(value: Value<T>, assignment: ReadonlyMap<number, number>, variables: readonly Variable[]): T | undefined {
  let index = 0;
  for (const id of value.scope) index = index * variables[id]!.domain.length + assignment.get(id)!;
  return value.cells[index];
}

/** The options a variable can take, given those of smaller ids: a derived one whose parents are all assigned has one, or none. */
function optionsOf(variable: Variable, assigned: ReadonlyMap<number, number>, variables: readonly Variable[]): readonly number[] {
  if (variable.kind === "derived" && variable.parents.every((parent) => assigned.has(parent))) {
    const option = variable.table[variable.parents.reduce((index, parent) => index * variables[parent]!.domain.length + assigned.get(parent)!, 0)]!;
    return option < 0 ? [] : [option];
  }
  return variable.domain.map((_, option) => option);
}

/** Calls `visit` with every reachable combination of input shapes and attributes of a node. */
function forEachCell(space: Space, node: OperatorNode, visit: (inputs: readonly Shape[], attributes: Attributes, output: Shape | undefined) => void): void {
  const shapes = node.inputs.map((input) => space.nodes[input]!.shape);
  const attributes = Object.entries(node.attributes);
  const scope = [...new Set([node.guard, node.shape, ...shapes, ...attributes.map(([, value]) => value)].flatMap((value) => value.scope))].sort((a, b) => a - b);
  const assignment = new Map<number, number>();
  const descend = (depth: number): void => {
    const id = scope[depth];
    if (id !== undefined) {
      for (const option of optionsOf(space.variables[id]!, assignment, space.variables)) { assignment.set(id, option); descend(depth + 1); }
      assignment.delete(id);
      return;
    }
    if (cellOf(node.guard, assignment, space.variables) !== true) return;
    const inputs = shapes.map((shape) => cellOf(shape, assignment, space.variables));
    if (inputs.some((shape) => shape === undefined)) return;
    const bound: Record<string, AttributeValue> = {};
    for (const [name, value] of attributes) {
      const cell = cellOf(value, assignment, space.variables);
      if (cell === undefined) return;
      bound[name] = cell;
    }
    visit(inputs as readonly Shape[], bound, cellOf(node.shape, assignment, space.variables));
  };
  descend(0);
}

/** The weights of a whole space at every reachable size. */
export function spaceRequests(space: Space): Requests {
  const requests = new RequestTable();
  for (const node of space.nodes) {
    if (node.kind !== "operator") continue;
    const operator = operatorNamed(node.operator);
    const seen = new Set<string>();
    forEachCell(space, node, (inputs, attributes, output) => {
      const cell = JSON.stringify([inputs, attributes]);
      if (seen.has(cell)) return;
      seen.add(cell);
      // Combinations that no architecture reaches have no output shape, or one that the operator refuses.
      if (output === undefined || isProblem(operator.shape(inputs, attributes))) return;
      requests.add(node.weightKey, operator.weights(inputs, attributes));
    });
  }
  return requests.table;
}
