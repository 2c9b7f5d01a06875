/**
 * Calling an operator: sorts arguments into tensors and parameters, turns parameters into tables, evaluates the shape rule for every
 * combination, and makes the node. Combinations that the rule refuses become obligations of the node: they must not be reachable.
 */
import type { Span } from "../../diagnostics/model.js";
import { attributeProblem } from "../../ops/guard.js";
import { isProblem, type Attributes, type AttributeValue, type Operator, type Parameter, type Shape } from "../../ops/operator.js";
import { operators } from "../../ops/registry.js";
import type { Value } from "../space.js";
import { isList } from "../values.js";
import { reportUnknownParameter } from "./block-call.js";
import type { Call } from "./call.js";
import { problemCell, type Elaboration } from "./elaboration.js";
import { evaluate, isProblemCell } from "./evaluate.js";
import { merge, picks, toSymbol, toValue, under } from "./merge.js";
import { withSite, type Scope } from "./scope.js";
import { broken, describe, hasBroken, isImpossible, mayBeTensor, tensorTerm, writtenCell, type Term } from "./term.js";

interface Given { readonly term: Term; readonly span: Span }

/** An operator with its arguments, ready to make nodes. */
interface Prepared {
  readonly operator: Operator;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly spans: ReadonlyMap<string, Span>;
  readonly span: Span;
  readonly variant: string;
}

export function callOperator(e: Elaboration, operator: Operator, given: Call, scope: Scope, variant: string): Term {
  const sorted = sortArguments(e, operator, given, scope);
  if (sorted === undefined) return broken;
  const attributes = attributesOf(e, operator, sorted.parameters, given, scope);
  if (attributes === undefined) return broken;
  const spans = new Map([...sorted.parameters].map(([name, { span }]) => [name, span]));
  const prepared: Prepared = { operator, attributes, spans, span: given.span, variant };
  if (sorted.tensors.length < operator.inputs.minimum) {
    return { kind: "partial", text: given.text, apply: (piped, where) => apply(e, prepared, [{ term: piped, span: given.span }, ...sorted.tensors], where) };
  }
  return apply(e, prepared, sorted.tensors, scope);
}

/** A call that the language itself makes, such as the sum that `a + b` means. */
export function callNamed(e: Elaboration, name: string, tensors: readonly Term[], parameters: Readonly<Record<string, Term>>, scope: Scope, span: Span): Term {
  const operator = operators.get(name);
  if (operator === undefined) return e.report("NAS4010", { title: `the operator \`${name}\` is not available yet`, at: span, label: "needed here" });
  const given: Call = { piped: undefined, arguments: [], text: name, span, calleeSpan: span };
  const attributes = attributesOf(e, operator, new Map(Object.entries(parameters).map(([key, term]) => [key, { term, span }])), given, scope);
  return attributes === undefined ? broken : apply(e, { operator, attributes, spans: new Map(), span, variant: `:${name}` }, tensors.map((term) => ({ term, span })), scope);
}

interface Sorted { readonly tensors: readonly Given[]; readonly parameters: ReadonlyMap<string, Given> }

