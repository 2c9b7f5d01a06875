/**
 * `choose` and `adapt`: makes decisions. One evaluation (place, call and loop round) is one decision, however often it is asked for.
 * Everything that a decision depends on (guards, bounds) is evaluated before it gets its number, so that variables only look back.
 */
import type { Alternative, ChooseExpression, Expression, RangeExpression } from "../../parser/ast.js";
import type { AttributeValue, ParameterType } from "../../ops/operator.js";
import type { Value, VariableId } from "../space.js";
import { isList, keyOf } from "../values.js";
import { pipeInto } from "./call.js";
import type { Elaboration } from "./elaboration.js";
import { constantNumber, countRange, evaluate, evaluateCondition } from "./evaluate.js";
import { expressionText } from "./expression-text.js";
import { merge, optionOf, picks, toSymbol, toValue, under } from "./merge.js";
import { withSite, type Scope } from "./scope.js";
import { broken, describe, isFunction, isImpossible, valueTerm, writtenCell, type Term } from "./term.js";

/** `piped`: the alternatives are functions of it. */
export interface ChooseContext { readonly expected?: ParameterType | undefined; readonly piped?: Term }

export function evaluateChoose(e: Elaboration, expression: ChooseExpression, scope: Scope, context: ChooseContext): Term {
  if (!e.decisionsAllowed) {
    return e.report("NAS3022", { title: `\`${expression.binding}\` stands only in spaces and blocks`, at: expression.span, label: "a constant is known at compile time" });
  }
  const key = `${scope.site.instance}|${expression.span.file}:${expression.span.start}`;
  const known = e.chosen.get(key);
  if (known !== undefined && known.piped === context.piped && known.expected === context.expected) return known.term;
  const term = expression.alternatives ? chooseAlternative(e, expression, expression.alternatives, scope, context, key) : chooseFromRange(e, expression, scope, key);
  const id = e.chosen.get(key)?.id;
  if (id !== undefined) e.chosen.set(key, { id, piped: context.piped, expected: context.expected, term });
  return term;
}

interface Option { readonly alternative: Alternative; readonly label: string; readonly allowed: Value<boolean> }

function chooseAlternative(e: Elaboration, expression: ChooseExpression, alternatives: readonly Alternative[], scope: Scope, context: ChooseContext, key: string): Term {
  const guard = guardOf(e, expression, scope);
  if (guard === "broken") return broken;
  const inner = (alternative: Alternative, where: Scope): Term => evaluateAlternative(e, alternative.value, where, context);
  const [first] = alternatives;
  if (first === undefined) return e.report("NAS4001", { title: "a choice needs at least one alternative", at: expression.span, label: "nothing to choose from" });
  if (guard?.scope.length === 0 && guard.cells[0] === false) return inner(first, scope);
  const options = allowedOptions(e, alternatives, scope);
  if (options === undefined) return broken;
  if (options.length === 0) return e.report("NAS4001", { title: "every alternative of this choice is excluded here", at: expression.span, label: "the guards leave nothing", help: "add an alternative without `if`" });
  const id = e.chosen.get(key)?.id ?? addDecision(e, expression, scope, key, options.map(({ label }) => label), options.map(({ label }) => label), options.map(({ allowed }) => allowed), guard);
  const selector = optionOf(id, options.length);
  const terms = options.map(({ alternative, label }, option) => {
    const where = withSite(under(e, scope, picks(e, selector, option)), { owner: { decision: id, label }, indices: [], naming: scope.site.naming ?? label });
    return inner(alternative, where);
  });
  if (context.piped === undefined) nameOptionsByValue(e, id, terms);
  return merge(e, selector, terms, scope, expression.span, expression.label?.name ?? "choice");
}

/** In a pipe, an alternative is a function of what is piped. */
function evaluateAlternative(e: Elaboration, value: Expression, scope: Scope, context: ChooseContext): Term {
  return context.piped === undefined ? evaluate(e, value, scope, context.expected) : pipeInto(e, value, context.piped, scope);
}

function guardOf(e: Elaboration, expression: ChooseExpression, scope: Scope): Value<boolean> | undefined | "broken" {
  return expression.guard === undefined ? undefined : evaluateCondition(e, expression.guard, scope) ?? "broken";
}

/** Without the alternatives that can never be taken here; undefined: already diagnosed. */
function allowedOptions(e: Elaboration, alternatives: readonly Alternative[], scope: Scope): readonly Option[] | undefined {
  const labels = new Map<string, Alternative>();
  const options: Option[] = [];
  let good = true;
  for (const alternative of alternatives) {
    const label = alternative.label?.name ?? expressionText(alternative.value);
    const twin = labels.get(label);
    if (twin !== undefined) {
      e.report("NAS4002", { title: `two alternatives are called \`${label}\``, at: (alternative.label ?? alternative.value).span, label: "the second one", causes: [{ span: (twin.label ?? twin.value).span, text: "the first one" }], help: "give one of them another label: `other: ...`" });
      good = false;
    }
    labels.set(label, alternative);
    const allowed = alternative.guard === undefined ? e.pool.constant(true) : evaluateCondition(e, alternative.guard, scope);
    if (allowed === undefined) good = false;
    else if (allowed.scope.length > 0 || allowed.cells[0] === true) options.push({ alternative, label, allowed });
  }
  return good ? options : undefined;
}

