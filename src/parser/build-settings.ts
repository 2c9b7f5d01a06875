/** The generic setting trees of `accelerator` and `search`; what a setting means is decided in `src/ir`. */
import type { CstNode } from "chevrotain";
import { diagnostic, spanning } from "../diagnostics/model.js";
import type { Expression, Identifier, Setting } from "./ast.js";
import { buildExpression, buildOperand } from "./build-expressions.js";
import { identifier, nodeOf, nodesOf, spanOf, spanOfToken, tokenOf, tokensOf } from "./cst.js";
import type { Building } from "./cst.js";

/** The settings of a `settings` node. */
export function buildSettings(node: CstNode | undefined, building: Building): readonly Setting[] {
  if (node === undefined) return [];
  return nodesOf(node, "setting").flatMap((setting) => buildSetting(setting, building) ?? []);
}

function buildSetting(node: CstNode, building: Building): Setting | undefined {
  const names = tokensOf(node, "Name");
  const subject = tokenOf(node, "Subject");
  const to = tokenOf(node, "To");
  const first = subject ?? names[0];
  if (first === undefined) return undefined;
  const firstSpan = spanOfToken(first, building);
  const name: Identifier = to === undefined ? { name: first.image, span: firstSpan } : { name: "subject to", span: spanning(firstSpan, spanOfToken(to, building)) };
  const target = tokenOf(node, "On") === undefined ? undefined : names[subject === undefined ? 1 : 0];
  const nested = nodeOf(node, "settings");
  const sign = tokenOf(node, "Equal") ?? tokenOf(node, "Colon");
  if (sign !== undefined) building.diagnostics.push(diagnostic("NAS1010", { title: `settings take no \`${sign.image}\``, at: spanOfToken(sign, building), label: "not needed", help: `write \`${name.name} value\`` }));
  const keyword = tokenOf(node, "AnyToken");
  return {
    name,
    values: keyword === undefined ? nodesOf(node, "settingValue").map((value) => buildValue(value, building)) : [{ kind: "name", name: keyword.image, span: spanOfToken(keyword, building) }],
    ...(target === undefined ? {} : { target: identifier(target, building) }),
    ...(nested === undefined ? {} : { settings: buildSettings(nested, building) }),
    span: spanOf(node, building),
  };
}

function buildValue(node: CstNode, building: Building): Expression {
  const span = spanOf(node, building);
  const value = buildExpression(nodeOf(node, "expression"), building, span.end);
  const further = nodesOf(node, "operand");
  return further.length === 0 ? value : { kind: "dimensions", factors: [value, ...further.map((operand) => buildOperand(operand, building))], span };
}
