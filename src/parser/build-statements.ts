/** Statements from the concrete to the abstract syntax. What recovery lost becomes an invalid expression, so that names stay declared. */
import type { CstNode } from "chevrotain";
import type { IfStatement, OutputStatement, Statement } from "./ast.js";
import { buildExpression, listElements } from "./build-expressions.js";
import { identifier, nameOf, nodeOf, nodesOf, spanOf, tokensOf } from "./cst.js";
import type { Building } from "./cst.js";

/** The statements of a `body` node. */
export function buildBody(node: CstNode | undefined, building: Building): readonly Statement[] {
  if (node === undefined) return [];
  return nodesOf(node, "statement").flatMap((statement) => {
    const inner = Object.values(statement.children)[0]?.[0];
    if (inner === undefined || !("children" in inner)) return [];
    const built = buildStatement(inner, building);
    return built === undefined ? [] : [built];
  });
}

function buildStatement(node: CstNode, building: Building): Statement | undefined {
  const span = spanOf(node, building);
  const value = (index = 0) => buildExpression(nodesOf(node, "expression")[index], building, span.end);
  switch (node.name) {
    case "assignStatement": {
      const targets = tokensOf(node, "Name").map((token) => identifier(token, building));
      return tokensOf(node, "Equal").length === 0 ? undefined : { kind: "assign", targets, value: value(), span };
    }
    case "forStatement": return { kind: "for", variable: nameOf(node, building), range: value(), body: buildBody(nodeOf(node, "body"), building), span };
    case "ifStatement": return buildIf(node, building);
    case "requireStatement": {
      const every = tokensOf(node, "Name").map((token) => identifier(token, building));
      return { kind: "require", condition: value(), ...(every.length === 0 ? {} : { forEvery: every }), span };
    }
    case "inputStatement": {
      const list = nodeOf(node, "list");
      return { kind: "input", name: nameOf(node, building), element: nameOf(node, building, 1), dimensions: list === undefined ? [] : listElements(list, building), span };
    }
    case "outputStatement": {
      const output: OutputStatement = { kind: "output", name: nameOf(node, building), value: value(), span };
      return output;
    }
    case "shareStatement": return { kind: "share", strategy: nameOf(node, building), span };
    case "returnStatement": return { kind: "return", values: nodesOf(node, "expression").map((expression) => buildExpression(expression, building, span.end)), span };
    default: return undefined;
  }
}

function buildIf(node: CstNode, building: Building): IfStatement | undefined {
  const span = spanOf(node, building);
  const last = nodeOf(node, "body");
  let otherwise: readonly Statement[] | undefined = last === undefined ? undefined : buildBody(last, building);
  let built: IfStatement | undefined;
  for (const branch of [...nodesOf(node, "conditionalBody")].reverse()) {
    const start = spanOf(branch, building).start;
    built = {
      kind: "if_statement", condition: buildExpression(nodeOf(branch, "expression"), building, start), then: buildBody(nodeOf(branch, "body"), building),
      ...(otherwise === undefined ? {} : { otherwise }), span: { ...span, start },
    };
    otherwise = [built];
  }
  return built;
}