/** Options that are plain constants stand in the domain as what they are. */
function nameOptionsByValue(e: Elaboration, id: VariableId, terms: readonly Term[]): void {
  const values = terms.map((term) => (isFunction(term) ? undefined : toSymbol(e, term)));
  const cells = values.map((value) => (value?.scope.length === 0 ? value.cells[0] : undefined));
  if (cells.every((cell): cell is AttributeValue => cell !== undefined) && new Set(cells.map(keyOf)).size === cells.length) e.pool.updateDecision(id, { domain: cells });
}

function chooseFromRange(e: Elaboration, expression: ChooseExpression, scope: Scope, key: string): Term {
  const range = expression.range;
  const guard = guardOf(e, expression, scope);
  if (range === undefined || guard === "broken") return broken;
  const options = range.kind === "range" ? rangeOptions(e, range, scope) : listOptions(e, range, scope);
  if (options === undefined) return broken;
  if (options.length === 0) return e.report("NAS4001", { title: "this range is empty", at: range.span, label: "no value lies in it" });
  const cells = options.map(({ cell }) => cell);
  if (guard?.scope.length === 0 && guard.cells[0] === false) return valueTerm(e.pool.constant(cells[0]!));
  const id = e.chosen.get(key)?.id ?? addDecision(e, expression, scope, key, cells, cells.map(writtenCell), options.map(({ allowed }) => allowed), guard);
  return valueTerm(e.pool.read(id));
}

interface RangeOption { readonly cell: AttributeValue; readonly allowed: Value<boolean> }

/** Bounds may depend on decisions: then the widest range, each value allowed where it lies within. */
function rangeOptions(e: Elaboration, range: RangeExpression, scope: Scope): readonly RangeOption[] | undefined {
  // A decision in a bound is another one than what is drawn from the range: `heads = adapt 1..choose { 3, 6 }`.
  const inner = withSite(scope, { naming: `${scope.site.naming ?? "range"}_limit` });
  const from = boundOf(e, range.from, inner);
  const to = boundOf(e, range.to, inner);
  const by = range.by ? constantNumber(e, range.by, scope, "the step of a range") : 1;
  if (from === undefined || to === undefined || by === undefined) return undefined;
  const lowest = Math.min(...e.pool.distinct(from));
  const values = countRange(e, lowest, Math.max(...e.pool.distinct(to)), by, range.span);
  return values?.map((cell) => ({
    cell,
    allowed: e.pool.combine([from, to], (low, high) => cell >= low && cell <= high + 1e-9 && Number.isInteger(Number(((cell - low) / by).toPrecision(9)))),
  }));
}

/** A number per combination of decisions; undefined: already diagnosed. */
export function boundOf(e: Elaboration, expression: Expression, scope: Scope): Value<number> | undefined {
  const term = evaluate(e, expression, scope);
  if (term.kind === "value" && term.dimension === undefined && term.value.cells.every((cell) => cell === undefined || typeof cell === "number")) return isImpossible(term) ? undefined : term.value as Value<number>;
  if (term.kind !== "broken") e.report("NAS3007", { title: "the bounds of a range are numbers", at: expression.span, label: `this is ${describe(term)}` });
  return undefined;
}

function listOptions(e: Elaboration, expression: Expression, scope: Scope): readonly RangeOption[] | undefined {
  const term = evaluate(e, expression, scope);
  const value = term.kind === "broken" ? undefined : toValue(e, term);
  const [cells] = value?.cells ?? [];
  if (value?.scope.length === 0 && isList(cells)) return cells.map((cell) => ({ cell, allowed: e.pool.constant(true) }));
  if (term.kind !== "broken") e.report("NAS3007", { title: "a choice is made from a range, a list or alternatives", at: expression.span, label: `this is ${describe(term)}` });
  return undefined;
}

function addDecision(e: Elaboration, expression: ChooseExpression, scope: Scope, key: string, domain: readonly AttributeValue[], labels: readonly string[], allowed: readonly Value<boolean>[], guard: Value<boolean> | undefined): VariableId {
  const { site } = scope;
  const place = e.place(site, expression.label?.name ?? site.naming ?? "choice", expression.span);
  const id = e.pool.addDecision({ path: place.name, domain, labels, binding: expression.binding, allowed, span: (expression.label ?? expression).span });
  e.decisions.push({ id, place, span: expression.span, guard, allowed, condition: site.condition });
  e.chosen.set(key, { id, piped: undefined, expected: undefined, term: broken });
  return id;
}
