/**
 * What a name means: locals, definitions of the module, members of the expected enumeration, operators, built-in functions, and at last
 * symbols, to which only an enumeration parameter can give a meaning. Constants are evaluated when first met.
 */
import type { Span } from "../../diagnostics/model.js";
import { suggest } from "../../diagnostics/suggest.js";
import type { AttributeValue, ParameterType } from "../../ops/operator.js";
import { operators } from "../../ops/registry.js";
import type { NameExpression } from "../../parser/ast.js";
import type { Definition } from "../module.js";
import { isList } from "../values.js";
import { builtinNames, isBuiltin } from "./builtins.js";
import type { Elaboration } from "./elaboration.js";
import { evaluate } from "./evaluate.js";
import { newFrame, rootSite, type Frame, type Scope } from "./scope.js";
import { broken, none, valueTerm, type Term } from "./term.js";

export function evaluateName(e: Elaboration, expression: NameExpression, scope: Scope, expected?: ParameterType): Term {
  const { name, span } = expression;
  const local = scope.frame.locals.get(name);
  if (local !== undefined) return local;
  const definition = scope.frame.module.lookup(name);
  if (definition !== undefined) return definitionTerm(e, definition, name, span);
  if (isMember(name, expected)) return valueTerm(e.pool.constant(name));
  return globalTerm(name) ?? symbolTerm(name, span) ?? unknownName(e, name, span, scope.frame);
}

/** What a name means where something is called: values that cannot be called do not hide functions. */
export function calleeTerm(e: Elaboration, expression: NameExpression, scope: Scope): Term {
  const { name, span } = expression;
  const local = scope.frame.locals.get(name);
  if (local !== undefined && (callable(local) || globalTerm(name) === undefined)) return local;
  const definition = scope.frame.module.lookup(name);
  if (definition !== undefined && (definition.kind !== "const" || globalTerm(name) === undefined)) return definitionTerm(e, definition, name, span);
  return globalTerm(name) ?? symbolTerm(name, span) ?? unknownName(e, name, span, scope.frame);
}

function callable(term: Term): boolean {
  return term.kind === "broken" || term.kind === "operator" || term.kind === "block" || term.kind === "builtin" || term.kind === "partial" || (term.kind === "choice" && term.options.some(callable));
}

export function isMember(name: string, type: ParameterType | undefined): boolean {
  return type?.kind === "enumeration" && type.members.some((member) => member.name === name);
}

function globalTerm(name: string): Term | undefined {
  const operator = operators.get(name);
  if (operator !== undefined) return { kind: "operator", operator };
  return isBuiltin(name) ? { kind: "builtin", name } : undefined;
}

function symbolTerm(name: string, span: Span): Term | undefined {
  if (!symbolNames().has(name)) return undefined;
  return { kind: "symbol", name, arguments: new Map(), span };
}

/** Every member of every enumeration of the vocabulary, those of members' own parameters included. */
export function symbolNames(): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (type: ParameterType): void => {
    if (type.kind !== "enumeration") return;
    for (const member of type.members) {
      found.add(member.name);
      for (const parameter of member.parameters ?? []) visit(parameter.type);
    }
  };
  for (const operator of operators.values()) for (const parameter of operator.parameters) visit(parameter.type);
  return found;
}

/** Near names come from everything that could stand here. */
export function unknownName(e: Elaboration, name: string, span: Span, frame: Frame): Term {
  const candidates = [...frame.locals.keys(), ...frame.module.names(), ...operators.keys(), ...builtinNames, ...symbolNames()];
  const near = suggest(name, candidates);
  const inLoop = frame.history.has(name);
  const help = near.length > 0 ? `did you mean ${near.map((each) => `\`${each}\``).join(" or ")}?` : inLoop ? `assign \`${name}\` before the loop, so that it has a value after it` : undefined;
  return e.report("NAS3001", { title: `nothing is called \`${name}\``, at: span, label: inLoop ? "assigned only inside a loop" : "unknown name", ...(help === undefined ? {} : { help }) });
}

function definitionTerm(e: Elaboration, definition: Definition, name: string, at: Span): Term {
  switch (definition.kind) {
    case "const": return constantTerm(e, definition, at);
    case "block": return { kind: "block", declaration: definition.declaration, module: definition.module };
    case "broken": return broken;
    case "space": case "architecture": case "accelerator": case "search":
      return e.report("NAS3025", { title: `\`${name}\` is not a value`, at, label: `this is the name of a declaration (${definition.kind})`, causes: [{ span: definition.declaration.name.span, text: "declared here" }] });
    default: { const never: never = definition; return never; }
  }
}

/** A constant in its own module, without decisions; evaluated once. */
export function constantTerm(e: Elaboration, definition: Definition & { readonly kind: "const" }, at: Span): Term {
  const known = e.constants.get(definition);
  if (known === "evaluating") {
    return e.report("NAS3017", { title: `\`${definition.declaration.name.name}\` is defined by itself`, at, label: "needs its own value", causes: [{ span: definition.declaration.name.span, text: "declared here" }] });
  }
  if (known !== undefined) return known;
  e.constants.set(definition, "evaluating");
  const before = e.decisionsAllowed;
  e.decisionsAllowed = false;
  const scope: Scope = { frame: newFrame(definition.module, 0), site: rootSite(e.pool.constant(true)) };
  const term = evaluate(e, definition.declaration.value, scope);
  e.decisionsAllowed = before;
  const result = definition.override === undefined ? term : overridden(e, definition.override.value, term);
  e.constants.set(definition, result);
  return result;
}

/** `-D` gives base units; what they measure is what the declared value measures. */
function overridden(e: Elaboration, value: AttributeValue, declared: Term): Term {
  if (value === null) return none;
  if (isList(value)) return { kind: "list", elements: value.map((element) => overridden(e, element, declared.kind === "list" ? declared.elements[0] ?? broken : broken)) };
  return valueTerm(e.pool.constant(value), declared.kind === "value" ? declared.dimension : undefined);
}
