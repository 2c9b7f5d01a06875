/**
 * Precedence climbing over a flat list of operands and operators. From loose to tight:
 * or, and, not, comparisons and `in` (not chained), `..` with `by`, + -, * / %, unary -, ^ (to the right). `->` is tighter than all.
 */
import type { IToken } from "chevrotain";
import { diagnostic, spanning } from "../diagnostics/model.js";
import type { Span } from "../diagnostics/model.js";
import type { BinaryOperator, Expression } from "./ast.js";
import type { Building } from "./cst.js";

export type FlatItem =
  | { readonly kind: "operand"; readonly value: Expression }
  | { readonly kind: "prefix" | "operator"; readonly token: IToken; readonly span: Span };

type Operator = BinaryOperator | ".." | "by";

const precedence: Readonly<Record<Operator, number>> = {
  or: 1, and: 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, in: 4, "..": 5, by: 5, "+": 6, "-": 6, "*": 7, "/": 7, "%": 7, "^": 9,
};
const notPrecedence = 3;
const comparison = 4;
const negation = 8;

/** Operators in one expression: its tree is as deep as it has operators, and later stages recurse over it. */
export const operatorLimit = 500;

const isOperator = (text: string): text is Operator => Object.hasOwn(precedence, text);

class Climber {
  private at = 0;
  constructor(private readonly items: readonly FlatItem[], private readonly building: Building) {}

  climb(least: number): Expression {
    let left = this.operand();
    let compared = false;
    for (;;) {
      const item = this.items[this.at];
      if (item === undefined || item.kind !== "operator" || !isOperator(item.token.image)) return left;
      const operator = item.token.image;
      const own = precedence[operator];
      if (own < least) return left;
      this.at += 1;
      const right = this.climb(operator === "^" ? own : own + 1);
      if (own === comparison && compared) this.chained(item.span);
      compared = own === comparison;
      left = this.combine(operator, left, right, item.span);
    }
  }

  private operand(): Expression {
    const item = this.items[this.at];
    this.at += 1;
    if (item === undefined) return this.missing();
    if (item.kind === "operand") return item.value;
    const operator = item.token.image === "not" ? "not" as const : "-" as const;
    const operand = this.climb(operator === "not" ? notPrecedence : negation);
    return { kind: "unary", operator, operand, span: spanning(item.span, operand.span) };
  }

  /** Recovery lost the operand: it would stand behind the last item. */
  private missing(): Expression {
    const last = this.items.at(-1);
    const end = last === undefined ? 0 : (last.kind === "operand" ? last.value.span : last.span).end;
    return { kind: "invalid", span: { file: this.building.source.file, start: end, end } };
  }

  private combine(operator: Operator, left: Expression, right: Expression, at: Span): Expression {
    const span = spanning(left.span, right.span);
    if (operator === "..") {
      if (left.kind === "range") this.building.diagnostics.push(diagnostic("NAS1008", { title: "a range has two ends", at, label: "a second `..`", help: "write `first..last`, or `first..last by step`" }));
      return { kind: "range", from: left, to: right, span };
    }
    if (operator !== "by") return { kind: "binary", operator, left, right, span };
    if (left.kind === "range" && left.by === undefined) return { ...left, by: right, span };
    this.building.diagnostics.push(diagnostic("NAS1008", { title: "`by` gives the step of a range", at, label: left.kind === "range" ? "a second step" : "no range before it", help: "write `first..last by step`" }));
    return { kind: "invalid", span };
  }

  private chained(at: Span): void {
    this.building.diagnostics.push(diagnostic("NAS1009", { title: "comparisons cannot be chained", at, label: "a second comparison", help: "write `a < b and b < c`" }));
  }
}

/** Items alternate: any prefixes, an operand, an operator, and so on, ending with an operand. */
export function byPrecedence(items: readonly FlatItem[], building: Building): Expression {
  const first = items[0];
  const last = items.at(-1);
  const spanOfItem = (item: FlatItem): Span => item.kind === "operand" ? item.value.span : item.span;
  if (items.length > 2 * operatorLimit && first !== undefined && last !== undefined) {
    const span = spanning(spanOfItem(first), spanOfItem(last));
    building.diagnostics.push(diagnostic("NAS1007", { title: `more than ${operatorLimit} operators in one expression`, at: spanOfItem(first), label: "it starts here", help: "name parts of it with assignments" }));
    return { kind: "invalid", span };
  }
  return new Climber(items, building).climb(0);
}
