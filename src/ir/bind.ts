/**
 * Fixes every decision of a space: what remains is one network. Selects are followed to the alternative taken, nodes that no output
 * needs are dropped, ids are dense again, and attributes and shapes are concrete. Paths and weight keys stay, so that the network finds
 * its weights in the supernet's store.
 */
import type { Attributes, AttributeValue } from "../ops/operator.js";
import { assignmentOf } from "./assignment.js";
import type { Net, NetNode } from "./net.js";
import type { Architecture, NodeId, OperatorNode, Space, SpaceNode, Value, VariableId } from "./space.js";
import { evaluateValue, unionScope } from "./values.js";

/** What a node's attributes are in an assignment. */
type AttributesOf = (node: OperatorNode, assignment: readonly number[], read: (value: Value, name: string) => AttributeValue) => Attributes;

/**
 * The same options give the same object: networks of one space share it, and what follows from attributes and shapes can be remembered
 * by them.
 */
function rememberedAttributes(): AttributesOf {
  const tables = new Map<OperatorNode, { readonly entries: readonly (readonly [string, Value])[]; readonly scope: readonly VariableId[]; readonly known: Map<string, Attributes> }>();
  return (node, assignment, read) => {
    let table = tables.get(node);
    if (table === undefined) {
      const entries = Object.entries(node.attributes);
      tables.set(node, (table = { entries, scope: unionScope(entries.map(([, { scope }]) => scope)), known: new Map() }));
    }
    let options = "";
    for (const id of table.scope) options += `${assignment[id]!} `;
    let attributes = table.known.get(options);
    if (attributes === undefined) table.known.set(options, (attributes = Object.fromEntries(table.entries.map(([name, value]) => [name, read(value, name)]))));
    return attributes;
  };
}

/** `architecture` must be a member of the space; anything else is a mistake of the caller and throws. */
export function bind(space: Space, architecture: Architecture): Net {
  return binder(space)(architecture);
}

/** `bind` for many architectures of one space. */
export function binder(space: Space): (architecture: Architecture) => Net {
  const attributesOf = rememberedAttributes();
  return (architecture) => bindWith(space, architecture, attributesOf);
}

function bindWith(space: Space, architecture: Architecture, attributesOf: AttributesOf): Net {
  const assignment = assignmentOf(space, architecture);
  const read = <T extends AttributeValue>(value: Value<T>, node: SpaceNode, what: string): T => {
    const cell = evaluateValue(space, value, assignment);
    if (cell === undefined) throw new Error(`\`${node.path}\` of \`${space.name}\` has no ${what} in architecture [${architecture.join()}]`);
    return cell;
  };
  const nodeAt = (id: NodeId): SpaceNode => space.nodes[id]!;

  /** The node that stands behind a chain of selects. */
  const resolved = (id: NodeId): NodeId => {
    let node = nodeAt(id);
    while (node.kind === "select") {
      const selected = read(node.selector, node, "alternative");
      const input = node.inputs[selected];
      if (input === undefined) throw new Error(`\`${node.path}\` of \`${space.name}\` has no alternative ${selected}`);
      node = nodeAt(input);
    }
    return node.id;
  };

  const needed = new Map<NodeId, readonly NodeId[]>();
  const open = space.outputs.map(({ node }) => resolved(node));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id)) continue;
    const node = nodeAt(id);
    if (!read(node.guard, node, "guard")) throw new Error(`\`${node.path}\` of \`${space.name}\` is needed but not active in architecture [${architecture.join()}]`);
    const inputs = node.kind === "operator" ? node.inputs.map(resolved) : [];
    needed.set(id, inputs);
    open.push(...inputs);
  }

  // Space nodes come after their inputs, and a resolved input comes before the select: ascending ids are a topological order.
  const order = [...needed.keys()].sort((a, b) => a - b);
  const renumbered = new Map(order.map((id, at) => [id, at]));
  const nodes = order.map((id, at): NetNode => {
    const node = nodeAt(id);
    const shape = read(node.shape, node, "shape");
    switch (node.kind) {
      case "select": throw new Error("selects are followed before");
      case "input": return { kind: "input", id: at, name: node.name, element: node.element, shape, path: node.path };
      case "operator": return {
        kind: "operator", id: at, operator: node.operator, inputs: needed.get(id)!.map((input) => renumbered.get(input)!),
        attributes: attributesOf(node, assignment, (value, name) => read(value, node, `attribute \`${name}\``)),
        shape, path: node.path, weightKey: node.weightKey,
      };
    }
  });
  return { name: space.name, nodes, outputs: space.outputs.map(({ name, node }) => ({ name, node: renumbered.get(resolved(node))! })) };
}