/** undefined: already diagnosed. */
function sortArguments(e: Elaboration, operator: Operator, given: Call, scope: Scope): Sorted | undefined {
  const tensors: Given[] = [];
  const parameters = new Map<string, Given>();
  const names = operator.parameters.map(({ name }) => name);
  let good = true;
  let position = 0;
  let sawParameter = false;
  const addTensor = (term: Term, span: Span): void => {
    if (term.kind === "list" && operator.inputs.maximum > 1) term.elements.forEach((element) => addTensor(element, span));
    else tensors.push({ term, span });
  };
  if (given.piped !== undefined) addTensor(given.piped, given.span);
  for (const argument of given.arguments) {
    let parameter = argument.name === undefined ? undefined : operator.parameters.find(({ name }) => name === argument.name?.name);
    if (argument.name !== undefined && parameter === undefined) {
      good = false;
      reportUnknownParameter(e, operator.name, argument.name.name, names, argument.name.span);
      continue;
    }
    let term: Term | undefined;
    if (parameter === undefined) {
      const bare = argument.value.kind === "name" ? argument.value.name : undefined;
      // `depthwise(kernel = 3, stride)`: after named arguments, or where no position is left, a bare name is for the parameter it names.
      if (bare !== undefined && names.includes(bare) && (parameters.size > position || position >= names.length)) parameter = operator.parameters.find(({ name }) => name === bare);
      else if (!sawParameter && tensors.length < operator.inputs.maximum) {
        const next = operator.parameters[position];
        term = evaluate(e, argument.value, withSite(scope, { naming: next?.name }), tensors.length >= operator.inputs.minimum ? next?.type : undefined);
        // Told already, whichever of both it was meant to be.
        if (hasBroken(term)) { good = false; continue; }
        // A call that still waits for its tensor was meant to be one.
        const isTensor = mayBeTensor(term) || term.kind === "partial" || (term.kind === "list" && operator.inputs.maximum > 1 && term.elements.some(mayBeTensor)) || (term.kind === "none" && tensors.length >= operator.inputs.minimum);
        if (isTensor) { addTensor(term, argument.span); continue; }
      }
      if (parameter === undefined) {
        sawParameter = true;
        parameter = operator.parameters[position++];
      }
    }
    if (parameter === undefined) {
      good = false;
      e.report("NAS3005", { title: `\`${operator.name}\` takes ${names.length === 0 ? "no parameters" : names.length === 1 ? "one parameter" : `at most ${names.length} parameters`}`, at: argument.span, label: "one too many", ...(names.length > 0 ? { help: `${names.length === 1 ? "it is" : "they are"} ${names.map((name) => `\`${name}\``).join(", ")}` } : {}) });
      continue;
    }
    if (parameters.has(parameter.name)) {
      good = false;
      e.report("NAS3006", { title: `\`${parameter.name}\` is given twice`, at: argument.span, label: "the second value", causes: [{ span: parameters.get(parameter.name)!.span, text: "the first one" }] });
      continue;
    }
    term ??= evaluate(e, argument.value, withSite(scope, { naming: parameter.name }), parameter.type);
    if (hasBroken(term)) good = false;
    parameters.set(parameter.name, { term, span: argument.value.span });
  }
  return good ? { tensors, parameters } : undefined;
}

/** Every parameter as a table, defaults filled in; undefined: already diagnosed. */
function attributesOf(e: Elaboration, operator: Operator, given: ReadonlyMap<string, Given>, call: Call, scope: Scope): Record<string, Value> | undefined {
  const attributes: Record<string, Value> = {};
  let good = true;
  for (const parameter of operator.parameters) {
    const argument = given.get(parameter.name);
    const value = argument === undefined || argument.term.kind === "none" ? undefined : parameterValue(e, parameter, argument, scope);
    if (value === "broken") { good = false; continue; }
    if (value !== undefined) { attributes[parameter.name] = value; continue; }
    if (parameter.quiet === true) continue;
    if (parameter.defaultValue === undefined) {
      good = false;
      e.report("NAS3004", { title: `\`${operator.name}\` needs \`${parameter.name}\``, at: call.span, label: `no value for \`${parameter.name}\``, help: parameter.summary });
      continue;
    }
    attributes[parameter.name] = e.pool.constant(parameter.defaultValue);
  }
  return good ? attributes : undefined;
}

/** What a parameter expects, in words. */
function expectation({ type }: Parameter): string {
  switch (type.kind) {
    case "integer": return "a whole number";
    case "number": return "a number";
    case "boolean": return "true or false";
    case "enumeration": return `one of ${type.members.map(({ name }) => name).join(", ")}`;
    case "pair": return "a whole number or a pair of them";
    case "list": return "a list";
    case "text": return "a text";
    default: { const never: never = type; return String(never); }
  }
}

function parameterValue(e: Elaboration, parameter: Parameter, { term, span }: Given, scope: Scope): Value | "broken" {
  const { type, name, defaultValue } = parameter;
  if (hasBroken(term)) return "broken";
  if (term.kind === "value" && term.dimension !== undefined) {
    e.report("NAS3009", { title: `\`${name}\` takes ${expectation(parameter)} without unit`, at: span, label: `this is ${describe(term)}` });
    return "broken";
  }
  const accept = type.kind === "enumeration" ? (symbol: string): boolean => type.members.some((member) => member.name === symbol) : undefined;
  const value = accept === undefined ? toValue(e, term) : toSymbol(e, term, accept);
  if (value === undefined) {
    e.report("NAS3007", { title: `\`${name}\` takes ${expectation(parameter)}`.slice(0, 70), at: span, label: `this is ${describe(term)}`, help: `\`${name}\`: ${parameter.summary}${type.kind === "enumeration" ? ` Values: ${type.members.map((member) => member.name).join(", ")}.` : ""}` });
    return "broken";
  }
  // What no decision can mend is reported at once; elsewhere it is left to the proof, since nobody may get here.
  const cells = e.pool.distinct(value).filter((cell) => cell !== null);
  const problems = cells.map((cell) => attributeProblem([parameter], { [name]: cell }));
  const [first] = problems;
  if (first !== undefined && scope.site.condition.scope.length === 0 && problems.every((problem) => problem !== undefined)) {
    e.report("NAS3008", { title: first.problem, at: span, label: first.detail, ...(cells.length > 1 ? { why: `none of ${cells.map(writtenCell).join(", ")} can be taken` } : {}), help: `\`${name}\`: ${parameter.summary}` });
    return "broken";
  }
  return value.cells.includes(null) && defaultValue !== undefined && defaultValue !== null ? e.pool.map(value, (cell) => (cell === null ? defaultValue : cell)) : value;
}

