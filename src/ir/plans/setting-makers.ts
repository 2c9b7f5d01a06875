/** Short ways to write rows of the tables of settings. */
import type { NumberRange, SettingDescription, SettingValue, Word } from "./setting-types.js";
import type { Dimension } from "../units.js";

export type Extra = Partial<Pick<SettingDescription, "defaultValue" | "defaultText" | "required">>;

export const number = (name: string, summary: string, range: NumberRange & { readonly dimension?: Dimension }, extra: Extra = {}): SettingDescription =>
  ({ name, summary, type: { kind: "number", dimension: "count", ...range }, ...extra });
export const count = (name: string, summary: string, defaultValue?: SettingValue, minimum = 1): SettingDescription =>
  number(name, summary, { whole: true, minimum }, defaultValue === undefined ? {} : { defaultValue });
export const share = (name: string, summary: string, defaultValue: number): SettingDescription => number(name, summary, { minimum: 0, maximum: 1 }, { defaultValue });
export const word = (name: string, summary: string, words: readonly Word[], defaultValue: string): SettingDescription => ({ name, summary, type: { kind: "word", words }, defaultValue });
export const flag = (name: string, summary: string, defaultValue: boolean): SettingDescription => ({ name, summary, type: { kind: "boolean" }, defaultValue });
export const group = (name: string, summary: string, settings: readonly SettingDescription[]): SettingDescription => ({ name, summary, type: { kind: "group" }, settings });
