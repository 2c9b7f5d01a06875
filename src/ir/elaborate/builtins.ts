/**
 * Functions of the language: extents of tensors (values like any other, so they may stand in guards and constraints), rounding, and
 * folds over lists. `count` looks back at the rounds of a loop (`history.ts`).
 */
import type { AttributeValue } from "../../ops/operator.js";
import type { Value } from "../space.js";
import { isList } from "../values.js";
import type { Call } from "./call.js";
import { problemCell, type Elaboration } from "./elaboration.js";
import { checked, evaluate } from "./evaluate.js";
import { countRounds } from "./history.js";
import { overChoice, toValue } from "./merge.js";
import type { Scope } from "./scope.js";
import { broken, describe, hasBroken, isImpossible, valueTerm, type Term } from "./term.js";

type Extent = (shape: readonly number[]) => AttributeValue | undefined;

/** Shapes are [height, width, channels], [tokens, channels] or [channels]. */
const extents: Readonly<Record<string, { readonly of: Extent; readonly needs: string }>> = {
  channels: { of: (shape) => shape.at(-1), needs: "an axis of channels" },
  height: { of: (shape) => (shape.length === 3 ? shape[0] : undefined), needs: "a map [height, width, channels]" },
  width: { of: (shape) => (shape.length === 3 ? shape[1] : undefined), needs: "a map [height, width, channels]" },
  tokens: { of: (shape) => (shape.length === 3 ? shape[0]! * shape[1]! : shape.length === 2 ? shape[0] : undefined), needs: "tokens [tokens, channels] or a map" },
  shape: { of: (shape) => shape, needs: "a tensor" },
};

type Fold = (numbers: readonly number[]) => number;

const folds: Readonly<Record<string, Fold>> = {
  min: (numbers) => Math.min(...numbers),
  max: (numbers) => Math.max(...numbers),
  sum: (numbers) => numbers.reduce((total, each) => total + each, 0),
};

const functions: Readonly<Record<string, { readonly parameters: number; readonly of: (...numbers: readonly number[]) => number }>> = {
  round: { parameters: 1, of: (x) => Math.floor(x! + 0.5) },
  floor: { parameters: 1, of: (x) => Math.floor(x!) },
  ceil: { parameters: 1, of: (x) => Math.ceil(x!) },
  abs: { parameters: 1, of: (x) => Math.abs(x!) },
  log2: { parameters: 1, of: (x) => Math.log2(x!) },
  sqrt: { parameters: 1, of: (x) => Math.sqrt(x!) },
  // The nearest multiple, but at least one: how widths are made divisible.
  round_to: { parameters: 2, of: (x, step) => Math.max(step!, Math.floor(x! / step! + 0.5) * step!) },
};

export const builtinNames: readonly string[] = [...Object.keys(extents), ...Object.keys(folds), ...Object.keys(functions), "length", "count"];

export function isBuiltin(name: string): boolean {
  return builtinNames.includes(name);
}

export function callBuiltin(e: Elaboration, name: string, given: Call, scope: Scope): Term {
  const named = given.arguments.find((argument) => argument.name !== undefined);
  if (named?.name !== undefined) return e.report("NAS3003", { title: `\`${name}\` takes no named arguments`, at: named.name.span, label: "give the value alone" });
  if (name === "count") {
    const [condition] = given.arguments;
    return condition !== undefined && given.arguments.length === 1 && given.piped === undefined ? countRounds(e, condition.value, scope) : wrongCount(e, name, 1, given);
  }
  const terms = [...(given.piped === undefined ? [] : [given.piped]), ...given.arguments.map((argument) => evaluate(e, argument.value, scope))];
  if (terms.some(hasBroken)) return broken;
  if (Object.hasOwn(extents, name)) return callExtent(e, name, terms, given, scope);
  if (name === "length") return callLength(e, terms, given, scope);
  if (Object.hasOwn(folds, name)) return callFold(e, name, terms, given, scope);
  return callFunction(e, name, terms, given, scope);
}

function wrongCount(e: Elaboration, name: string, wanted: number, given: Call): Term {
  return e.report("NAS3005", { title: `\`${name}\` takes ${wanted} argument${wanted === 1 ? "" : "s"}`, at: given.span, label: `${given.arguments.length + (given.piped === undefined ? 0 : 1)} given` });
}