/** Makes the node; a choice among tensors and others is called alternative by alternative. */
function apply(e: Elaboration, prepared: Prepared, given: readonly Given[], scope: Scope): Term {
  const { operator, span } = prepared;
  const at = given.findIndex(({ term }) => term.kind === "choice");
  const chosen = given[at]?.term;
  if (chosen?.kind === "choice") {
    const results = chosen.options.map((option, position) => {
      const inner = given.map((each, index) => (index === at ? { ...each, term: option } : each));
      return apply(e, { ...prepared, variant: `${prepared.variant}~${position}` }, inner, under(e, scope, picks(e, chosen.selector, position)));
    });
    return merge(e, chosen.selector, results, scope, span, "call");
  }
  const present = given.filter(({ term }) => term.kind !== "none");
  const inputs: number[] = [];
  for (const { term, span: where } of present) {
    if (term.kind === "broken" || isImpossible(term)) return term;
    if (term.kind !== "tensor") return e.report("NAS3010", { title: `\`${operator.name}\` takes tensors`, at: where, label: `this is ${describe(term)}` });
    inputs.push(term.node);
  }
  if (inputs.length < operator.inputs.minimum || inputs.length > operator.inputs.maximum) {
    const { minimum, maximum } = operator.inputs;
    const wanted = minimum === maximum ? String(minimum) : inputs.length < minimum ? `at least ${minimum}` : `at most ${maximum}`;
    return e.report("NAS3010", { title: `\`${operator.name}\` takes ${wanted} tensor${wanted.endsWith(" 1") || wanted === "1" ? "" : "s"}`, at: span, label: `${inputs.length} given` });
  }
  return makeNode(e, prepared, inputs, scope);
}

function makeNode(e: Elaboration, { operator, attributes, spans, span, variant }: Prepared, inputs: readonly number[], scope: Scope): Term {
  const names = Object.keys(attributes);
  const shapes = inputs.map((input) => e.nodes[input]!.shape);
  const outcome = e.pool.combineLoose([...shapes, ...Object.values(attributes)], (cells) => e.shapes.recall(operator, inputs.length, cells, () => e.pool.constant(shapeCell(operator, cells.slice(0, inputs.length), names, cells.slice(inputs.length))).cells[0]), "shape");
  e.reportTooWide(span);
  const refused = outcome.cells.some(isProblemCell);
  const shape = (refused ? e.pool.map(outcome, (cell) => (isProblemCell(cell) ? undefined : cell)) : outcome) as Value<Shape>;
  const place = e.place(scope.site, operator.name, span, variant);
  const group = `${scope.site.instance}|${span.file}:${span.start}`;
  const node = e.addNode({ kind: "operator", operator, inputs, attributes, shape, place, span, group }, span);
  if (!refused) return tensorTerm(node);
  const problem = e.pool.map(outcome, (cell) => (isProblemCell(cell) ? cell : undefined));
  // A node that fits nowhere may be dead as well; then the place decides.
  const hopeless = shape.cells.every((cell) => cell === undefined);
  e.obligations.push({ code: "NAS3104", problem, condition: scope.site.condition, ...(hopeless ? {} : { node }), span, spans, call: e.callInto(span) });
  return tensorTerm(node);
}

function shapeCell(operator: Operator, shapes: readonly (AttributeValue | undefined)[], names: readonly string[], values: readonly (AttributeValue | undefined)[]): AttributeValue | undefined {
  const inputs: Shape[] = [];
  for (const shape of shapes) {
    if (!isList(shape)) return undefined;
    inputs.push(shape as Shape);
  }
  const attributes: Record<string, AttributeValue> = {};
  for (const [position, name] of names.entries()) {
    const value = values[position];
    if (value === undefined) return undefined;
    attributes[name] = value;
  }
  const wrong = attributeProblem(operator.parameters, attributes);
  if (wrong !== undefined) return problemCell(wrong.problem, wrong.detail, wrong.help, wrong.parameter, "NAS3008");
  const result = operator.shape(inputs, attributes satisfies Attributes);
  return isProblem(result) ? problemCell(result.problem, result.detail, result.help, result.parameter) : result.shape;
}
