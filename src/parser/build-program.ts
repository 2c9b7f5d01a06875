/** Declarations from the concrete to the abstract syntax, with the documentation above them. */
import type { CstNode } from "chevrotain";
import type { ArchitectureBinding, BlockParameter, Declaration, ImportDeclaration, Program } from "./ast.js";
import { buildExpression } from "./build-expressions.js";
import { stringLiteral } from "./build-literals.js";
import { buildBody } from "./build-statements.js";
import { buildSettings } from "./build-settings.js";
import { identifier, missingName, nameOf, nodeOf, nodesOf, spanOf, tokenOf, tokensOf } from "./cst.js";
import type { Building } from "./cst.js";
import { withinDepth } from "./depth-limit.js";

export function buildProgram(node: CstNode | undefined, building: Building): Program {
  const { file, text } = building.source;
  const declarations = (node === undefined ? [] : nodesOf(node, "declaration")).flatMap((declaration) => {
    const inner = Object.values(declaration.children)[0]?.[0];
    return inner !== undefined && "children" in inner ? buildDeclaration(inner, building) ?? [] : [];
  });
  return { file, declarations: withinDepth(declarations, building.diagnostics), span: { file, start: 0, end: text.length } };
}

function buildDeclaration(node: CstNode, building: Building): Declaration | undefined {
  const span = spanOf(node, building);
  const common = { name: nameOf(node, building), documentation: building.documentationBefore(span.start), span };
  switch (node.name) {
    case "importDeclaration": return buildImport(node, building);
    case "constDeclaration": return { kind: "const", value: buildExpression(nodeOf(node, "expression"), building, span.end), ...common };
    case "blockDeclaration": return {
      kind: "block", parameters: nodesOf(node, "parameter").flatMap((parameter) => buildParameter(parameter, building) ?? []),
      reversible: tokenOf(node, "Reversible") !== undefined, body: buildBody(nodeOf(node, "body"), building), ...common,
    };
    case "spaceDeclaration": return { kind: "space", body: buildBody(nodeOf(node, "body"), building), ...common };
    case "architectureDeclaration": return {
      kind: "architecture", space: nameOf(node, building, 1),
      bindings: nodesOf(node, "binding").flatMap((binding) => buildBinding(binding, building) ?? []), ...common,
    };
    case "acceleratorDeclaration": return { kind: "accelerator", settings: buildSettings(nodeOf(node, "settings"), building), ...common };
    case "searchDeclaration": return { kind: "search", settings: buildSettings(nodeOf(node, "settings"), building), ...common };
    default: return undefined;
  }
}

function buildImport(node: CstNode, building: Building): ImportDeclaration | undefined {
  const from = tokenOf(node, "String");
  if (from === undefined) return undefined;
  const names = nodesOf(node, "importedName").map((name) => {
    const [imported, local] = tokensOf(name, "Name");
    const first = imported === undefined ? missingName(name, building) : identifier(imported, building);
    return { imported: first, local: local === undefined ? first : identifier(local, building) };
  });
  return { kind: "import", names, from: stringLiteral(from, building), span: spanOf(node, building) };
}

function buildParameter(node: CstNode, building: Building): BlockParameter | undefined {
  const name = tokenOf(node, "Name");
  if (name === undefined) return undefined;
  const span = spanOf(node, building);
  return {
    name: identifier(name, building),
    ...(tokenOf(node, "Equal") === undefined ? {} : { defaultValue: buildExpression(nodeOf(node, "expression"), building, span.end) }),
    span,
  };
}

function buildBinding(node: CstNode, building: Building): ArchitectureBinding | undefined {
  const path = nodeOf(node, "decisionPath");
  if (path === undefined || tokenOf(node, "Equal") === undefined) return undefined;
  const span = spanOf(node, building);
  const pathSpan = spanOf(path, building);
  const written = building.source.text.slice(pathSpan.start, pathSpan.end).replace(/\s+|\/\/[^\n]*/g, "");
  return { path: written, pathSpan, value: buildExpression(nodeOf(node, "expression"), building, span.end), span };
}
