/**
 * Evaluates expressions that no decision can change: constants, and the settings of accelerators and searches. Values come in base
 * units with the dimension that they measure.
 */
import { failure, success, type Result } from "../../diagnostics/model.js";
import type { AttributeValue } from "../../ops/operator.js";
import type { Expression } from "../../parser/ast.js";
import type { Module } from "../module.js";
import type { Dimension } from "../units.js";
import { isList } from "../values.js";
import { Elaboration } from "./elaboration.js";
import { evaluate, isProblemCell } from "./evaluate.js";
import { newFrame, rootSite } from "./scope.js";
import { toSymbol } from "./merge.js";
import { describe, type Term } from "./term.js";

/** Without `dimension` a plain value. */
export interface ConstantValue { readonly value: AttributeValue; readonly dimension?: Dimension }

/** `symbols`: a bare name that means nothing else stands for itself, as text. */
export interface ConstantOptions { readonly symbols?: boolean }

/** Errors: whatever is wrong in the expression; it is not a plain value; it holds a decision. */
export function evaluateConstant(expression: Expression, module: Module, options: ConstantOptions = {}): Result<ConstantValue> {
  if (options.symbols && expression.kind === "name" && module.lookup(expression.name) === undefined) return success({ value: expression.name });
  const e = new Elaboration();
  e.decisionsAllowed = false;
  const term = evaluate(e, expression, { frame: newFrame(module, 0), site: rootSite(e.pool.constant(true)) });
  const value = plainValue(e, term);
  for (const { code, problem, span } of e.obligations) {
    const cell = problem.cells.find((each) => each !== undefined);
    if (typeof cell === "object" && cell !== null && !isList(cell)) e.report(code, { title: String(cell.arguments["title"]), at: span, label: String(cell.arguments["detail"]) });
  }
  if (value === undefined && !e.hasErrors && term.kind !== "broken") {
    e.report("NAS3022", { title: "this is not a constant value", at: expression.span, label: `this is ${describe(term)}`, help: "constants are numbers, texts, true or false, and lists of these" });
  }
  const errors = e.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0 || value === undefined) return failure(...e.diagnostics);
  return success(value, e.diagnostics);
}

function plainValue(e: Elaboration, term: Term): ConstantValue | undefined {
  if (term.kind === "list") {
    const elements = term.elements.map((element) => plainValue(e, element));
    if (!elements.every((element) => element !== undefined)) return undefined;
    const dimensions = new Set(elements.map(({ dimension }) => dimension));
    const [dimension] = dimensions;
    return { value: elements.map((element) => element.value), ...(dimensions.size === 1 && dimension !== undefined ? { dimension } : {}) };
  }
  const value = term.kind === "broken" ? undefined : toSymbol(e, term);
  const cell = value?.scope.length === 0 ? value.cells[0] : undefined;
  if (cell === undefined || isProblemCell(cell)) return undefined;
  return { value: cell, ...(term.kind === "value" && term.dimension !== undefined ? { dimension: term.dimension } : {}) };
}
