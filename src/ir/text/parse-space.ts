/** Reads the Space IR back from the text that `print-space.ts` prints. Errors: NAS4070 (form), NAS4071 (contradictions). */
import { success, type Result } from "../../diagnostics/model.js";
import type { AttributeValue } from "../../ops/operator.js";
import { sharingStrategies, type Constraint, type NodeId, type Space, type SpaceNode, type Value, type Variable } from "../space.js";
import { verifySpaceStructure } from "../verify-structure.js";
import { constantValue } from "../values.js";
import { isBoolean, isNumber, isShape, parseAttribute, parseCells, parseValue, typedValue, type Deferred } from "./parse-values.js";
import { defaultLabel, printAttribute } from "./print-values.js";
import { inconsistent, readText, type Reader } from "./reader.js";

/** `file` names the text in diagnostics. */
export function parseSpace(text: string, file = "space"): Result<Space> {
  const result = readText(file, text, readSpace);
  if (!result.ok) return result;
  const problems = verifySpaceStructure(result.value);
  return problems.length > 0 ? inconsistent(file, problems) : success(result.value);
}

type Complete<T> = (variables: readonly Variable[]) => T;

function readSpace(reader: Reader): Space {
  reader.expect("space");
  const name = reader.name("the name of the space");
  reader.expect("share");
  const sharing = sharingStrategies.find((strategy) => reader.accept(strategy)) ?? reader.fail("a way to share weights was expected");

  const drafts: VariableDraft[] = [];
  while (/^v\d+$/.test(reader.next.text) && reader.next.kind === "word") drafts.push(readVariable(reader, drafts.length));
  // Options first: guards and tables name them.
  const bare = drafts.map((draft) => draft.bare);
  const variables = drafts.map((draft) => draft.complete(bare));

  const nodes: SpaceNode[] = [];
  while (/^n\d+$/.test(reader.next.text) && reader.next.kind === "word") nodes.push(readNode(reader, nodes.length)(variables));
  const inputs = reader.accept("inputs") ? readReferences(reader) : nodes.filter((node) => node.kind === "input").map(({ id }) => id);
  const outputs = readOutputs(reader);
  const constraints: Constraint[] = [];
  while (reader.accept("require")) {
    const condition = typedValue(reader, "a condition", isBoolean)(variables);
    reader.expect("as");
    constraints.push({ condition, text: reader.text("the text of the requirement") });
  }
  return { name, variables, nodes, inputs, outputs, constraints, sharing };
}

interface VariableDraft { readonly bare: Variable; readonly complete: Complete<Variable> }

const always: Deferred<boolean> = () => constantValue(true);

function readVariable(reader: Reader, expected: number): VariableDraft {
  readDefinition(reader, "v", expected);
  if (reader.accept("derive")) return readDerived(reader, expected);
  const binding = reader.accept("choose") ? "choose" : reader.accept("adapt") ? "adapt" : reader.fail("`choose`, `adapt` or `derive` was expected");
  const path = reader.text("the path of the decision");
  reader.expect("{");
  const options = reader.list("}", () => {
    const label = reader.sees(":", 1) ? readLabel(reader) : undefined;
    const value = parseAttribute(reader);
    return { value, label: label ?? defaultLabel(value), allowed: reader.accept("if") ? typedValue(reader, "a condition", isBoolean) : always };
  });
  const guard = readGuard(reader);
  const bare: Variable = { kind: "decision", id: expected, binding, path, domain: options.map(({ value }) => value), labels: options.map(({ label }) => label), guard: constantValue(true), allowed: [] };
  return { bare, complete: (variables) => ({ ...bare, guard: guard(variables), allowed: options.map(({ allowed }) => allowed(variables)) }) };
}

function readLabel(reader: Reader): string {
  const label = reader.next.kind === "number" ? reader.take().text : reader.name("a label");
  reader.expect(":");
  return label;
}

