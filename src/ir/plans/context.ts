/** What the readers of plans share: the module for names, a place for diagnostics, and evaluation of constant expressions. */
import type { Diagnostic } from "../../diagnostics/model.js";
import type { AttributeValue } from "../../ops/operator.js";
import type { Expression } from "../../parser/ast.js";
import type { Module } from "../module.js";
import type { Dimension } from "../units.js";

/** A constant in base units. `dimension` is meant for numbers. */
export interface Quantity { readonly value: AttributeValue; readonly dimension: Dimension }

export interface PlanContext {
  readonly module: Module;
  report(problem: Diagnostic): void;
  /** Undefined where the expression is not constant; that is then already reported. */
  evaluate(expression: Expression): Quantity | undefined;
}

/** "`a`, `b` and `c`". */
export function listNames(names: readonly string[], conjunction = "and"): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} ${conjunction} ${quoted[quoted.length - 1]!}`;
}

/** A help line with near names, else with all of them where there are few. */
export function helpWithNames(near: readonly string[], all: readonly string[]): string | undefined {
  if (near.length > 0) return `did you mean ${listNames(near, "or")}?`;
  return all.length > 0 && all.length <= 12 ? `known: ${listNames(all)}` : undefined;
}

/** Titles have at most 70 characters; a name that a user made too long is cut. */
export function short(text: string, limit = 30): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 3)}...`;
}
