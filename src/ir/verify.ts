/**
 * Invariants between the stages, for tests and for debugging a pass: what `verify-structure.ts` asks, and that recorded shapes are
 * what the operators' shape rules say, wherever an architecture can come.
 */
import { isProblem, type AttributeValue, type Operator, type Shape } from "../ops/operator.js";
import { operators } from "../ops/registry.js";
import { randomStream } from "../random/stream.js";
import { assignmentOf } from "./assignment.js";
import { bind } from "./bind.js";
import { FeasibilityCheck } from "./factor/feasibility.js";
import type { Net } from "./net.js";
import { spaceQueries } from "./space-queries.js";
import type { OperatorNode, Space, Value } from "./space.js";
import { cellCount, evaluateValue, projection, unionScope } from "./values.js";
import { verifyNetStructure, verifySpaceStructure } from "./verify-structure.js";

type Registry = ReadonlyMap<string, Operator>;

/** Wider shape rules are only checked on samples. */
const CELL_LIMIT = 1 << 16;
const SAMPLES = 16;

/** Why an operator does not give the recorded shape; undefined if it does. */
function shapeProblem(operator: Operator, inputs: readonly Shape[], attributes: Readonly<Record<string, AttributeValue>>, recorded: Shape): string | undefined {
  if (inputs.length < operator.inputs.minimum || inputs.length > operator.inputs.maximum) return `takes ${inputs.length} inputs`;
  const result = operator.shape(inputs, attributes);
  if (isProblem(result)) return `is refused: ${result.problem} (${result.detail})`;
  return result.shape.join() === recorded.join() ? undefined : `has the shape [${recorded.join(", ")}] instead of [${result.shape.join(", ")}]`;
}

/** An empty list where all is well. */
export function verifyNet(net: Net, registry: Registry = operators): string[] {
  const problems = verifyNetStructure(net);
  if (problems.length > 0) return problems;
  return net.nodes.flatMap((node) => {
    if (node.kind === "input") return [];
    const operator = registry.get(node.operator);
    if (operator === undefined) return [`node \`${node.path}\` is of the unknown operator \`${node.operator}\``];
    const problem = shapeProblem(operator, node.inputs.map((input) => net.nodes[input]!.shape), node.attributes, node.shape);
    return problem === undefined ? [] : [`node \`${node.path}\` ${problem}`];
  });
}

/** Combinations of a node's variables in which its shape is wrong; many of them no architecture has. */
function wrongShapes(space: Space, node: OperatorNode, operator: Operator): { readonly where: Value<boolean>; readonly texts: readonly (string | undefined)[] } | undefined {
  const attributes = Object.entries(node.attributes);
  const shapes = node.inputs.map((input) => space.nodes[input]!.shape);
  const scope = unionScope([node.guard, node.shape, ...shapes, ...attributes.map(([, value]) => value)].map((value) => value.scope));
  if (cellCount(space, scope) > CELL_LIMIT) return undefined;
  const reader = <T extends AttributeValue>(value: Value<T>): ((cell: number) => T | undefined) => {
    const index = projection(space, scope, value.scope);
    return (cell) => value.cells[index[cell]!];
  };
  const [guardAt, shapeAt, inputsAt] = [reader(node.guard), reader(node.shape), shapes.map(reader)];
  const attributesAt = attributes.map(([name, value]) => ({ name, at: reader(value) }));
  const texts = Array.from({ length: cellCount(space, scope) }, (_, cell): string | undefined => {
    if (guardAt(cell) !== true) return undefined;
    const shape = shapeAt(cell);
    const inputs = inputsAt.map((at) => at(cell));
    const bound = attributesAt.map(({ name, at }) => [name, at(cell)] as const);
    if (shape === undefined || inputs.includes(undefined) || bound.some(([, value]) => value === undefined)) return "is active without shape, input or attribute";
    return shapeProblem(operator, inputs as Shape[], Object.fromEntries(bound) as Record<string, AttributeValue>, shape);
  });
  return { where: { scope, cells: texts.map((text) => text !== undefined) }, texts };
}

function shapeProblems(space: Space, registry: Registry): string[] {
  const check = new FeasibilityCheck(space.variables, space.constraints);
  return space.nodes.flatMap((node) => {
    if (node.kind !== "operator") return [];
    const operator = registry.get(node.operator);
    if (operator === undefined) return [`node \`${node.path}\` is of the unknown operator \`${node.operator}\``];
    const wrong = wrongShapes(space, node, operator);
    if (wrong === undefined || !wrong.where.cells.includes(true)) return [];
    const found = check.find([wrong.where]);
    if (found.kind !== "witness") return [];
    const assignment = space.variables.map(({ id }) => found.assignment.get(id) ?? 0);
    const text = evaluateValue(space, { scope: wrong.where.scope, cells: wrong.texts.map((cell) => cell ?? "") }, assignment);
    return [`node \`${node.path}\` ${text ?? ""}`];
  });
}

/** Guards must be exact: bound networks consist of the nodes that are active. */
function sampleProblems(space: Space, registry: Registry): string[] {
  const queries = spaceQueries(space);
  const random = randomStream(0, `verify ${space.name}`);
  for (let sample = 0; sample < SAMPLES; sample++) {
    const architecture = queries.samplePath(random);
    const net = bind(space, architecture);
    const assignment = assignmentOf(space, architecture);
    const active = space.nodes.filter((node) => node.kind !== "select" && evaluateValue(space, node.guard, assignment) === true).map((node) => node.path);
    const bound = new Set(net.nodes.map((node) => node.path));
    const idle = active.filter((path) => !bound.has(path));
    const problems = [...verifyNet(net, registry), ...idle.map((path) => `node \`${path}\` is active but not needed`)];
    if (problems.length > 0) return problems.map((problem) => `in architecture [${architecture.join()}]: ${problem}`);
  }
  return [];
}

/** An empty list where all is well. The space must have an architecture. */
export function verifySpace(space: Space, registry: Registry = operators): string[] {
  const structure = verifySpaceStructure(space);
  if (structure.length > 0) return structure;
  const shapes = shapeProblems(space, registry);
  return shapes.length > 0 ? shapes : sampleProblems(space, registry);
}
