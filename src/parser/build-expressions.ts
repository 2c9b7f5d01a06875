/** Expressions from the concrete to the abstract syntax; precedence is settled in `precedence.ts`. */
import type { CstElement, CstNode, IToken } from "chevrotain";
import { spanning } from "../diagnostics/model.js";
import type { Span } from "../diagnostics/model.js";
import type { Alternative, Argument, ChooseExpression, Expression, IfExpression, RecordExpression } from "./ast.js";
import { numberLiteral, stringLiteral } from "./build-literals.js";
import { identifier, nameOf, nodeOf, nodesOf, spanOf, spanOfToken, startOf, tokenOf, tokensOf } from "./cst.js";
import type { Building } from "./cst.js";
import { byPrecedence } from "./precedence.js";
import type { FlatItem } from "./precedence.js";

const inOrder = (elements: readonly CstElement[]): CstElement[] => [...elements].sort((a, b) => startOf(a) - startOf(b));

export function invalidAt(span: Span): Expression {
  return { kind: "invalid", span };
}

/** An `expression` or `choiceRange` node; undefined where recovery lost it. */
export function buildExpression(node: CstNode | undefined, building: Building, fallback = 0): Expression {
  if (node === undefined) return invalidAt(spanOf(undefined, building, fallback));
  const operands = nodesOf(node, "operand");
  const operators = tokensOf(node, "BinaryOperatorSign");
  if (operands.length === 0) return invalidAt(spanOf(node, building, fallback));
  if (operators.length === 0 && operands[0]!.children["PrefixOperatorSign"] === undefined) return buildPipe(nodeOf(operands[0], "pipe"), building, startOf(operands[0]!));
  const items: FlatItem[] = [];
  operands.forEach((operand, index) => {
    for (const prefix of tokensOf(operand, "PrefixOperatorSign")) items.push({ kind: "prefix", token: prefix, span: spanOfToken(prefix, building) });
    items.push({ kind: "operand", value: buildPipe(nodeOf(operand, "pipe"), building, startOf(operand)) });
    const operator = operators[index];
    if (operator !== undefined) items.push({ kind: "operator", token: operator, span: spanOfToken(operator, building) });
  });
  return byPrecedence(items, building);
}

/** An `operand` node: prefix operators and a pipe. */
export function buildOperand(node: CstNode, building: Building): Expression {
  const items: FlatItem[] = tokensOf(node, "PrefixOperatorSign").map((token) => ({ kind: "prefix", token, span: spanOfToken(token, building) }));
  return byPrecedence([...items, { kind: "operand", value: buildPipe(nodeOf(node, "pipe"), building, startOf(node)) }], building);
}

function buildPipe(node: CstNode | undefined, building: Building, fallback: number): Expression {
  if (node === undefined) return invalidAt(spanOf(undefined, building, Number.isNaN(fallback) ? 0 : fallback));
  let value = buildPostfix(nodeOf(node, "postfix"), building, startOf(node));
  const stages = node.children["stage"] ?? [];
  const clauses = node.children["weightsClause"] ?? [];
  for (const element of clauses.length === 0 ? stages : inOrder([...stages, ...clauses])) {
    if (!("children" in element)) continue;
    const span = spanning(value.span, spanOf(element, building, value.span.end));
    if (element.name === "stage") {
      value = { kind: "pipe", left: value, right: buildPostfix(nodeOf(element, "postfix"), building, span.end), span };
      continue;
    }
    const through = nodeOf(element, "postfix");
    value = {
      kind: "weights", value, name: nameOf(element, building), indices: nodesOf(element, "index").map((index) => buildExpression(nodeOf(index, "expression"), building, span.end)),
      ...(through === undefined ? {} : { through: buildPostfix(through, building, span.end) }), span,
    };
  }
  return value;
}

function buildPostfix(node: CstNode | undefined, building: Building, fallback: number): Expression {
  const atom = nodeOf(node, "atom");
  let value = atom === undefined ? invalidAt(spanOf(node, building, Number.isNaN(fallback) ? 0 : fallback)) : buildAtom(atom, building);
  if (node === undefined) return value;
  const calls = node.children["callArguments"] ?? [];
  const indices = node.children["index"] ?? [];
  for (const element of inOrder([...calls, ...indices])) {
    if (!("children" in element)) continue;
    const span = spanning(value.span, spanOf(element, building, value.span.end));
    value = element.name === "index"
      ? { kind: "index", target: value, index: buildExpression(nodeOf(element, "expression"), building, span.end), span }
      : { kind: "call", callee: value, arguments: nodesOf(element, "argument").map((argument) => buildArgument(argument, building)), span };
  }
  return value;
}

