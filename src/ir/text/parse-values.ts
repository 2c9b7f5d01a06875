/** Reads what `print-values.ts` prints. Tables are read in two steps, because a guard may name options of a variable that comes later. */
import type { AttributeValue } from "../../ops/operator.js";
import type { Value, Variable, VariableId } from "../space.js";
import { optionTexts, printAttribute } from "./print-values.js";
import type { Reader, Token } from "./reader.js";

const VARIABLE = /^v\d+$/;

export function parseAttribute(reader: Reader): AttributeValue {
  const token = reader.next;
  switch (token.kind) {
    case "number": return Number(reader.take().text);
    case "text": {
      const text = reader.text("a value");
      return reader.sees("(") ? tagged(reader, text) : text;
    }
    case "word": return word(reader);
    case "sign": if (reader.accept("[")) return reader.list("]", () => parseAttribute(reader)); break;
    case "end": break;
  }
  return reader.fail("a value was expected");
}

function word(reader: Reader): AttributeValue {
  const { text } = reader.next;
  if (VARIABLE.test(text) || text === "_") return reader.fail("a value was expected");
  reader.take();
  switch (text) {
    case "true": return true;
    case "false": return false;
    case "none": return null;
    case "NaN": return NaN;
    default: return reader.sees("(") ? tagged(reader, text) : { tag: text, arguments: {} };
  }
}

function tagged(reader: Reader, tag: string): AttributeValue {
  reader.expect("(");
  const given = reader.list(")", (): [string, AttributeValue] => {
    const name = reader.name("the name of an argument");
    reader.expect("=");
    return [name, parseAttribute(reader)];
  });
  return { tag, arguments: Object.fromEntries(given) };
}

/** `[a, 3 * b, c]` */
export function parseCells<T>(reader: Reader, cell: () => T): T[] {
  reader.expect("[");
  return reader.list("]", () => {
    if (reader.next.kind !== "number" || !reader.sees("*", 1)) return [cell()];
    const token = reader.take();
    const count = Number(token.text);
    if (!Number.isInteger(count) || count < 1 || count > 1 << 24) reader.fail("a number of repetitions was expected", token);
    reader.expect("*");
    return new Array<T>(count).fill(cell());
  }).flat(1) as T[];
}

export function parseCell(reader: Reader): AttributeValue | undefined {
  return reader.accept("_") ? undefined : parseAttribute(reader);
}

/** A value once all variables are known. */
export type Deferred<T extends AttributeValue = AttributeValue> = (variables: readonly Variable[]) => Value<T>;

function known(reader: Reader, variables: readonly Variable[], id: VariableId, token: Token): Variable {
  return variables[id] ?? reader.fail("there is no such variable", token);
}

export function parseValue(reader: Reader): Deferred {
  if (reader.accept("(")) {
    const scope = reader.list(")", () => reader.reference("v"));
    reader.expect("->");
    const cells = parseCells(reader, () => parseCell(reader));
    return () => ({ scope, cells });
  }
  const token = reader.next;
  if (token.kind !== "word" || !VARIABLE.test(token.text)) {
    const cell = parseCell(reader);
    return () => ({ scope: [], cells: [cell] });
  }
  const id = reader.reference("v");
  if (reader.accept("->")) {
    const cells = parseCells(reader, () => parseCell(reader));
    return () => ({ scope: [id], cells });
  }
  if (!reader.sees("is")) return (variables) => ({ scope: [id], cells: known(reader, variables, id, token).domain });
  const conditions = [parseCondition(reader, id, token)];
  while (reader.accept("and")) {
    const place = reader.next;
    conditions.push(parseCondition(reader, reader.reference("v"), place));
  }
  return (variables) => conditions.reduce<Value<boolean>>((product, condition) => {
    const { scope, cells } = condition(variables);
    return { scope: [...product.scope, ...scope], cells: product.cells.flatMap((before) => cells.map((cell) => before === true && cell === true)) };
  }, { scope: [], cells: [true] });
}

/** `is { conv, add }`, after the variable. */
function parseCondition(reader: Reader, id: VariableId, token: Token): Deferred<boolean> {
  reader.expect("is");
  reader.expect("{");
  const named = reader.list("}", () => optionName(reader));
  return (variables) => {
    const texts = optionTexts(known(reader, variables, id, token)) ?? reader.fail("options of this variable have no unique names", token);
    const wrong = named.find(({ text }) => !texts.includes(text));
    if (wrong !== undefined) reader.fail("the variable has no such option", wrong.token);
    const members = new Set(named.map(({ text }) => text));
    return { scope: [id], cells: texts.map((text) => members.has(text)) };
  };
}

/** A label, or a printed value of a derived variable: compared as text. */
function optionName(reader: Reader): { readonly text: string; readonly token: Token } {
  const token = reader.next;
  const compound = token.text === "[" || reader.sees("(", 1);
  return { text: compound ? printAttribute(parseAttribute(reader)) : reader.take().text, token };
}

/** A value whose cells must be of one type. */
export function typedValue<T extends AttributeValue>(reader: Reader, what: string, fits: (cell: AttributeValue) => cell is T): Deferred<T> {
  const token = reader.next;
  const value = parseValue(reader);
  return (variables) => {
    const { scope, cells } = value(variables);
    return { scope, cells: cells.map((cell) => (cell === undefined || fits(cell) ? cell : reader.fail(`${what} was expected`, token))) };
  };
}

export const isBoolean = (cell: AttributeValue): cell is boolean => typeof cell === "boolean";
export const isNumber = (cell: AttributeValue): cell is number => typeof cell === "number";
export const isShape = (cell: AttributeValue): cell is readonly number[] => Array.isArray(cell) && cell.every((extent) => typeof extent === "number");
