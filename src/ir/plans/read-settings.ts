/**
 * Reads a list of settings against its table: unknown, repeated, missing and malformed ones are reported, and what is left can be
 * asked for by name, with the defaults of the table filled in.
 */
import { diagnostic, type Span } from "../../diagnostics/model.js";
import { suggest } from "../../diagnostics/suggest.js";
import type { Expression, Setting } from "../../parser/ast.js";
import { helpWithNames, short, type PlanContext } from "./context.js";
import { readSettingValue, settingForm } from "./read-value.js";
import type { SettingDescription, SettingValue } from "./setting-types.js";

export interface ReadSetting {
  readonly setting: Setting;
  /** Undefined where it was wrong, and for types that their reader takes from `setting` (space, budgets). */
  readonly value: SettingValue | undefined;
  readonly group: SettingGroup;
}

/** The settings between two braces. Lookups of names that the table does not have are faults of the program, not of its user. */
export class SettingGroup {
  constructor(readonly table: readonly SettingDescription[], private readonly read: ReadonlyMap<string, readonly ReadSetting[]>, readonly span: Span) {}

  all(name: string): readonly ReadSetting[] {
    return this.read.get(name) ?? [];
  }

  first(name: string): ReadSetting | undefined {
    return this.read.get(name)?.[0];
  }

  has(name: string): boolean {
    return this.read.has(name);
  }

  /** Where the value of a setting stands, for frames; the group's own span where it is not given. */
  spanOf(name: string): Span {
    const setting = this.first(name)?.setting;
    return setting === undefined ? this.span : setting.values[0]?.span ?? setting.span;
  }

  /** As written, else the default. */
  private value(name: string): SettingValue | undefined {
    return this.first(name)?.value ?? this.table.find((description) => description.name === name)?.defaultValue;
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    return typeof value === "number" ? value : undefined;
  }

  /** A number that has a default. */
  numberOr(name: string, otherwise: number): number {
    return this.number(name) ?? otherwise;
  }

  word(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === "string" ? value : undefined;
  }

  flag(name: string): boolean {
    return this.value(name) === true;
  }

  list(name: string): readonly string[] {
    const value = this.value(name);
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
  }

  pair(name: string): readonly [number, number] | undefined {
    const value = this.value(name);
    if (!Array.isArray(value)) return undefined;
    const [rows, columns] = value;
    return typeof rows === "number" && typeof columns === "number" ? [rows, columns] : undefined;
  }

  /** The settings in the braces of `name`; all defaults where it is not given. */
  inner(name: string): SettingGroup {
    const found = this.first(name);
    if (found !== undefined) return found.group;
    const description = this.table.find((each) => each.name === name);
    return new SettingGroup(description === undefined ? [] : innerTable(description, description.defaultValue), new Map(), this.span);
  }
}

/** What may stand in the braces of a setting, which can depend on its word. */
function innerTable({ type, settings = [] }: SettingDescription, value: SettingValue | undefined): readonly SettingDescription[] {
  const own = type.kind === "word" ? type.words.find(({ name }) => name === value)?.settings ?? [] : [];
  return [...settings, ...own];
}

function takesBraces(description: SettingDescription): boolean {
  return description.settings !== undefined || (description.type.kind === "word" && description.type.words.some(({ settings }) => settings !== undefined));
}

/** Where else a name is a setting, for the help line: `epochs` belongs to `supernet`. */
function homesOf(name: string, table: readonly SettingDescription[]): readonly string[] {
  return table.flatMap((description) => {
    const words = description.type.kind === "word" ? description.type.words : [];
    const direct = description.settings?.some((each) => each.name === name) === true ? [description.name] : [];
    const byWord = words.filter(({ settings }) => settings?.some((each) => each.name === name) === true).map((word) => `${description.name} ${word.name}`);
    return [...direct, ...byWord];
  });
}

function reportUnknown(setting: Setting, table: readonly SettingDescription[], whole: readonly SettingDescription[], place: string, context: PlanContext): void {
  const { name, span } = setting.name;
  const known = table.map((description) => description.name);
  const near = suggest(name, known);
  const homes = near.length > 0 ? [] : homesOf(name, whole);
  const help = homes.length > 0 ? `it belongs to \`${homes.slice(0, 2).join("` or `")}\`` : helpWithNames(near, known);
  context.report(diagnostic("NAS2020", { title: `\`${place}\` has no setting \`${short(name)}\``, at: span, label: "unknown setting", ...(help === undefined ? {} : { help }) }));
}

const LIST_KINDS = new Set(["words", "budgets"]);

/** Counts values and braces; true where they are as the description says. */
function checkForm(description: SettingDescription, setting: Setting, context: PlanContext): boolean {
  const form = settingForm(description);
  const wrong = (at: Span, label: string): false => {
    context.report(diagnostic("NAS2029", { title: `\`${setting.name.name}\` is not written like this`, at, label, help: `write \`${form}\`` }));
    return false;
  };
  const values: readonly Expression[] = setting.values;
  if (setting.target !== undefined && description.type.kind !== "space") return wrong(setting.target.span, "`on` belongs to `space`");
  if (setting.settings !== undefined && !takesBraces(description)) return wrong(setting.name.span, "takes no braces");
  if (description.type.kind === "group") return values.length === 0 || values[0]!.kind === "invalid" ? true : wrong(values[0]!.span, "only braces here");
  if (values.length === 0) return wrong(setting.name.span, "the value is missing");
  if (values.length > 1 && !LIST_KINDS.has(description.type.kind)) return wrong(values[1]!.span, "one value too many");
  return true;
}

/** `whole` is the table of the declaration, for hints; `place` names the braces in messages. */
export function readSettings(settings: readonly Setting[], table: readonly SettingDescription[], place: string, span: Span, context: PlanContext, whole: readonly SettingDescription[] = table): SettingGroup {
  const read = new Map<string, ReadSetting[]>();
  for (const setting of settings) {
    const description = table.find(({ name }) => name === setting.name.name);
    if (description === undefined) {
      reportUnknown(setting, table, whole, place, context);
      continue;
    }
    const before = read.get(description.name);
    if (before !== undefined && description.repeatable !== true) {
      context.report(diagnostic("NAS2021", { title: `\`${description.name}\` is given twice`, at: setting.name.span, label: "given again", causes: [{ span: before[0]!.setting.name.span, text: "first given here" }], help: "remove one of the two" }));
      continue;
    }
    const value = checkForm(description, setting, context) ? readSettingValue(description, setting.values, context) : undefined;
    // Where the word is wrong its settings are unknown too: they are read by the default word, silently.
    const silent: PlanContext = value === undefined && description.type.kind === "word" ? { ...context, report: () => undefined, evaluate: () => undefined } : context;
    const inner = innerTable(description, value ?? description.defaultValue);
    const innerPlace = description.type.kind === "word" && typeof value === "string" ? `${description.name} ${value}` : description.name;
    const group = readSettings(setting.settings ?? [], inner, innerPlace, description.type.kind === "name" ? setting.values[0]?.span ?? setting.name.span : setting.name.span, silent, whole);
    read.set(description.name, [...(before ?? []), { setting, value, group }]);
  }
  return new SettingGroup(table, read, span);
}

/** Reports required settings that are not there. */
export function requireSettings(group: SettingGroup, place: string, context: PlanContext): void {
  for (const description of group.table) {
    if (description.required !== true || group.has(description.name)) continue;
    context.report(diagnostic("NAS2022", { title: `${place} has no \`${description.name}\``, at: group.span, label: `\`${description.name}\` is missing`, why: description.summary, help: `add \`${settingForm(description)}\`` }));
  }
}
