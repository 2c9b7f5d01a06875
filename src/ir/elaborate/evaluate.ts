/**
 * Evaluates expressions: the dispatch over the syntax, literals, lists, indexing, conditions and pipes. `expected` is the parameter
 * type that an argument is for, so that the members of an enumeration win over operators of the same name.
 */
import type { Span } from "../../diagnostics/model.js";
import type { AttributeValue, ParameterType } from "../../ops/operator.js";
import type { Expression, IfExpression, IndexExpression, NumberLiteral, PipeExpression, RangeExpression, WeightsExpression } from "../../parser/ast.js";
import type { Value } from "../space.js";
import { nearUnits, parseUnit } from "../units.js";
import { isList } from "../values.js";
import { evaluateBinary, evaluateUnary } from "./arithmetic.js";
import { applyTerm, evaluateCall, pipeInto } from "./call.js";
import { evaluateChoose } from "./choose.js";
import { problemCell, ROUND_LIMIT, type Elaboration } from "./elaboration.js";
import { expressionText } from "./expression-text.js";
import { merge, overChoice, selectorOf, toValue, under } from "./merge.js";
import { evaluateName } from "./names.js";
import { withSite, type Scope } from "./scope.js";
import { broken, describe, impossible, isFunction, none, valueTerm, type Term } from "./term.js";

export function evaluate(e: Elaboration, expression: Expression, scope: Scope, expected?: ParameterType): Term {
  if (!e.enter(expression.span)) return broken;
  const term = dispatch(e, expression, scope, expected);
  e.reportTooWide(expression.span);
  e.leave();
  return term;
}

function dispatch(e: Elaboration, expression: Expression, scope: Scope, expected?: ParameterType): Term {
  switch (expression.kind) {
    case "number": return evaluateNumber(e, expression);
    case "string": case "boolean": return valueTerm(e.pool.constant<AttributeValue>(expression.value));
    case "none": return none;
    case "name": return evaluateName(e, expression, scope, expected);
    case "list": return { kind: "list", elements: expression.elements.map((element) => evaluate(e, element, scope, expected)) };
    case "record": return { kind: "record", fields: new Map(expression.fields.map(({ name, value }) => [name.name, evaluate(e, value, withSite(scope, { naming: name.name }))])) };
    case "unary": return evaluateUnary(e, expression, scope);
    case "binary": return evaluateBinary(e, expression, scope);
    case "range": return evaluateRange(e, expression, scope);
    case "call": return evaluateCall(e, expression, scope, undefined, expected);
    case "index": return evaluateIndex(e, expression, scope);
    case "pipe": return evaluatePipe(e, expression, scope);
    case "if": return evaluateIf(e, expression, scope, (branch, inner) => evaluate(e, branch, inner, expected));
    case "choose": return evaluateChoose(e, expression, scope, { expected });
    case "weights": return evaluateWeights(e, expression, scope, (value) => evaluate(e, value, scope, expected));
    case "dimensions": return e.report("NAS3002", { title: "a size such as `12 x 14` stands only in settings", at: expression.span, label: "write the factors apart" });
    case "invalid": return broken;
    default: { const never: never = expression; return never; }
  }
}

