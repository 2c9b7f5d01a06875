/** What can be said about a setting of `search` or `accelerator`: its type, range, default and what may stand inside its braces. */
import type { Dimension } from "../units.js";

export interface NumberRange {
  /** Whole numbers only. */
  readonly whole?: boolean;
  /** Bounds in base units; `above` and `below` are exclusive. */
  readonly minimum?: number;
  readonly above?: number;
  readonly maximum?: number;
  readonly below?: number;
}

/** One of the words that a setting knows. */
export interface Word {
  readonly name: string;
  readonly summary: string;
  /** Settings in braces after this word, besides those of the setting itself. */
  readonly settings?: readonly SettingDescription[];
  /** The language has it, this version does not: the word that is used instead, with a warning. */
  readonly insteadYet?: string;
}

export type SettingType =
  | ({ readonly kind: "number"; readonly dimension: Dimension } & NumberRange)
  | { readonly kind: "boolean" }
  | { readonly kind: "text" }
  /** A name of the user's choosing: `memory NAME`. */
  | { readonly kind: "name" }
  | { readonly kind: "word"; readonly words: readonly Word[] }
  /** One or more words, with commas. `open` lists are checked by their reader. */
  | { readonly kind: "words"; readonly words: readonly Word[]; readonly open?: boolean }
  /** ROWS x COLUMNS. */
  | { readonly kind: "array" }
  /** The name of a space, with `on ACCELERATOR`. */
  | { readonly kind: "space" }
  /** METRIC <= NUMBER, ... */
  | { readonly kind: "budgets" }
  /** Braces only. */
  | { readonly kind: "group" };

export type SettingValue = number | boolean | string | readonly string[] | readonly [number, number];

export interface SettingDescription {
  readonly name: string;
  readonly summary: string;
  readonly type: SettingType;
  /** In base units. Absent: optional without a default, or required. */
  readonly defaultValue?: SettingValue;
  /** Where the default follows from other settings: in words. */
  readonly defaultText?: string;
  readonly required?: boolean;
  readonly repeatable?: boolean;
  /** What may stand in braces. */
  readonly settings?: readonly SettingDescription[];
}
