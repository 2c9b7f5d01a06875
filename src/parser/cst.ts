/** Reading chevrotain's concrete syntax tree: children by name, spans that stay inside the file however broken the text is. */
import type { CstElement, CstNode, IToken } from "chevrotain";
import type { Diagnostic, Source, Span } from "../diagnostics/model.js";
import type { Identifier } from "./ast.js";
import { endOf } from "./token-place.js";

/** What building the AST of one file shares. */
export interface Building {
  readonly source: Source;
  readonly diagnostics: Diagnostic[];
  /** The `///` text directly above an offset. */
  documentationBefore(offset: number): string | undefined;
}

const isNode = (element: CstElement): element is CstNode => "children" in element;

export function nodesOf(node: CstNode, name: string): readonly CstNode[] {
  const elements = node.children[name];
  return elements === undefined ? [] : elements.filter(isNode);
}

export function nodeOf(node: CstNode | undefined, name: string): CstNode | undefined {
  const element = node?.children[name]?.[0];
  return element !== undefined && isNode(element) ? element : undefined;
}

export function tokensOf(node: CstNode, name: string): readonly IToken[] {
  const elements = node.children[name];
  return elements === undefined ? [] : elements.filter((element): element is IToken => !isNode(element));
}

export function tokenOf(node: CstNode, name: string): IToken | undefined {
  const element = node.children[name]?.[0];
  return element !== undefined && !isNode(element) ? element : undefined;
}

export function startOf(element: CstElement): number {
  return isNode(element) ? (element.location?.startOffset ?? Number.NaN) : element.startOffset;
}

/** The span of a node; nodes that hold nothing (recovery) stand at `fallback`. */
export function spanOf(node: CstNode | undefined, building: Building, fallback = 0): Span {
  const { file, text } = building.source;
  const start = node?.location?.startOffset;
  const last = node?.location?.endOffset;
  if (start === undefined || Number.isNaN(start)) return { file, start: Math.min(fallback, text.length), end: Math.min(fallback, text.length) };
  const end = last === undefined || Number.isNaN(last) ? start : last + 1;
  return { file, start, end: Math.min(Math.max(start, end), text.length) };
}

export function spanOfToken(token: IToken, building: Building): Span {
  return { file: building.source.file, start: token.startOffset, end: endOf(token) };
}

export function identifier(token: IToken, building: Building): Identifier {
  return { name: token.image, span: spanOfToken(token, building) };
}

/** A name that recovery lost: empty, so that nothing can refer to it. */
export function missingName(node: CstNode, building: Building): Identifier {
  const { file, end } = spanOf(node, building);
  return { name: "", span: { file, start: end, end } };
}

export function nameOf(node: CstNode, building: Building, index = 0): Identifier {
  const token = tokensOf(node, "Name")[index];
  return token === undefined ? missingName(node, building) : identifier(token, building);
}