function callExtent(e: Elaboration, name: string, terms: readonly Term[], given: Call, scope: Scope): Term {
  const [tensor] = terms;
  const extent = extents[name]!;
  if (tensor === undefined || terms.length !== 1) return wrongCount(e, name, 1, given);
  return overChoice(e, tensor, scope, given.span, (term, inner) => {
    if (term.kind === "broken" || isImpossible(term)) return term;
    if (term.kind !== "tensor") return e.report("NAS3010", { title: `\`${name}\` is asked of a tensor`, at: given.span, label: `this is ${describe(term)}` });
    e.askExtent(term.node, inner.site.condition);
    const outcome = e.pool.map(e.nodes[term.node]!.shape, (shape): AttributeValue => extent.of(shape) ?? problemCell(`\`${name}\` needs ${extent.needs}`, `the shape is [${shape.join(", ")}]`), name);
    return checked(e, outcome, inner, given.span, "NAS3024");
  });
}

function callLength(e: Elaboration, terms: readonly Term[], given: Call, scope: Scope): Term {
  const [list] = terms;
  if (list === undefined || terms.length !== 1) return wrongCount(e, "length", 1, given);
  return overChoice(e, list, scope, given.span, (term) => {
    if (term.kind === "list") return valueTerm(e.pool.constant(term.elements.length));
    if (term.kind === "value" && term.value.cells.every((cell) => cell === undefined || isList(cell))) return valueTerm(e.pool.map(term.value as Value<readonly AttributeValue[]>, (cells) => cells.length));
    return e.report("NAS3007", { title: "`length` is asked of a list", at: given.span, label: `this is ${describe(term)}` });
  });
}

const isNumbers = (value: Value | undefined): value is Value<number> => value !== undefined && value.cells.every((cell) => cell === undefined || typeof cell === "number");

/** Of several numbers, or of one list. */
function callFold(e: Elaboration, name: string, terms: readonly Term[], given: Call, scope: Scope): Term {
  const [only] = terms;
  const fold = folds[name]!;
  if (terms.length === 1 && only?.kind === "value" && only.value.cells.every((cell) => cell === undefined || isList(cell))) {
    const outcome = e.pool.map(only.value as Value<readonly AttributeValue[]>, (cells): AttributeValue => {
      const numbers = cells.filter((cell) => typeof cell === "number");
      return numbers.length === cells.length && (cells.length > 0 || name === "sum") ? fold(numbers) : problemCell(`\`${name}\` needs numbers`, `a list of ${cells.length} values`);
    });
    return checked(e, outcome, scope, given.span, "NAS3007");
  }
  const elements = terms.length === 1 && only?.kind === "list" ? only.elements : terms;
  const values = elements.map((element) => toValue(e, element));
  if ((elements.length === 0 && name !== "sum") || !values.every(isNumbers)) return e.report("NAS3007", { title: `\`${name}\` needs numbers`, at: given.span, label: elements.length === 0 ? "there are none" : "not all of these are numbers" });
  const dimensions = new Set(elements.map((element) => (element.kind === "value" ? element.dimension : undefined)));
  if (dimensions.size > 1) return e.report("NAS3009", { title: `\`${name}\` does not go with these units`, at: given.span, label: [...dimensions].map((dimension) => dimension ?? "plain number").join(", ") });
  const [first, ...rest] = values;
  if (first === undefined) return valueTerm(e.pool.constant(0));
  return valueTerm(rest.reduce((state, value) => e.pool.combine([state, value], (a, b) => fold([a, b]), name), first), [...dimensions][0]);
}

function callFunction(e: Elaboration, name: string, terms: readonly Term[], given: Call, scope: Scope): Term {
  const { parameters, of } = functions[name]!;
  if (terms.length !== parameters) return wrongCount(e, name, parameters, given);
  const values = terms.map((term) => toValue(e, term));
  if (!values.every(isNumbers)) return e.report("NAS3007", { title: `\`${name}\` needs numbers`, at: given.span, label: terms.map(describe).join(", ") });
  const dimension = terms[0]?.kind === "value" ? terms[0].dimension : undefined;
  const outcome = e.pool.combineLoose(values, (cells): AttributeValue | undefined => {
    const numbers = cells.filter((cell) => typeof cell === "number");
    if (numbers.length < cells.length) return undefined;
    const result = of(...numbers);
    return Number.isFinite(result) ? result : problemCell("the result is not a number that can be held", `${name}(${numbers.join(", ")})`);
  });
  const term = checked(e, outcome, scope, given.span, "NAS3013");
  return term.kind === "value" ? valueTerm(term.value, dimension) : term;
}
