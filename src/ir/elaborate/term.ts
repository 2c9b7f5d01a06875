/**
 * What an expression can stand for while a space is elaborated: values (tables over decisions), tensors (nodes), functions, lists,
 * symbols, nothing, and a choice among terms that have no common table. Plain data; the evaluator makes and joins them.
 */
import type { Span } from "../../diagnostics/model.js";
import type { AttributeValue, Operator } from "../../ops/operator.js";
import type { BlockDeclaration } from "../../parser/ast.js";
import type { Module } from "../module.js";
import type { NodeId, Value } from "../space.js";
import type { Dimension } from "../units.js";
import type { Scope } from "./scope.js";

/** A number, boolean, string, symbol or list of these, per combination of decisions. Without `dimension` a plain one. */
export interface ValueTerm { readonly kind: "value"; readonly value: Value; readonly dimension?: Dimension }
export interface TensorTerm { readonly kind: "tensor"; readonly node: NodeId }
export interface OperatorTerm { readonly kind: "operator"; readonly operator: Operator }
export interface BlockTerm { readonly kind: "block"; readonly declaration: BlockDeclaration; readonly module: Module }
export interface BuiltinTerm { readonly kind: "builtin"; readonly name: string }
/** A call that still waits for its tensor: `conv(8)`, `conv(8) -> relu`. */
export interface PartialTerm { readonly kind: "partial"; readonly text: string; apply(piped: Term, scope: Scope, at: Span): Term }
export interface ListTerm { readonly kind: "list"; readonly elements: readonly Term[] }
export interface RecordTerm { readonly kind: "record"; readonly fields: ReadonlyMap<string, Term> }
export interface NoneTerm { readonly kind: "none" }
/** A name that only an enumeration parameter can give a meaning to, with its arguments. */
export interface SymbolTerm { readonly kind: "symbol"; readonly name: string; readonly arguments: ReadonlyMap<string, Term>; readonly span: Span }
/** options[selector], where the options are not all values or all tensors. */
export interface ChoiceTerm { readonly kind: "choice"; readonly selector: Value<number>; readonly options: readonly Term[] }
/** Already diagnosed: whoever meets it stays silent. */
export interface BrokenTerm { readonly kind: "broken" }

export type FunctionTerm = OperatorTerm | BlockTerm | BuiltinTerm | PartialTerm;
export type Term = ValueTerm | TensorTerm | FunctionTerm | ListTerm | RecordTerm | NoneTerm | SymbolTerm | ChoiceTerm | BrokenTerm;

export const none: NoneTerm = { kind: "none" };
export const broken: BrokenTerm = { kind: "broken" };

/** Whether something in it is diagnosed already, so that nothing more should be said of it. */
export function hasBroken(term: Term): boolean {
  return term.kind === "broken" || (term.kind === "list" && term.elements.some(hasBroken));
}

/** The value of what no architecture may reach: an obligation says why. */
export const impossible: ValueTerm = { kind: "value", value: { scope: [], cells: [undefined] } };
export const isImpossible = (term: Term): boolean => term.kind === "value" && term.value.cells.every((cell) => cell === undefined);

export const valueTerm = (value: Value, dimension?: Dimension): ValueTerm => (dimension === undefined || dimension === "count" ? { kind: "value", value } : { kind: "value", value, dimension });
export const tensorTerm = (node: NodeId): TensorTerm => ({ kind: "tensor", node });

export function isFunction(term: Term): term is FunctionTerm {
  return term.kind === "operator" || term.kind === "block" || term.kind === "builtin" || term.kind === "partial";
}

/** Whether it is a tensor, or may be one depending on decisions. */
export function mayBeTensor(term: Term): boolean {
  return term.kind === "tensor" || (term.kind === "choice" && term.options.some(mayBeTensor));
}

/** A cell as it is written in the language. */
export function writtenCell(cell: AttributeValue | undefined): string {
  if (cell === undefined) return "nothing";
  if (cell === null) return "none";
  if (typeof cell !== "object") return String(cell);
  if (isCells(cell)) return `[${cell.map(writtenCell).join(", ")}]`;
  const given = Object.entries(cell.arguments).map(([name, value]) => `${name} = ${writtenCell(value)}`);
  return given.length === 0 ? cell.tag : `${cell.tag}(${given.join(", ")})`;
}

function isCells(cell: AttributeValue): cell is readonly AttributeValue[] {
  return Array.isArray(cell);
}

/** "a number", "a tensor": for messages. */
export function describe(term: Term): string {
  switch (term.kind) {
    case "value": {
      const cell = term.value.cells.find((each) => each !== undefined);
      if (term.dimension !== undefined) return `a quantity (${term.dimension})`;
      if (typeof cell === "number") return "a number";
      if (typeof cell === "boolean") return "true or false";
      if (typeof cell === "string") return "a text or symbol";
      return cell === undefined || cell === null ? "a value" : isCells(cell) ? "a list" : "a symbol";
    }
    case "tensor": return "a tensor";
    case "operator": return `the operator \`${term.operator.name}\``;
    case "block": return `the block \`${term.declaration.name.name}\``;
    case "builtin": return `the function \`${term.name}\``;
    case "partial": return `\`${term.text}\`, which still waits for its tensor`;
    case "list": return "a list";
    case "record": return "a record";
    case "none": return "none";
    case "symbol": return `the symbol \`${term.name}\``;
    case "choice": return `a choice of ${[...new Set(term.options.map(describe))].join(" and ")}`;
    case "broken": return "something invalid";
    default: { const never: never = term; return String(never); }
  }
}
