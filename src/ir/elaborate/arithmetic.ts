/**
 * Operators of the language on values, quantities and tensors. Units are types: a sum needs one dimension, a comparison too. On tensors
 * `+ - * /` are the elementwise operators, with a number they scale and shift.
 */
import type { Span } from "../../diagnostics/model.js";
import type { AttributeValue } from "../../ops/operator.js";
import type { BinaryExpression, BinaryOperator, UnaryExpression } from "../../parser/ast.js";
import type { Value } from "../space.js";
import type { Dimension } from "../units.js";
import { isList, keyOf } from "../values.js";
import { problemCell, type Elaboration } from "./elaboration.js";
import { checked, evaluate } from "./evaluate.js";
import { overChoice, toSymbol, toValue, under } from "./merge.js";
import { callNamed } from "./operator-call.js";
import type { Scope } from "./scope.js";
import { broken, describe, mayBeTensor, valueTerm, type Term, type ValueTerm } from "./term.js";

export function evaluateUnary(e: Elaboration, expression: UnaryExpression, scope: Scope): Term {
  const operand = evaluate(e, expression.operand, scope);
  if (operand.kind === "broken") return broken;
  if (expression.operator === "-" && mayBeTensor(operand)) return overChoice(e, operand, scope, expression.span, (tensor, inner) => callNamed(e, "scale", [tensor], { factor: valueTerm(e.pool.constant(-1)) }, inner, expression.span));
  const value = toValue(e, operand);
  const wanted = expression.operator === "-" ? "number" : "boolean";
  if (value === undefined || !ofType(value, wanted)) return e.report("NAS3007", { title: `\`${expression.operator}\` needs ${wanted === "number" ? "a number" : "true or false"}`, at: expression.operand.span, label: `this is ${describe(operand)}` });
  if (wanted === "number") return valueTerm(e.pool.map(value as Value<number>, (cell) => -cell), operand.kind === "value" ? operand.dimension : undefined);
  return valueTerm(e.pool.not(value as Value<boolean>));
}

function ofType(value: Value, type: "number" | "boolean"): boolean {
  return value.cells.every((cell) => cell === undefined || typeof cell === type);
}

export function evaluateBinary(e: Elaboration, expression: BinaryExpression, scope: Scope): Term {
  const { operator } = expression;
  if (operator === "and" || operator === "or") return evaluateJunction(e, expression, scope);
  const left = evaluate(e, expression.left, scope);
  const right = evaluate(e, expression.right, scope);
  if (left.kind === "broken" || right.kind === "broken") return broken;
  if (operator === "==" || operator === "!=") return evaluateEquality(e, expression, left, right);
  if (operator === "in") return evaluateMembership(e, expression, left, right);
  if (mayBeTensor(left) || mayBeTensor(right)) {
    return overChoice(e, left, scope, expression.span, (a, outer) => overChoice(e, right, outer, expression.span, (b, inner) => tensorArithmetic(e, expression, a, b, inner)));
  }
  if (operator === "+" && left.kind === "list" && right.kind === "list") return { kind: "list", elements: [...left.elements, ...right.elements] };
  if (operator === "+" && (left.kind === "list" || right.kind === "list")) {
    return overChoice(e, left, scope, expression.span, (a, outer) => overChoice(e, right, outer, expression.span, (b) => (
      a.kind === "list" && b.kind === "list" ? { kind: "list", elements: [...a.elements, ...b.elements] } : mistyped(e, expression, a, b, "two numbers, two tensors or two lists"))));
  }
  return numberArithmetic(e, expression, left, right, scope);
}

function evaluateJunction(e: Elaboration, expression: BinaryExpression, scope: Scope): Term {
  const isAnd = expression.operator === "and";
  const operand = (term: Term, at: Span): Value<boolean> | undefined => {
    const value = term.kind === "broken" ? undefined : toValue(e, term);
    if (value !== undefined && ofType(value, "boolean")) return value as Value<boolean>;
    if (term.kind !== "broken") e.report("NAS3007", { title: `\`${expression.operator}\` needs true or false on both sides`, at, label: `this is ${describe(term)}` });
    return undefined;
  };
  const left = operand(evaluate(e, expression.left, scope), expression.left.span);
  if (left === undefined) return broken;
  if (left.scope.length === 0 && left.cells[0] === !isAnd) return valueTerm(left);
  // The right side is only reached where the left one does not settle the matter: `l > 0 and list[l - 1] == 2`.
  const right = operand(evaluate(e, expression.right, under(e, scope, isAnd ? left : e.pool.not(left))), expression.right.span);
  if (right === undefined) return broken;
  return valueTerm(isAnd ? e.pool.and(left, right) : e.pool.or(left, right));
}

