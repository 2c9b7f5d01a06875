/** grammar/nas.ebnf tells the truth: it has every rule of the parser, refers to the same rules and words, and names every unit. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { IProduction, TokenType } from "chevrotain";
import { NonTerminal, Terminal } from "../../src/parser/chevrotain.js";
import { NasGrammar } from "../../src/parser/grammar.js";
import { contextualWords, reservedWords, signs, spelling } from "../../src/parser/tokens.js";
import { unitSuffixes } from "../../src/parser/units.js";

const text = readFileSync("grammar/nas.ebnf", "utf8").replace(/\(\*[\s\S]*?\*\)/g, "");

/** Rule name to the right-hand side. */
const rules = new Map([...text.matchAll(/^(\w+)\s*=((?:"[^"]*"|'[^']*'|\?[^?]*\?|[^;"'?])*);/gm)].map((match) => [match[1]!, match[2]!]));
const words = (body: string): ReadonlySet<string> => new Set([...body.matchAll(/"([^"]*)"|'([^']*)'/g)].map((match) => match[1] ?? match[2]!));
const names = (body: string): ReadonlySet<string> => new Set(body.replace(/"[^"]*"|'[^']*'|\?[^?]*\?/g, " ").match(/[A-Za-z]\w*/g) ?? []);

const grammar = new NasGrammar({ validated: true }).getGAstProductions();

function leaves(production: IProduction): IProduction[] {
  return "definition" in production && Array.isArray(production.definition) && !(production instanceof NonTerminal)
    ? (production.definition as IProduction[]).flatMap(leaves) : [production];
}
const isWordOrSign = (type: TokenType): boolean => typeof type.PATTERN === "string";

describe("grammar/nas.ebnf", () => {
  it("defines every rule of the parser", () => {
    expect(Object.keys(grammar).filter((name) => !rules.has(name))).toEqual([]);
  });

  it("refers to the rules that the parser refers to", () => {
    const wrong = Object.entries(grammar).flatMap(([name, rule]) => {
      const called = new Set(rule.definition.flatMap(leaves).filter((leaf) => leaf instanceof NonTerminal).map((leaf) => leaf.nonTerminalName));
      const written = [...names(rules.get(name) ?? "")].filter((reference) => reference in grammar);
      const missing = [...called].filter((reference) => !written.includes(reference)).map((reference) => `${name} lacks ${reference}`);
      return [...missing, ...written.filter((reference) => !called.has(reference)).map((reference) => `${name} does not call ${reference}`)];
    });
    expect(wrong).toEqual([]);
  });

  it("shows the words and signs that each rule of the parser takes", () => {
    // Settings take `=` and `:` only to say that they are not needed.
    const tolerated = new Set(["setting ="].concat(["setting :"]));
    const wrong = Object.entries(grammar).flatMap(([name, rule]) => {
      const written = words(rules.get(name) ?? "");
      return rule.definition.flatMap(leaves).flatMap((leaf) => leaf instanceof Terminal && isWordOrSign(leaf.terminalType) ? [spelling(leaf.terminalType)] : [])
        .filter((word) => !written.has(word) && !tolerated.has(`${name} ${word}`)).map((word) => `${name} lacks ${word}`);
    });
    expect(wrong).toEqual([]);
  });

  it("defines everything that it refers to", () => {
    const primitive = new Set(["letter", "digit", "digits", "character", "line", "break"]);
    const missing = [...rules].flatMap(([name, body]) => [...names(body)].filter((reference) => !rules.has(reference) && !primitive.has(reference)).map((reference) => `${name}: ${reference}`));
    expect(missing).toEqual([]);
  });

  it("has every word, sign and unit", () => {
    const all = new Set([...rules.values()].flatMap((body) => [...words(body)]));
    expect([...reservedWords, ...contextualWords, ...signs].map(spelling).filter((word) => !all.has(word))).toEqual([]);
    expect([...words(rules.get("unit") ?? "")].sort()).toEqual([...unitSuffixes].sort());
    expect([...words(rules.get("Name") ?? "")].sort()).toEqual(contextualWords.map(spelling).sort());
  });
});