function evaluateNumber(e: Elaboration, expression: NumberLiteral): Term {
  const unit = parseUnit(expression.unit ?? "");
  if (unit === undefined) {
    const near = nearUnits(expression.unit ?? "");
    return e.report("NAS3021", { title: `\`${expression.unit}\` is not a unit`, at: expression.span, label: "unknown suffix", ...(near.length > 0 ? { help: `did you mean ${near.map((name) => `\`${name}\``).join(" or ")}?` } : {}) });
  }
  return valueTerm(e.pool.constant(expression.value * unit.factor), unit.dimension);
}

/** A value that must be a boolean everywhere; undefined: already diagnosed. */
export function evaluateCondition(e: Elaboration, expression: Expression, scope: Scope): Value<boolean> | undefined {
  const term = evaluate(e, expression, scope);
  const value = term.kind === "broken" ? undefined : toValue(e, term);
  if (value !== undefined && value.cells.every((cell): cell is boolean | undefined => cell === undefined || typeof cell === "boolean")) return value as Value<boolean>;
  if (term.kind !== "broken") e.report("NAS3007", { title: "a condition must be true or false", at: expression.span, label: `this is ${describe(term)}` });
  return undefined;
}

/** A number that no decision changes; undefined: already diagnosed. */
export function constantNumber(e: Elaboration, expression: Expression, scope: Scope, what: string): number | undefined {
  const term = evaluate(e, expression, scope);
  if (term.kind === "broken") return undefined;
  if (term.kind === "value" && term.dimension === undefined && term.value.scope.length === 0) {
    const [cell] = term.value.cells;
    if (typeof cell === "number") return cell;
  }
  e.report("NAS3014", { title: `${what} must be a number known at compile time`, at: expression.span, label: term.kind === "value" && term.value.scope.length > 0 ? "this depends on decisions" : `this is ${describe(term)}` });
  return undefined;
}

/** first, first + by, ... up to last; undefined: not countable or too long, already diagnosed. */
export function countRange(e: Elaboration, from: number, to: number, by: number, at: Span): number[] | undefined {
  if (!Number.isFinite(from) || !Number.isFinite(to) || !Number.isFinite(by) || by <= 0) {
    e.report("NAS4001", { title: "the step of a range must be positive", at, label: `from ${from} to ${to} by ${by}` });
    return undefined;
  }
  const length = Math.floor((to - from) / by + 1e-9) + 1;
  if (length > ROUND_LIMIT) {
    e.report("NAS4003", { title: `a range has ${length} values; at most ${ROUND_LIMIT} are taken`, at, label: "this range is too long", help: "give a larger step with `by`" });
    return undefined;
  }
  return Array.from({ length: Math.max(0, length) }, (_, step) => Number((from + step * by).toPrecision(12)));
}

function evaluateRange(e: Elaboration, expression: RangeExpression, scope: Scope): Term {
  const from = constantNumber(e, expression.from, scope, "the start of a range");
  const to = constantNumber(e, expression.to, scope, "the end of a range");
  const by = expression.by ? constantNumber(e, expression.by, scope, "the step of a range") : 1;
  if (from === undefined || to === undefined || by === undefined) return broken;
  const values = countRange(e, from, to, by, expression.span);
  return values === undefined ? broken : { kind: "list", elements: values.map((value) => valueTerm(e.pool.constant(value))) };
}

function evaluateIndex(e: Elaboration, expression: IndexExpression, scope: Scope): Term {
  const target = evaluate(e, expression.target, scope);
  const index = evaluate(e, expression.index, scope);
  if (target.kind === "broken" || index.kind === "broken") return broken;
  return overChoice(e, target, scope, expression.span, (list, inner) => indexInto(e, list, index, inner, expression));
}

function indexInto(e: Elaboration, list: Term, index: Term, scope: Scope, expression: IndexExpression): Term {
  if (list.kind === "record" && expression.index.kind === "string") {
    return list.fields.get(expression.index.value) ?? e.report("NAS3012", { title: `the record has no field \`${expression.index.value}\``, at: expression.index.span, label: `fields are ${[...list.fields.keys()].join(", ")}` });
  }
  const at = toValue(e, index);
  if (at === undefined || at.cells.some((cell) => cell !== undefined && typeof cell !== "number")) {
    return e.report("NAS3007", { title: "a list is indexed by a whole number", at: expression.index.span, label: `this is ${describe(index)}` });
  }
  if (list.kind === "value" && list.value.cells.every((cell) => cell === undefined || isList(cell))) {
    const lists = list.value as Value<readonly AttributeValue[]>;
    const outcome = e.pool.combine([lists, at as Value<number>], (cells, position) => cells[position] ?? outside(position, cells.length));
    return checked(e, outcome, scope, expression.index.span);
  }
  if (list.kind !== "list") return e.report("NAS3007", { title: "only lists are indexed", at: expression.target.span, label: `this is ${describe(list)}` });
  const { elements } = list;
  const positions = at as Value<number>;
  const valid = (position: number): boolean => Number.isInteger(position) && position >= 0 && position < elements.length;
  const problem = e.pool.map(positions, (position) => (valid(position) ? undefined : outside(position, elements.length)));
  oblige(e, "NAS3012", problem, scope, expression.index.span);
  // Only the elements that can be meant, so that a choice among many stays small.
  const used = [...new Set(e.pool.distinct(positions).filter(valid))];
  const selector = e.pool.map(positions, (position) => { const found = used.indexOf(position); return found < 0 ? undefined : found; });
  return used.length === 0 ? impossible : merge(e, selector, used.map((position) => elements[position]!), scope, expression.span);
}

