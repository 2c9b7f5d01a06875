/** Drops the derived variables that came about on the way and that nothing refers to any more. */
import type { AttributeValue } from "../../ops/operator.js";
import type { Space, SpaceNode, Value, Variable, VariableId } from "../space.js";

function valuesOf(space: Space): readonly Value[] {
  return [
    ...space.nodes.flatMap((node): Value[] => [node.guard, node.shape, ...(node.kind === "operator" ? Object.values(node.attributes) : node.kind === "select" ? [node.selector] : [])]),
    ...space.constraints.map(({ condition }) => condition),
    ...space.variables.flatMap((variable): Value[] => (variable.kind === "decision" ? [variable.guard, ...variable.allowed] : [])),
  ];
}

/** All decisions are kept, and the derived variables that something follows from. Order is kept, so scopes stay ascending. */
export function compactVariables(space: Space): Space {
  const used = new Set<VariableId>();
  const open = valuesOf(space).flatMap((value) => [...value.scope]);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (used.has(id)) continue;
    used.add(id);
    const variable = space.variables[id]!;
    if (variable.kind === "derived") open.push(...variable.parents);
  }
  const kept = space.variables.filter((variable) => variable.kind === "decision" || used.has(variable.id));
  if (kept.length === space.variables.length) return space;
  const renumbered = new Map(kept.map((variable, id) => [variable.id, id]));
  const ids = (scope: readonly VariableId[]): VariableId[] => scope.map((id) => renumbered.get(id)!);
  const move = <T extends AttributeValue>(value: Value<T>): Value<T> => (value.scope.length === 0 ? value : { scope: ids(value.scope), cells: value.cells });
  const variables = kept.map((variable, id): Variable => (variable.kind === "derived" ? { ...variable, id, parents: ids(variable.parents) } : { ...variable, id, guard: move(variable.guard), allowed: variable.allowed.map(move) }));
  const nodes = space.nodes.map((node): SpaceNode => {
    const common = { guard: move(node.guard), shape: move(node.shape) };
    switch (node.kind) {
      case "input": return { ...node, ...common };
      case "select": return { ...node, ...common, selector: move(node.selector) };
      case "operator": return { ...node, ...common, attributes: Object.fromEntries(Object.entries(node.attributes).map(([name, value]) => [name, move(value)])) };
      default: { const never: never = node; return never; }
    }
  });
  return { ...space, variables, nodes, constraints: space.constraints.map((constraint) => ({ ...constraint, condition: move(constraint.condition) })) };
}
