/** From the expressions of one setting to a value of its type, with every way in which they can be wrong. */
import { diagnostic, type Span } from "../../diagnostics/model.js";
import { suggest } from "../../diagnostics/suggest.js";
import type { Expression } from "../../parser/ast.js";
import { reservedWords, spelling } from "../../parser/tokens.js";
import { dimensionName, dimensionWithUnits, formatQuantity } from "../units.js";
import { helpWithNames, short, type PlanContext } from "./context.js";
import type { NumberRange, SettingDescription, SettingType, SettingValue, Word } from "./setting-types.js";

type NumberType = Extract<SettingType, { kind: "number" }>;
type WordsType = Extract<SettingType, { kind: "words" }>;

/** Reports a value of the wrong type. */
function wrongType(name: string, wanted: string, at: Span, context: PlanContext): undefined {
  context.report(diagnostic("NAS2023", { title: `\`${name}\` takes ${wanted}`, at, label: `not ${wanted}` }));
  return undefined;
}

/** Choices of an accelerator are taken out before its settings are read; those of a search are not a part of it. */
function refuseChoice(name: string, expression: Expression, context: PlanContext): boolean {
  if (expression.kind !== "choose") return false;
  context.report(diagnostic("NAS2027", {
    title: `\`${name}\` cannot be ${expression.binding === "adapt" ? "adapted" : "chosen"} yet`, at: expression.span, label: `\`${expression.binding}\` here`,
    why: "settings are not searched together with the network yet", help: "give one value; to compare several, declare several",
  }));
  return true;
}

function describeRange(range: NumberRange, type: NumberType): string {
  const show = (value: number): string => formatQuantity(value, type.dimension);
  const bounds = [
    ...(range.minimum === undefined ? [] : [`at least ${show(range.minimum)}`]), ...(range.above === undefined ? [] : [`above ${show(range.above)}`]),
    ...(range.maximum === undefined ? [] : [`at most ${show(range.maximum)}`]), ...(range.below === undefined ? [] : [`below ${show(range.below)}`]),
  ];
  return [range.whole === true ? "a whole number" : "", bounds.join(" and ")].filter((part) => part !== "").join(", ");
}

export function inRange(value: number, range: NumberRange): boolean {
  return Number.isFinite(value) && (range.whole !== true || Number.isSafeInteger(value)) && (range.minimum === undefined || value >= range.minimum)
    && (range.above === undefined || value > range.above) && (range.maximum === undefined || value <= range.maximum) && (range.below === undefined || value < range.below);
}

/** One number in base units; unit and range are those of `type`. */
export function readNumber(name: string, type: NumberType, expression: Expression, context: PlanContext): number | undefined {
  if (expression.kind === "invalid" || refuseChoice(name, expression, context)) return undefined;
  const quantity = context.evaluate(expression);
  if (quantity === undefined) return undefined;
  if (typeof quantity.value !== "number") return wrongType(name, type.dimension === "count" ? "a number" : dimensionName(type.dimension), expression.span, context);
  if (quantity.dimension !== type.dimension) {
    context.report(diagnostic("NAS2024", {
      title: `\`${name}\` is ${dimensionName(type.dimension)}, not ${dimensionName(quantity.dimension)}`, at: expression.span, label: `this is ${dimensionName(quantity.dimension)}`,
      help: type.dimension === "count" ? "write the number without a unit (K, M and G are multiples)" : `give it as ${dimensionWithUnits(type.dimension)}`,
    }));
    return undefined;
  }
  if (!inRange(quantity.value, type)) {
    context.report(diagnostic("NAS2025", { title: `\`${name}\` is out of range`, at: expression.span, label: `must be ${describeRange(type, type)}` }));
    return undefined;
  }
  return quantity.value;
}

/** The word itself, or the text of a constant of that name. */
function wordOf(expression: Expression, words: readonly Word[], context: PlanContext): string | undefined {
  if (expression.kind === "string") return expression.value;
  if (expression.kind === "none") return "none";
  if (expression.kind !== "name") return undefined;
  if (words.some(({ name }) => name === expression.name)) return expression.name;
  const definition = context.module.lookup(expression.name);
  if (definition?.kind !== "const") return expression.name;
  const value = context.evaluate(expression)?.value;
  return typeof value === "string" ? value : undefined;
}

/** One of the words; a word of a later version is replaced, with a warning. */
export function readWord(name: string, words: readonly Word[], expression: Expression, context: PlanContext, what = "word"): string | undefined {
  if (expression.kind === "invalid" || refuseChoice(name, expression, context)) return undefined;
  const written = wordOf(expression, words, context);
  if (written === undefined) return wrongType(name, what === "word" ? "a word" : `a ${what}`, expression.span, context);
  const known = words.find((word) => word.name === written);
  if (known === undefined) {
    const names = words.map((word) => word.name);
    const help = helpWithNames(suggest(written, names), names);
    context.report(diagnostic("NAS2026", { title: `\`${name}\` does not know \`${short(written)}\``, at: expression.span, label: "unknown word", ...(help === undefined ? {} : { help }) }));
    return undefined;
  }
  if (known.insteadYet === undefined) return known.name;
  context.report(diagnostic("NAS2027", {
    severity: "warning", title: `\`${name} ${known.name}\` is not available yet`, at: expression.span, label: `\`${known.insteadYet}\` is used`,
    why: known.summary, help: `write \`${known.insteadYet}\` to say what is done today`,
  }));
  return known.insteadYet;
}