const outside = (position: number, length: number): AttributeValue => problemCell("a list has no element of this index", `index ${position} in a list of ${length}`, length === 0 ? "the list is empty" : `indices run from 0 to ${length - 1}`);

/** Registers a problem table to be proven unreachable here; at once, where no decision is involved. */
export function oblige(e: Elaboration, code: "NAS3012" | "NAS3013" | "NAS3007" | "NAS3024", problem: Value, scope: Scope, span: Span): void {
  if (problem.cells.some((cell) => cell !== undefined)) e.obligations.push({ code, problem, condition: scope.site.condition, span, call: e.callInto(span) });
}

/** Splits a table of results and problems: the problems become an obligation. */
export function checked(e: Elaboration, outcome: Value, scope: Scope, span: Span, code: "NAS3012" | "NAS3013" | "NAS3007" | "NAS3024" = "NAS3012"): Term {
  if (!outcome.cells.some(isProblemCell)) return valueTerm(outcome);
  oblige(e, code, e.pool.map(outcome, (cell) => (isProblemCell(cell) ? cell : undefined)), scope, span);
  return valueTerm(e.pool.map(outcome, (cell) => (isProblemCell(cell) ? undefined : cell)));
}

export function isProblemCell(cell: AttributeValue | undefined): boolean {
  return typeof cell === "object" && cell !== null && !isList(cell) && cell.tag === "problem";
}

export function evaluateIf(e: Elaboration, expression: IfExpression, scope: Scope, branch: (expression: Expression, scope: Scope) => Term): Term {
  const condition = evaluateCondition(e, expression.condition, scope);
  if (condition === undefined) return broken;
  const [cell] = condition.cells;
  if (condition.scope.length === 0) return cell === undefined ? impossible : branch(cell ? expression.then : expression.otherwise, scope);
  const yes = branch(expression.then, under(e, scope, condition));
  const no = branch(expression.otherwise, under(e, scope, e.pool.not(condition)));
  return merge(e, selectorOf(e, condition), [yes, no], scope, expression.span, "if");
}

function evaluatePipe(e: Elaboration, expression: PipeExpression, scope: Scope): Term {
  // What is piped may be broken: the right side is looked at all the same, so that its errors are told in the same run.
  const left = evaluate(e, expression.left, scope);
  // Two functions in a row are one function: `f = conv(8) -> batch_norm`.
  if (isFunction(left) || (left.kind === "choice" && left.options.every(isFunction))) {
    return {
      kind: "partial", text: expressionText(expression),
      apply: (piped, where, at) => pipeInto(e, expression.right, applyTerm(e, left, piped, where, at), { frame: scope.frame, site: where.site }),
    };
  }
  return pipeInto(e, expression.right, left, scope);
}

/** Gives the operators that `inner` makes a shared weight name. */
export function evaluateWeights(e: Elaboration, expression: WeightsExpression, scope: Scope, inner: (value: Expression) => Term): Term {
  if (expression.through !== undefined) {
    return e.report("NAS4010", { title: "`through` is not available yet", at: expression.through.span, label: "weights are shared as they are", help: "leave `through ...` out: candidates under one name then read the same tensor" });
  }
  const indices = expression.indices.map((index) => constantNumber(e, index, scope, "the index of a weight name"));
  const first = e.nodes.length;
  const term = inner(expression.value);
  if (indices.includes(undefined)) return broken;
  const key = `${expression.name.name}${indices.map((index) => `[${index}]`).join("")}`;
  const made = e.nodes.slice(first).flatMap((node) => (node.kind === "operator" && node.weightKey === undefined ? [node] : []));
  const groups = new Map<string, string>();
  for (const node of made) {
    if (groups.has(node.group)) continue;
    const taken = [...groups.values()].filter((suffix) => suffix.split("#")[0] === node.operator.name).length;
    groups.set(node.group, taken === 0 ? node.operator.name : `${node.operator.name}#${taken + 1}`);
  }
  for (const node of made) node.weightKey = groups.size === 1 ? key : `${key}/${groups.get(node.group)!}`;
  return term;
}
