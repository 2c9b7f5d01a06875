/**
 * What must hold of a Space IR or Net IR by itself, whatever its operators mean: dense ids, ascending scopes, tables of the right size,
 * references backwards only, unique paths, nothing dead. Problems are plain sentences; a sound form has none.
 */
import type { Net } from "./net.js";
import type { Space, SpaceNode, Value, Variable } from "./space.js";
import { cellCount } from "./values.js";

function duplicates(names: readonly string[], what: string): string[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    if (seen.has(name)) return [`${what} \`${name}\` occurs twice`];
    seen.add(name);
    return [];
  });
}

/** Problems of a table over `variables`, named `what`. */
function tableProblems(variables: readonly Variable[], what: string, { scope, cells }: Value): string[] {
  const unknown = scope.find((id) => variables[id] === undefined);
  if (unknown !== undefined) return [`${what} depends on variable ${unknown}, which does not exist`];
  const problems = scope.some((id, at) => at > 0 && id <= scope[at - 1]!) ? [`${what} has a scope that does not ascend: ${scope.join(", ")}`] : [];
  const expected = cellCount({ variables }, scope);
  return expected === cells.length ? problems : [...problems, `${what} has ${cells.length} cells instead of ${expected}`];
}

function variableProblems(variables: readonly Variable[], variable: Variable, at: number): string[] {
  const what = variable.kind === "decision" ? `decision \`${variable.path}\`` : `derived variable ${variable.id} \`${variable.name}\``;
  const problems = variable.id === at ? [] : [`${what} has id ${variable.id} at place ${at}`];
  if (variable.domain.length === 0) problems.push(`${what} has no options`);
  if (variable.kind === "derived") {
    const late = variable.parents.find((parent) => parent >= variable.id);
    if (late !== undefined) return [...problems, `${what} follows from variable ${late}, which comes later`];
    problems.push(...tableProblems(variables, `the table of ${what}`, { scope: variable.parents, cells: variable.table }));
    const wrong = variable.table.find((option) => !Number.isInteger(option) || option < -1 || option >= variable.domain.length);
    return wrong === undefined ? problems : [...problems, `the table of ${what} has the entry ${wrong} for ${variable.domain.length} options`];
  }
  if (variable.labels.length !== variable.domain.length) problems.push(`${what} has ${variable.labels.length} labels for ${variable.domain.length} options`);
  if (variable.allowed.length !== variable.domain.length) problems.push(`${what} says for ${variable.allowed.length} of ${variable.domain.length} options whether they are allowed`);
  problems.push(...duplicates(variable.labels, `${what}: the label`), ...tableProblems(variables, `the guard of ${what}`, variable.guard));
  variable.allowed.forEach((value, option) => problems.push(...tableProblems(variables, `option ${option} of ${what}`, value)));
  return problems;
}

function nodeProblems(space: Space, node: SpaceNode, at: number): string[] {
  const what = `node \`${node.path}\``;
  const problems = node.id === at ? [] : [`${what} has id ${node.id} at place ${at}`];
  const table = (name: string, value: Value): void => { problems.push(...tableProblems(space.variables, `the ${name} of ${what}`, value)); };
  table("guard", node.guard);
  table("shape", node.shape);
  if (node.guard.cells.every((cell) => cell !== true)) problems.push(`${what} is never active`);
  if (node.kind === "input") return problems;
  const late = node.inputs.find((input) => !(input >= 0 && input < node.id));
  if (late !== undefined) problems.push(`${what} reads node ${late}, which does not come before it`);
  if (node.kind === "operator") Object.entries(node.attributes).forEach(([name, value]) => table(`attribute \`${name}\``, value));
  else {
    table("selector", node.selector);
    const wrong = node.selector.cells.find((cell) => cell !== undefined && node.inputs[cell] === undefined);
    if (wrong !== undefined) problems.push(`${what} selects alternative ${wrong} of ${node.inputs.length}`);
  }
  return problems;
}

/** Nodes that no output reads, not even through others. */
function deadNodes(nodes: readonly { readonly id: number; readonly path: string; readonly inputs?: readonly number[] }[], outputs: readonly { readonly name: string; readonly node: number }[]): string[] {
  const missing = outputs.filter(({ node }) => nodes[node] === undefined);
  if (missing.length > 0) return missing.map(({ name, node }) => `output \`${name}\` is node ${node}, which does not exist`);
  const reached = new Set<number>();
  const open = outputs.map(({ node }) => node);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...(nodes[id]?.inputs ?? []));
  }
  return nodes.filter(({ id }) => !reached.has(id)).map(({ path }) => `no output needs node \`${path}\``);
}

const inputsFirst = (ids: readonly number[]): string => [...ids].sort((a, b) => a - b).join();

export function verifySpaceStructure(space: Space): string[] {
  const problems = [
    ...space.variables.flatMap((variable, at) => variableProblems(space.variables, variable, at)),
    ...duplicates(space.variables.flatMap((variable) => (variable.kind === "decision" ? [variable.path] : [])), "the decision"),
    ...space.nodes.flatMap((node, at) => nodeProblems(space, node, at)),
    ...duplicates(space.nodes.map((node) => node.path), "the node"),
    ...duplicates(space.outputs.map(({ name }) => name), "the output"),
    ...space.constraints.flatMap(({ condition, text }) => tableProblems(space.variables, `the requirement \`${text}\``, condition)),
  ];
  if (space.outputs.length === 0) problems.push("the space has no output");
  if (inputsFirst(space.inputs) !== space.nodes.filter((node) => node.kind === "input").map(({ id }) => id).join()) problems.push("the list of inputs is not the list of input nodes");
  return problems.length > 0 ? problems : deadNodes(space.nodes, space.outputs);
}

export function verifyNetStructure(net: Net): string[] {
  const problems = net.nodes.flatMap((node, at): string[] => {
    const what = `node \`${node.path}\``;
    const wrong = node.id === at ? [] : [`${what} has id ${node.id} at place ${at}`];
    if (!node.shape.every((extent) => Number.isInteger(extent) && extent > 0)) wrong.push(`${what} has the shape [${node.shape.join(", ")}]`);
    const late = node.kind === "operator" ? node.inputs.find((input) => !(input >= 0 && input < node.id)) : undefined;
    return late === undefined ? wrong : [...wrong, `${what} reads node ${late}, which does not come before it`];
  });
  if (net.outputs.length === 0) problems.push("the network has no output");
  problems.push(...duplicates(net.nodes.map((node) => node.path), "the node"), ...duplicates(net.outputs.map(({ name }) => name), "the output"));
  return problems.length > 0 ? problems : deadNodes(net.nodes, net.outputs);
}