function evaluateEquality(e: Elaboration, expression: BinaryExpression, left: Term, right: Term): Term {
  if (left.kind === "none" || right.kind === "none") {
    const absent = isNone(e, left.kind === "none" ? right : left);
    return valueTerm(expression.operator === "==" ? absent : e.pool.not(absent));
  }
  if (!sameDimension(left, right)) return unitMismatch(e, expression, left, right);
  const symbolic = hasSymbols(left) || hasSymbols(right);
  const [a, b] = symbolic ? [toSymbol(e, left), toSymbol(e, right)] : [toValue(e, left), toValue(e, right)];
  if (a === undefined || b === undefined) return mistyped(e, expression, left, right, "values");
  if (left.kind === "list" && right.kind === "list" && left.elements.length !== right.elements.length) return valueTerm(e.pool.constant(expression.operator === "!="));
  const equal = e.pool.combine([a, b], (x, y) => keyOf(x) === keyOf(y));
  return valueTerm(expression.operator === "==" ? equal : e.pool.not(equal));
}

/** Anything may be compared with none, tensors and functions too. */
function isNone(e: Elaboration, term: Term): Value<boolean> {
  if (term.kind === "choice") return e.pool.select(term.selector, term.options.map((option) => isNone(e, option)));
  if (term.kind === "value") return e.pool.map(term.value, (cell) => cell === null);
  return e.pool.constant(term.kind === "none");
}

function hasSymbols(term: Term): boolean {
  return term.kind === "operator" || term.kind === "symbol" || (term.kind === "choice" && term.options.some(hasSymbols));
}

function evaluateMembership(e: Elaboration, expression: BinaryExpression, left: Term, right: Term): Term {
  const value = toSymbol(e, left);
  const list = toSymbol(e, right);
  if (value === undefined || list === undefined || !list.cells.every((cell) => cell === undefined || isList(cell))) return mistyped(e, expression, left, right, "a value and a list");
  if (list.scope.length === 0) {
    const [cells] = list.cells;
    const keys = new Set(isList(cells) ? cells.map(keyOf) : []);
    return valueTerm(e.pool.map(value, (cell) => keys.has(keyOf(cell))));
  }
  return valueTerm(e.pool.combine([value, list], (cell, cells) => isList(cells) && cells.some((each) => keyOf(each) === keyOf(cell))));
}

const tensorOperators: Partial<Record<BinaryOperator, string>> = { "+": "plus", "-": "minus", "*": "times", "/": "divided_by" };

function tensorArithmetic(e: Elaboration, expression: BinaryExpression, a: Term, b: Term, scope: Scope): Term {
  const { operator, span } = expression;
  const name = tensorOperators[operator];
  if (name === undefined) return mistyped(e, expression, a, b, "numbers");
  if (a.kind === "tensor" && b.kind === "tensor") return callNamed(e, name, [a, b], {}, scope, span);
  const tensor = a.kind === "tensor" ? a : b;
  const number = a.kind === "tensor" ? b : a;
  if (tensor.kind !== "tensor") return numberArithmetic(e, expression, a, b, scope);
  if (number.kind !== "value" || number.dimension !== undefined || !ofType(number.value, "number")) return mistyped(e, expression, a, b, "two tensors, or a tensor and a number");
  const value = number.value as Value<number>;
  const scaled = (input: Term, factor: Value<number>): Term => callNamed(e, "scale", [input], { factor: valueTerm(factor) }, scope, span);
  const moved = (input: Term, amount: Value<number>): Term => (input.kind === "broken" ? broken : callNamed(e, "offset", [input], { amount: valueTerm(amount) }, scope, span));
  switch (operator) {
    case "+": return moved(tensor, value);
    case "*": return scaled(tensor, value);
    case "-": return tensor === a ? moved(tensor, e.pool.map(value, (cell) => -cell)) : moved(scaled(tensor, e.pool.constant(-1)), value);
    case "/":
      if (tensor !== a) return mistyped(e, expression, a, b, "two tensors, or a tensor divided by a number");
      return scaled(tensor, e.pool.map(value, (cell) => 1 / cell));
    default: return mistyped(e, expression, a, b, "numbers");
  }
}