function readDerived(reader: Reader, id: number): VariableDraft {
  const name = reader.text("the name of the derived variable");
  reader.expect("of");
  reader.expect("{");
  const domain = reader.list("}", () => parseAttribute(reader));
  reader.expect("by");
  reader.expect("(");
  const parents = reader.list(")", () => reader.reference("v"));
  const texts = new Map(domain.map((value, option) => [printAttribute(value), option]));
  const byIndex = reader.accept("at");
  if (!byIndex) reader.expect("->");
  const table = parseCells(reader, (): number => {
    const token = reader.next;
    if (reader.accept("_")) return -1;
    const value = parseAttribute(reader);
    if (byIndex) return typeof value === "number" ? value : reader.fail("the number of an option was expected", token);
    return texts.get(printAttribute(value)) ?? reader.fail("this is not one of the options", token);
  });
  const variable: Variable = { kind: "derived", id, name, domain, parents, table };
  return { bare: variable, complete: () => variable };
}

function readGuard(reader: Reader): Deferred<boolean> {
  return reader.accept("when") ? typedValue(reader, "a condition", isBoolean) : always;
}

/** `n3 =` */
export function readDefinition(reader: Reader, letter: "v" | "n", expected: number): void {
  const token = reader.next;
  if (reader.reference(letter) !== expected) reader.fail(`\`${letter}${expected}\` comes next`, token);
  reader.expect("=");
}

/** `(n0, n1)` */
export function readReferences(reader: Reader): NodeId[] {
  reader.expect("(");
  return reader.list(")", () => reader.reference("n"));
}

export function readOutputs(reader: Reader): { name: string; node: NodeId }[] {
  const outputs: { name: string; node: NodeId }[] = [];
  while (reader.accept("output")) {
    const name = reader.name("the name of the output");
    reader.expect("=");
    outputs.push({ name, node: reader.reference("n") });
  }
  return outputs;
}

/** `{ filters = v0, kernel = 3 }` or nothing. */
export function readAttributes<T>(reader: Reader, value: () => T): [string, T][] {
  if (!reader.accept("{")) return [];
  return reader.list("}", (): [string, T] => {
    const name = reader.name("the name of an attribute");
    reader.expect("=");
    return [name, value()];
  });
}

export function readElement(reader: Reader): "f32" | "tokens" {
  return reader.accept("f32") ? "f32" : reader.accept("tokens") ? "tokens" : reader.fail("`f32` or `tokens` was expected");
}

export function readPath(reader: Reader): string {
  reader.expect("at");
  return reader.text("a path");
}

function readNode(reader: Reader, id: NodeId): Complete<SpaceNode> {
  readDefinition(reader, "n", id);
  const place = (): { readonly shape: Deferred<readonly number[]>; readonly path: string } => {
    reader.expect(":");
    return { shape: typedValue(reader, "a shape", isShape), path: readPath(reader) };
  };
  if (reader.accept("input")) {
    const name = reader.name("the name of the input");
    const element = readElement(reader);
    const { shape, path } = place();
    const guard = readGuard(reader);
    return (variables) => ({ kind: "input", id, name, element, shape: shape(variables), guard: guard(variables), path });
  }
  if (reader.accept("select")) {
    const inputs = readReferences(reader);
    reader.expect("by");
    const selector = typedValue(reader, "a number", isNumber);
    const { shape, path } = place();
    const guard = readGuard(reader);
    return (variables) => ({ kind: "select", id, inputs, selector: selector(variables), guard: guard(variables), shape: shape(variables), path });
  }
  const operator = reader.name("an operator");
  const inputs = readReferences(reader);
  const attributes = readAttributes(reader, () => parseValue(reader));
  const { shape, path } = place();
  const weightKey = reader.accept("key") ? reader.text("a weight key") : path;
  const guard = readGuard(reader);
  const bind = (variables: readonly Variable[]): Record<string, Value<AttributeValue>> => Object.fromEntries(attributes.map(([name, value]) => [name, value(variables)]));
  return (variables) => ({ kind: "operator", id, operator, inputs, attributes: bind(variables), weightKey, guard: guard(variables), shape: shape(variables), path });
}
