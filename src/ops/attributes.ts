/**
 * Reading bound attributes. The shape rule has checked them (see `guard.ts`), so a value of another type here is a mistake of the
 * compiler and throws.
 */
import { isTagged } from "./guard.js";
import type { Attributes, AttributeValue } from "./operator.js";

export type Pair = readonly [number, number];

function mistyped(name: string, wanted: string): never {
  throw new Error(`attribute \`${name}\` is not ${wanted}`);
}

export function numberOf(attributes: Attributes, name: string): number {
  const value = attributes[name];
  return typeof value === "number" ? value : mistyped(name, "a number");
}

/** undefined where the optional parameter was left out (null). */
export function optionalNumberOf(attributes: Attributes, name: string): number | undefined {
  return attributes[name] === null || attributes[name] === undefined ? undefined : numberOf(attributes, name);
}

export function booleanOf(attributes: Attributes, name: string): boolean {
  const value = attributes[name];
  return typeof value === "boolean" ? value : mistyped(name, "a boolean");
}

/** An integer stands for both directions; a pair is [vertical, horizontal]. */
export function pairOf(attributes: Attributes, name: string): Pair {
  const value = attributes[name];
  if (typeof value === "number") return [value, value];
  const [vertical, horizontal] = Array.isArray(value) ? value : [];
  return typeof vertical === "number" && typeof horizontal === "number" ? [vertical, horizontal] : mistyped(name, "a pair");
}

/** The symbol of an enumeration and its arguments: `linear(feature = cos)` and plain `linear` read alike. */
export function symbolOf(attributes: Attributes, name: string): { readonly tag: string; readonly arguments: Readonly<Record<string, AttributeValue>> } {
  const value = attributes[name];
  if (typeof value === "string") return { tag: value, arguments: {} };
  return isTagged(value) ? value : mistyped(name, "a symbol");
}
