/**
 * How values look in the text of both IRs. Attribute values: `16`, `"text"`, `true`, `none`, `[3, 3]`, `linear(feature = cos)`.
 * Tables over variables: `v2` (the variable's own value), `v2 is { conv, add } and v3 is { 5 }` (true there and nowhere else), `(v0, v2) -> [1, 3 * 2, _]` (every
 * combination, last variable fastest, `3 * 2` three times in a row, `_` undefined).
 */
import type { AttributeValue } from "../../ops/operator.js";
import type { Value, Variable, VariableId } from "../space.js";
import { isList } from "../values.js";

const WORD = /^[A-Za-z_][A-Za-z0-9_]*$/;
const RESERVED = /^(true|false|none|_|NaN|Infinity|[vn]\d+)$/;
/** Shorter runs of equal cells are written out. */
const SHORTEST_RUN = 3;

/** A name bare where it is a word, quoted otherwise. */
export function printName(name: string): string {
  return WORD.test(name) && !RESERVED.test(name) ? name : JSON.stringify(name);
}

export function printAttribute(value: AttributeValue): string {
  switch (typeof value) {
    case "number": return Object.is(value, -0) ? "-0" : String(value);
    case "boolean": return String(value);
    case "string": return JSON.stringify(value);
    default: {
      if (value === null) return "none";
      if (isList(value)) return `[${value.map(printAttribute).join(", ")}]`;
      const given = Object.entries(value.arguments).map(([name, argument]) => `${printName(name)} = ${printAttribute(argument)}`);
      const name = printName(value.tag);
      return given.length === 0 && !name.startsWith('"') ? name : `${name}(${given.join(", ")})`;
    }
  }
}

/** The label that an option has unless another is written. */
export function defaultLabel(value: AttributeValue): string {
  return typeof value === "string" ? value : printAttribute(value);
}

/** A label as it stands in the text: bare where it reads back as one token. */
export function printLabel(label: string): string {
  return WORD.test(label) || /^-?\d+(\.\d+)?$/.test(label) ? label : JSON.stringify(label);
}

export const variableName = (id: VariableId): string => `v${id}`;

/** Names of a variable's options as `is` lists them; undefined where they are not unique. */
export function optionTexts(variable: Variable): readonly string[] | undefined {
  const texts = variable.kind === "decision" ? variable.labels.map(printLabel) : variable.domain.map(printAttribute);
  return new Set(texts).size === texts.length ? texts : undefined;
}

export const printCell = (cell: AttributeValue | undefined): string => (cell === undefined ? "_" : printAttribute(cell));

/** `[a, 3 * b, c]` */
export function printCells(texts: readonly string[]): string {
  const parts: string[] = [];
  for (let start = 0, end = 0; start < texts.length; start = end) {
    while (end < texts.length && texts[end] === texts[start]) end++;
    if (end - start >= SHORTEST_RUN) parts.push(`${end - start} * ${texts[start]!}`);
    else parts.push(...texts.slice(start, end));
  }
  return `[${parts.join(", ")}]`;
}

export function printValue(variables: readonly Variable[], value: Value): string {
  const { scope, cells } = value;
  const [first] = scope;
  if (first === undefined) return printCell(cells[0]);
  const texts = cells.map(printCell);
  const single = scope.length === 1;
  const { domain } = variables[first]!;
  if (single && texts.length === domain.length && texts.every((text, option) => text === printAttribute(domain[option]!))) return variableName(first);
  return printConditions(variables, value) ?? `${single ? variableName(first) : `(${scope.map(variableName).join(", ")})`} -> ${printCells(texts)}`;
}

/** `v1 is { 2 } and v4 is { conv }` where the table is true on a product of options, and only there. */
function printConditions(variables: readonly Variable[], { scope, cells }: Value): string | undefined {
  if (!cells.every((cell) => typeof cell === "boolean")) return undefined;
  const names = scope.map((id) => optionTexts(variables[id]!));
  if (names.some((texts) => texts === undefined) || cells.length !== names.reduce((product, texts) => product * texts!.length, 1)) return undefined;
  const taken = scope.map(() => new Set<number>());
  cells.forEach((cell, index) => {
    if (!cell) return;
    for (let position = scope.length - 1, rest = index; position >= 0; position--) {
      const options = names[position]!.length;
      taken[position]!.add(rest % options);
      rest = Math.floor(rest / options);
    }
  });
  if (taken.reduce((product, options) => product * options.size, 1) !== cells.filter(Boolean).length) return undefined;
  return scope.map((id, position) => `${variableName(id)} is { ${names[position]!.filter((_, option) => taken[position]!.has(option)).join(", ")} }`).join(" and ");
}
