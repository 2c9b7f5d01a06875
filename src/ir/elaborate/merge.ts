/**
 * Joining terms: what "option number `selector`" is. Values become one table, tensors a select node, lists of one length are joined
 * element by element; anything else stays a choice among terms until somebody asks for a value, a tensor or a call.
 */
import type { Span } from "../../diagnostics/model.js";
import type { AttributeValue } from "../../ops/operator.js";
import { isTagged } from "../../ops/guard.js";
import type { Value, VariableId } from "../space.js";
import { cellCount, unionScope } from "../values.js";
import type { Elaboration } from "./elaboration.js";
import { withSite, type Scope } from "./scope.js";
import { broken, impossible, isImpossible, tensorTerm, valueTerm, type Term } from "./term.js";

/** The option of a decision as a number. */
export function optionOf(decision: VariableId, options: number): Value<number> {
  return options === 1 ? { scope: [], cells: [0] } : { scope: [decision], cells: Array.from({ length: options }, (_, option) => option) };
}

/** 0 where the condition is true, 1 where it is false. */
export function selectorOf(e: Elaboration, condition: Value<boolean>): Value<number> {
  return e.pool.map(condition, (cell) => (cell ? 0 : 1));
}

export function picks(e: Elaboration, selector: Value<number>, option: number): Value<boolean> {
  return e.pool.map(selector, (cell) => cell === option);
}

/** The scope of what is evaluated only where the selector takes `option`. */
export function under(e: Elaboration, scope: Scope, condition: Value<boolean>): Scope {
  return withSite(scope, { condition: e.pool.and(scope.site.condition, condition) });
}

export function merge(e: Elaboration, selector: Value<number>, given: readonly Term[], scope: Scope, at: Span, name = "select"): Term {
  const [constant] = selector.cells;
  if (selector.scope.length === 0) return constant === undefined ? impossible : given[constant] ?? broken;
  // What nobody reaches may be anything: what another option is, so that they join.
  const stand = given.find((option) => !isImpossible(option));
  const options = stand === undefined ? given : given.map((option) => (isImpossible(option) ? stand : option));
  const [first] = options;
  if (first === undefined || options.some((option) => option.kind === "broken")) return broken;
  if (options.every((option) => option === first)) return first;
  if (options.every((option) => option.kind === "tensor")) return mergeTensors(e, selector, options.map((option) => option.node), scope, at, name);
  if (options.every((option) => option.kind === "list" && first.kind === "list" && option.elements.length === first.elements.length)) {
    const lists = options.map((option) => (option.kind === "list" ? option.elements : []));
    return { kind: "list", elements: lists[0]!.map((_, position) => merge(e, selector, lists.map((elements) => elements[position]!), scope, at, name)) };
  }
  if (options.every((option) => option.kind === "value" || option.kind === "list")) {
    const values = options.map((option) => toValue(e, option));
    const dimensions = new Set(options.map((option) => (option.kind === "value" ? option.dimension : undefined)));
    if (values.every((value) => value !== undefined) && dimensions.size === 1) {
      const joined = e.pool.select(selector, values, scope.site.naming);
      e.reportTooWide(at);
      return valueTerm(joined, [...dimensions][0]);
    }
  }
  return { kind: "choice", selector, options: options.map((option, position) => whereTaken(e, option, picks(e, selector, position))) };
}

/** Above this many combinations of decisions nothing is left out. */
const TAKEN_CELLS = 4096;

/**
 * A term as it is where `condition` holds: options that nobody takes there are left out. Without that, a list that grows in the rounds
 * of an elastic loop would double with every round.
 */
function whereTaken(e: Elaboration, term: Term, condition: Value<boolean>): Term {
  if (term.kind !== "choice" || cellCount(e.pool, unionScope([condition.scope, term.selector.scope])) > TAKEN_CELLS) return term;
  const options = term.options.flatMap((option, position) => {
    const here = e.pool.and(condition, picks(e, term.selector, position));
    return e.pool.always(here, false) ? [] : [{ position, option: whereTaken(e, option, here) }];
  });
  const [first] = options;
  if (first === undefined || options.length === 1) return first?.option ?? term;
  const left = new Map(options.map(({ position, option }) => [position, option]));
  return { ...term, options: term.options.map((_, position) => left.get(position) ?? first.option) };
}

function mergeTensors(e: Elaboration, selector: Value<number>, nodes: readonly number[], scope: Scope, at: Span, name: string): Term {
  if (nodes.every((node) => node === nodes[0])) return tensorTerm(nodes[0]!);
  const shape = e.pool.select(selector, nodes.map((node) => e.nodes[node]!.shape), "shape");
  e.reportTooWide(at);
  return tensorTerm(e.addNode({ kind: "select", inputs: nodes, selector, shape, place: e.place(scope.site, name, at, `:${name}`) }, at));
}

/** f of every option of a choice, joined again; f of the term itself where it is no choice. */
export function overChoice(e: Elaboration, term: Term, scope: Scope, at: Span, f: (option: Term, scope: Scope) => Term): Term {
  if (term.kind !== "choice") return term.kind === "broken" ? broken : f(term, scope);
  const results = term.options.map((option, position) => {
    const inner = under(e, scope, picks(e, term.selector, position));
    if (e.pool.always(inner.site.condition, false)) return impossible;
    return overChoice(e, option, inner, at, f);
  });
  return merge(e, term.selector, results, scope, at);
}

/** The term as one table, where it is made of values only; none is null. */
export function toValue(e: Elaboration, term: Term): Value | undefined {
  switch (term.kind) {
    case "value": return term.value;
    case "none": return e.pool.constant(null);
    case "list": {
      const values = term.elements.map((element) => toValue(e, element));
      if (!values.every((value) => value !== undefined)) return undefined;
      return e.pool.combineLoose(values, (cells): AttributeValue | undefined => (cells.every((cell) => cell !== undefined) ? cells.slice() : undefined));
    }
    case "choice": {
      const values = term.options.map((option) => toValue(e, option));
      return values.every((value) => value !== undefined) ? e.pool.select(term.selector, values) : undefined;
    }
    default: return undefined;
  }
}

/** As `toValue`, where operators and unknown names stand for symbols; those of `accept` only, if given. */
export function toSymbol(e: Elaboration, term: Term, accept?: (name: string) => boolean): Value | undefined {
  switch (term.kind) {
    case "operator": return accept === undefined || accept(term.operator.name) ? e.pool.constant(term.operator.name) : undefined;
    case "symbol": {
      if (accept !== undefined && !accept(term.name)) return undefined;
      const names = [...term.arguments.keys()];
      if (names.length === 0) return e.pool.constant(term.name);
      const values = [...term.arguments.values()].map((argument) => toSymbol(e, argument));
      if (!values.every((value) => value !== undefined)) return undefined;
      return e.pool.combineLoose(values, (cells): AttributeValue | undefined => {
        const given: Record<string, AttributeValue> = {};
        for (const [position, name] of names.entries()) {
          const cell = cells[position];
          if (cell === undefined) return undefined;
          given[name] = cell;
        }
        return { tag: term.name, arguments: given };
      });
    }
    case "choice": {
      const values = term.options.map((option) => toSymbol(e, option, accept));
      return values.every((value) => value !== undefined) ? e.pool.select(term.selector, values) : undefined;
    }
    default: {
      const value = toValue(e, term);
      if (value === undefined || accept === undefined) return value;
      // Strings and symbols that came through a variable or `-D`.
      return value.cells.every((cell) => cell === undefined || cell === null || accept(isTagged(cell) ? cell.tag : String(cell))) ? value : undefined;
    }
  }
}
