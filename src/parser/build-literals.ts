/** Numbers with units and strings with escapes: the literals whose text can be wrong in itself. */
import type { IToken } from "chevrotain";
import { diagnostic } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import type { Expression } from "./ast.js";
import { spanOfToken } from "./cst.js";
import type { Building } from "./cst.js";
import { unitSuffixes } from "./units.js";

/** 3, 3.5, 1e-3, 100K, 2ms; anything else that starts with a digit is diagnosed. */
export function numberLiteral(token: IToken, building: Building): Expression {
  const span = spanOfToken(token, building);
  const text = token.image;
  const parts = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(\D.*)?$/u.exec(text);
  const digits = parts?.[1];
  const unit = parts?.[2];
  const value = Number(digits);
  if (digits === undefined || unit?.startsWith(".") === true || !Number.isFinite(value)) {
    building.diagnostics.push(diagnostic("NAS1005", { title: `\`${shortened(text)}\` is not a number`, at: span, label: "digits, one point and an exponent at most", help: "write it like 3, 0.25 or 1e-3" }));
    return { kind: "invalid", span };
  }
  if (unit === undefined) return { kind: "number", value, text, span };
  if (unitSuffixes.has(unit)) return { kind: "number", value, unit, text, span };
  const dimensions = /^x(\d+)$/.exec(unit);
  const near = suggest(unit, unitSuffixes);
  building.diagnostics.push(diagnostic("NAS1006", {
    title: `\`${shortened(unit)}\` is not a unit`, at: { ...span, start: span.start + digits.length }, label: "not a unit",
    help: dimensions !== null ? `put spaces around \`x\`: ${digits} x ${dimensions[1]!}`
      : near.length > 0 ? `did you mean ${near.map((name) => `\`${digits}${name}\``).join(" or ")}?`
      : "units are written right after the number: 2ms, 3pJ, 108KB, 250MHz, 64bit, 100K",
  }));
  return { kind: "invalid", span };
}

function shortened(text: string): string {
  return text.length > 30 ? `${text.slice(0, 27)}...` : text;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\"": "\"", "\\": "\\" };

/** A string without its quotes; a missing closing quote was reported by the lexer. */
export function stringLiteral(token: IToken, building: Building): Expression & { readonly kind: "string" } {
  const closed = /^"(?:[^"\\]|\\.)*"$/.test(token.image);
  const inner = token.image.slice(1, closed ? -1 : undefined);
  return { kind: "string", value: inner.replace(/\\(.)/gu, (_, letter: string) => escapes[letter] ?? letter), span: spanOfToken(token, building) };
}