/** The elements of a list setting: values with commas, or a bracketed list. */
const elements = (values: readonly Expression[]): readonly Expression[] => values.flatMap((value) => (value.kind === "list" ? value.elements : [value]));

/** A list of words without repeats. In an `open` list any name passes: its reader knows what is meant. */
export function readWords(name: string, type: WordsType, values: readonly Expression[], context: PlanContext): readonly { readonly word: string; readonly span: Span }[] {
  const out: { readonly word: string; readonly span: Span }[] = [];
  for (const expression of elements(values)) {
    const word = type.open === true && expression.kind === "name" ? expression.name : readWord(name, type.words, expression, context, type.open === true ? "name" : "word");
    if (word === undefined) continue;
    const before = out.find((each) => each.word === word);
    if (before !== undefined) {
      context.report(diagnostic("NAS2030", { title: `\`${name}\` names \`${short(word)}\` twice`, at: expression.span, label: "named again", causes: [{ span: before.span, text: "first named here" }], help: "remove one of the two" }));
      continue;
    }
    out.push({ word, span: expression.span });
  }
  return out;
}

/** Stands for a side of an array that is sized for each network. */
const BALANCED = "balanced";

/** A side that is sized for each network is 0. */
function readArray(name: string, expression: Expression, context: PlanContext): readonly [number, number] | undefined {
  if (expression.kind === "invalid") return undefined;
  if (isBalanced(expression)) return [0, 0];
  const [rows, columns, ...more] = expression.kind === "dimensions" ? expression.factors : [];
  if (rows === undefined || columns === undefined || more.length > 0) return wrongType(name, "ROWS x COLUMNS or `balanced`", expression.span, context);
  const side: NumberType = { kind: "number", dimension: "count", whole: true, minimum: 1 };
  const [height, width] = [rows, columns].map((factor) => (isBalanced(factor) ? 0 : readNumber(name, side, factor, context)));
  return height === undefined || width === undefined ? undefined : [height, width];
}

const isBalanced = (expression: Expression): boolean => expression.kind === "name" && expression.name === BALANCED;

const reserved: ReadonlySet<string> = new Set(reservedWords.map(spelling));

/** The word of the language that stands where a name belongs. */
function keywordOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case "name": return reserved.has(expression.name) ? expression.name : undefined;
    case "none": return "none";
    case "boolean": return String(expression.value);
    default: return undefined;
  }
}

/** A name of the user's choosing. One that is taken by the language is reported and stands, so that what refers to it is read. */
function readName(name: string, expression: Expression, context: PlanContext): string | undefined {
  const keyword = keywordOf(expression);
  if (keyword !== undefined) {
    context.report(diagnostic("NAS2023", { title: `\`${keyword}\` is a keyword and cannot be a name`, at: expression.span, label: "a keyword", help: `write another name, e.g. \`${keyword}_${name}\`` }));
    return keyword;
  }
  return expression.kind === "name" ? expression.name : expression.kind === "string" ? expression.value : wrongType(name, "a name", expression.span, context);
}

/** The value of a setting with exactly one value, or with a list of words. Undefined where it is wrong (and reported). */
export function readSettingValue({ name, type }: SettingDescription, values: readonly Expression[], context: PlanContext): SettingValue | undefined {
  const [expression] = values;
  if (expression === undefined || expression.kind === "invalid") return undefined;
  switch (type.kind) {
    case "number": return readNumber(name, type, expression, context);
    case "word": return readWord(name, type.words, expression, context);
    case "words": return readWords(name, type, values, context).map(({ word }) => word);
    case "array": return readArray(name, expression, context);
    case "boolean": {
      if (refuseChoice(name, expression, context)) return undefined;
      const value = context.evaluate(expression)?.value;
      return value === undefined || typeof value === "boolean" ? value : wrongType(name, "`true` or `false`", expression.span, context);
    }
    case "text": {
      if (refuseChoice(name, expression, context)) return undefined;
      const value = context.evaluate(expression)?.value;
      return value === undefined || typeof value === "string" ? value : wrongType(name, "a text in quotes", expression.span, context);
    }
    case "name": return readName(name, expression, context);
    case "space": case "budgets": case "group": return undefined;
  }
}

/** How a setting is written, for messages: `array ROWS x COLUMNS`. */
export function settingForm({ name, type, settings }: SettingDescription): string {
  const braces = settings === undefined ? "" : " { ... }";
  switch (type.kind) {
    case "number": return `${name} ${type.dimension === "count" ? "NUMBER" : dimensionName(type.dimension).replace(/^an? /, "").toUpperCase()}`;
    case "boolean": return `${name} true`;
    case "text": return `${name} "..."`;
    case "name": return `${name} NAME${braces}`;
    case "word": return `${name} ${type.words[0]?.name ?? "WORD"}${braces}`;
    case "words": return `${name} ${type.words[0]?.name ?? "NAME"}, ...`;
    case "array": return `${name} ROWS x COLUMNS`;
    case "space": return `${name} NAME on ACCELERATOR`;
    case "budgets": return `${name} METRIC <= NUMBER`;
    case "group": return `${name} { ... }`;
  }
}