function numberArithmetic(e: Elaboration, expression: BinaryExpression, left: Term, right: Term, scope: Scope): Term {
  const { operator, span } = expression;
  const [a, b] = [toValue(e, left), toValue(e, right)];
  if (operator === "+" && a !== undefined && b !== undefined && allLists(a) && allLists(b)) {
    return valueTerm(e.pool.combine([a as Value<readonly AttributeValue[]>, b as Value<readonly AttributeValue[]>], (x, y): readonly AttributeValue[] => [...x, ...y]));
  }
  if (a === undefined || b === undefined || !ofType(a, "number") || !ofType(b, "number")) return mistyped(e, expression, left, right, "numbers");
  const dimension = resultDimension(operator, dimensionOf(left), dimensionOf(right));
  if (dimension === "mismatch") return unitMismatch(e, expression, left, right);
  const numbers = [a as Value<number>, b as Value<number>] as const;
  switch (operator) {
    case "<": return valueTerm(e.pool.combine(numbers, (x, y) => x < y));
    case "<=": return valueTerm(e.pool.combine(numbers, (x, y) => x <= y));
    case ">": return valueTerm(e.pool.combine(numbers, (x, y) => x > y));
    case ">=": return valueTerm(e.pool.combine(numbers, (x, y) => x >= y));
    default: {
      const outcome = e.pool.combine(numbers, (x, y): AttributeValue => compute(operator, x, y), scope.site.naming);
      const term = checked(e, outcome, scope, span, "NAS3013");
      return term.kind === "value" ? valueTerm(term.value, dimension) : term;
    }
  }
}

function compute(operator: BinaryOperator, x: number, y: number): AttributeValue {
  const result = operator === "+" ? x + y : operator === "-" ? x - y : operator === "*" ? x * y : operator === "/" ? x / y : operator === "%" ? x - y * Math.floor(x / y) : x ** y;
  if (Number.isFinite(result)) return result;
  return problemCell((operator === "/" || operator === "%") && y === 0 ? "a number is divided by zero" : "the result is not a number that can be held", `${x} ${operator} ${y}`);
}

const allLists = (value: Value): boolean => value.cells.every((cell) => cell === undefined || isList(cell));
const dimensionOf = (term: Term): Dimension | undefined => (term.kind === "value" ? (term as ValueTerm).dimension : undefined);
const sameDimension = (left: Term, right: Term): boolean => dimensionOf(left) === dimensionOf(right);

function resultDimension(operator: BinaryOperator, a: Dimension | undefined, b: Dimension | undefined): Dimension | undefined | "mismatch" {
  switch (operator) {
    case "*": return a !== undefined && b !== undefined ? "mismatch" : a ?? b;
    case "/": return b === undefined ? a : a === b ? undefined : "mismatch";
    case "^": return a === undefined && b === undefined ? undefined : "mismatch";
    default: return a === b ? a : "mismatch";
  }
}

function unitMismatch(e: Elaboration, expression: BinaryExpression, left: Term, right: Term): Term {
  const name = (term: Term): string => dimensionOf(term) ?? "plain number";
  return e.report("NAS3009", {
    title: `\`${expression.operator}\` does not go with these units`, at: expression.span, label: `${name(left)} ${expression.operator} ${name(right)}`,
    why: "units are types: only quantities of one kind are added and compared",
  });
}

function mistyped(e: Elaboration, expression: BinaryExpression, left: Term, right: Term, wanted: string): Term {
  return e.report("NAS3007", { title: `\`${expression.operator}\` needs ${wanted}`, at: expression.span, label: `${describe(left)} ${expression.operator} ${describe(right)}` });
}