function buildArgument(node: CstNode, building: Building): Argument {
  const name = tokenOf(node, "Name");
  const span = spanOf(node, building);
  return { ...(name === undefined ? {} : { name: identifier(name, building) }), value: buildExpression(nodeOf(node, "expression"), building, span.end), span };
}

function buildAtom(node: CstNode, building: Building): Expression {
  const span = spanOf(node, building);
  for (const [name, elements] of Object.entries(node.children)) {
    const element = elements[0];
    if (element === undefined) continue;
    if (!("children" in element)) return buildTokenAtom(name, element, building);
    return buildNodeAtom(element, building);
  }
  return invalidAt(span);
}

function buildTokenAtom(name: string, token: IToken, building: Building): Expression {
  const span = spanOfToken(token, building);
  switch (name) {
    case "Number": return numberLiteral(token, building);
    case "String": return stringLiteral(token, building);
    case "True": return { kind: "boolean", value: true, span };
    case "False": return { kind: "boolean", value: false, span };
    case "None": return { kind: "none", span };
    case "Name": return { kind: "name", name: token.image, span };
    default: return invalidAt(span);
  }
}

function buildNodeAtom(node: CstNode, building: Building): Expression {
  const span = spanOf(node, building);
  switch (node.name) {
    case "choice": return buildChoice(node, building);
    case "ifExpression": return buildIf(node, building);
    case "list": return { kind: "list", elements: listElements(node, building), span };
    case "record": return buildRecord(node, building);
    case "group": return buildExpression(nodeOf(node, "expression"), building, span.start);
    default: return invalidAt(span);
  }
}

/** The elements of a `list` node; also the dimensions of an input. */
export function listElements(node: CstNode, building: Building): readonly Expression[] {
  return nodesOf(node, "element").map((element) => buildExpression(nodeOf(element, "expression"), building, spanOf(element, building).start));
}

function buildRecord(node: CstNode, building: Building): RecordExpression {
  const fields = nodesOf(node, "field").map((field) => ({ name: nameOf(field, building), value: buildExpression(nodeOf(field, "expression"), building, spanOf(field, building).end) }));
  return { kind: "record", fields, span: spanOf(node, building) };
}

function bracedValue(node: CstNode | undefined, building: Building, fallback: number): Expression {
  return buildExpression(nodeOf(nodeOf(node, "bracedValue"), "expression"), building, node === undefined ? fallback : spanOf(node, building).end);
}

function buildIf(node: CstNode, building: Building): Expression {
  const span = spanOf(node, building);
  let otherwise = bracedValue(nodeOf(node, "braced"), building, span.end);
  for (const branch of [...nodesOf(node, "ifBranch")].reverse()) {
    const start = spanOf(branch, building).start;
    const built: IfExpression = {
      kind: "if", condition: buildExpression(nodeOf(branch, "expression"), building, start), then: bracedValue(nodeOf(branch, "braced"), building, start),
      otherwise, span: { ...span, start },
    };
    otherwise = built;
  }
  return otherwise;
}

function buildAlternative(node: CstNode, building: Building): Alternative {
  const [value, guard] = nodesOf(node, "expression");
  const label = tokenOf(node, "Name");
  const span = spanOf(node, building);
  return {
    ...(label === undefined ? {} : { label: identifier(label, building) }),
    value: buildExpression(value, building, span.end),
    ...(guard === undefined ? {} : { guard: buildExpression(guard, building, span.end) }),
    span,
  };
}

function buildChoice(node: CstNode, building: Building): Expression {
  const span = spanOf(node, building);
  const alternatives = nodeOf(node, "alternatives");
  const range = nodeOf(node, "choiceRange");
  const label = tokenOf(node, "Name");
  const guard = nodeOf(node, "expression");
  const unit = tokenOf(node, "Identifier");
  const choice: ChooseExpression = {
    kind: "choose", binding: tokenOf(node, "Adapt") === undefined ? "choose" : "adapt",
    ...(label === undefined ? {} : { label: identifier(label, building) }),
    ...(range === undefined ? { alternatives: alternatives === undefined ? [] : nodesOf(alternatives, "alternative").map((alternative) => buildAlternative(alternative, building)) } : { range: buildExpression(range, building, span.end) }),
    ...(guard === undefined ? {} : { guard: buildExpression(guard, building, span.end) }),
    span,
  };
  if (range === undefined && choice.alternatives!.length === 0) return invalidAt(span);
  if (unit === undefined) return choice;
  const unitSpan = spanOfToken(unit, building);
  return { kind: "binary", operator: "*", left: choice, right: { kind: "number", value: 1, unit: unit.image, text: unit.image, span: unitSpan }, span };
}
