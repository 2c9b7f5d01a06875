/**
 * `-D NAME=VALUE`: replaces the value of a constant before anything is checked. The value is a literal of the language and of the type
 * that the constant has; it is put wherever the constant is known, so that a library sees it too.
 */
import { diagnostic, type Diagnostic, type Source, type Span } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import type { AttributeValue } from "../ops/operator.js";
import type { Expression } from "../parser/ast.js";
import { parse } from "../parser/parse.js";
import type { Definition, Module } from "./module.js";
import { dimensionName, parseUnit, type Dimension } from "./units.js";

export interface Overridden { readonly diagnostics: readonly Diagnostic[]; readonly sources: readonly Source[] }

interface DefinitionTable extends Module { readonly definitions: Map<string, Definition> }

type ConstDefinition = Extract<Definition, { kind: "const" }>;

/** What is known of a constant's type from its syntax; `unknown` takes any value. */
type ValueType = { readonly kind: "number"; readonly dimension: Dimension } | { readonly kind: "boolean" | "string" | "list" | "none" | "unknown" };

const REFERENCE_LIMIT = 50;

function typeOf(expression: Expression, module: Module, depth = 0): ValueType {
  switch (expression.kind) {
    case "number": return { kind: "number", dimension: parseUnit(expression.unit ?? "")?.dimension ?? "count" };
    case "string": return { kind: "string" };
    case "boolean": return { kind: "boolean" };
    case "none": return { kind: "none" };
    case "list": return { kind: "list" };
    case "unary": return expression.operator === "not" ? { kind: "boolean" } : typeOf(expression.operand, module, depth);
    case "name": {
      const definition = depth < REFERENCE_LIMIT ? module.lookup(expression.name) : undefined;
      return definition?.kind === "const" ? typeOf(definition.declaration.value, definition.module, depth + 1) : { kind: "unknown" };
    }
    default: return { kind: "unknown" };
  }
}

function describeType(type: ValueType): string {
  switch (type.kind) {
    case "number": return dimensionName(type.dimension);
    case "boolean": return "true or false";
    case "string": return "a text";
    case "list": return "a list";
    case "none": return "`none`";
    case "unknown": return "another value";
  }
}

/** The value of a literal in base units; undefined for anything else. */
function literal(expression: Expression): AttributeValue | undefined {
  switch (expression.kind) {
    case "number": {
      const unit = parseUnit(expression.unit ?? "");
      return unit === undefined ? undefined : expression.value * unit.factor;
    }
    case "string": case "boolean": return expression.value;
    case "none": return null;
    case "unary": {
      const operand = expression.operator === "-" ? literal(expression.operand) : undefined;
      return typeof operand === "number" ? -operand : undefined;
    }
    case "list": {
      const elements = expression.elements.map(literal);
      return elements.every((element): element is AttributeValue => element !== undefined) ? elements : undefined;
    }
    default: return undefined;
  }
}

/** `text` as one expression, or undefined where it is not exactly one. */
function readExpression(text: string): Expression | undefined {
  const { program, diagnostics } = parse({ file: "-D", text: `const X = ${text}\n` });
  const [declaration, ...rest] = program.declarations;
  if (diagnostics.length > 0 || rest.length > 0 || declaration?.kind !== "const") return undefined;
  return declaration.value;
}

/** The same kind and, of numbers, the same dimension. `none` and constants of unknown type go with everything. */
function fits(declared: ValueType, given: ValueType): boolean {
  if (declared.kind === "unknown" || declared.kind === "none") return true;
  return declared.kind === given.kind && (declared.kind !== "number" || given.kind !== "number" || declared.dimension === given.dimension);
}

/** The value that `text` gives to a constant, or what is wrong with it. */
function overrideOf(definition: ConstDefinition, name: string, text: string, at: Span): { readonly value: AttributeValue } | Diagnostic {
  const declared = typeOf(definition.declaration.value, definition.module);
  const expression = readExpression(text);
  const value = expression === undefined ? undefined : literal(expression);
  // A shell takes the quotes away, so a constant that is a text takes any text.
  if (declared.kind === "string" && typeof value !== "string") return { value: text };
  if (expression === undefined || value === undefined) {
    return diagnostic("NAS2009", { title: `\`${text}\` is not a value for \`${name}\``, at, label: "not a literal of the language", help: "numbers with or without unit, `true`, `false`, `none`, \"texts\", [lists]" });
  }
  const given = typeOf(expression, definition.module);
  if (fits(declared, given)) return { value };
  return diagnostic("NAS2010", {
    title: `\`${name}\` takes ${describeType(declared)}`, at, label: `this is ${describeType(given)}`,
    causes: [{ span: definition.declaration.value.span, text: `${describeType(declared)} here` }], help: "give a value of the same type as the declared one",
  });
}

/** Puts the values of `-D` into every module that knows the constant. */
export function applyOverrides(main: DefinitionTable, modules: readonly DefinitionTable[], constants: ReadonlyMap<string, string>): Overridden {
  const diagnostics: Diagnostic[] = [];
  const sources: Source[] = [];
  for (const [name, text] of constants) {
    const source = { file: `-D ${name}`, text: `${name}=${text}` };
    sources.push(source);
    const definition = main.lookup(name);
    if (definition?.kind === "broken") continue;
    if (definition?.kind !== "const") {
      const known = main.names().filter((each) => main.lookup(each)?.kind === "const");
      const near = suggest(name, known);
      diagnostics.push(diagnostic("NAS2008", {
        title: `the program has no constant \`${name}\``, at: { file: source.file, start: 0, end: name.length }, label: definition === undefined ? "not declared" : `this is a${definition.kind === "architecture" || definition.kind === "accelerator" ? "n" : ""} ${definition.kind}`,
        help: near.length > 0 ? `did you mean ${near.map((each) => `\`${each}\``).join(" or ")}?` : known.length > 0 ? `constants are ${known.map((each) => `\`${each}\``).join(", ")}` : `declare it: \`const ${name} = ${text}\``,
      }));
      continue;
    }
    const outcome = overrideOf(definition, name, text, { file: source.file, start: name.length + 1, end: source.text.length });
    if ("code" in outcome) {
      diagnostics.push(outcome);
      continue;
    }
    const replaced: Definition = { ...definition, override: { value: outcome.value, text } };
    for (const module of modules) for (const [key, each] of module.definitions) if (each === definition) module.definitions.set(key, replaced);
  }
  return { diagnostics, sources };
}
