/** The parser never throws, and every span lies inside the file, however the text is damaged. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "../../src/parser/parse.js";
import { reservedWords, contextualWords, signs, spelling } from "../../src/parser/tokens.js";
import { brokenInvariants, strayingSpans } from "./invariants.js";
import { mutate } from "./mutations.js";

const samples = ["samples", "std"].filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(".nas")).map((name) => readFileSync(`${folder}/${name}`, "utf8")));

describe("sound text", () => {
  it("has every span of a sample inside the span around it", () => {
    for (const text of samples) expect(strayingSpans(parse({ file: "a.nas", text }).program)).toEqual([]);
  });
});

describe("long text", () => {
  it("reads a space of a megabyte", () => {
    const text = `space A {\n${`  x = x -> conv(3, kernel = choose { 3, 5 }) -> relu  // ${"-".repeat(150)}\n`.repeat(5_000)}}`;
    const { program, diagnostics } = parse({ file: "a.nas", text });
    expect(diagnostics).toEqual([]);
    expect(program.declarations[0]).toMatchObject({ kind: "space", span: { start: 0, end: text.length } });
  });
});

describe("damaged text", () => {
  it("keeps every span inside the file under 2000 mutations of the samples", () => {
    const broken: string[] = [];
    for (let step = 0; step < 2000; step++) {
      const text = mutate(samples[step % samples.length]!, 7, step);
      const complaints = brokenInvariants(text);
      if (complaints.length > 0) broken.push(`step ${step}: ${complaints[0]!}`);
    }
    expect(broken.slice(0, 5)).toEqual([]);
    const damaged = Array.from({ length: 100 }, (_, step) => parse({ file: "a.nas", text: mutate(samples[step % samples.length]!, 7, step) }));
    expect(damaged.filter(({ diagnostics }) => diagnostics.length > 0).length).toBeGreaterThan(40);
  });

  it("survives any sequence of tokens", () => {
    const token = fc.constantFrom(...[...reservedWords, ...contextualWords, ...signs].map(spelling), "\n", "a", "12", "2ms", "\"s\"", "\"", "/*", "///d\n", "1x", "\u00fc");
    fc.assert(fc.property(fc.array(token, { maxLength: 120 }), (tokens) => { expect(brokenInvariants(tokens.join(" "))).toEqual([]); }), { numRuns: 600, seed: 11 });
  });

  it("survives any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => { expect(brokenInvariants(text)).toEqual([]); }), { numRuns: 300, seed: 12 });
  });

  it("survives every prefix of a sample, as an editor sends them", () => {
    const text = samples[0]!;
    const broken: string[] = [];
    for (let length = 0; length <= text.length; length += 3) broken.push(...brokenInvariants(text.slice(0, length)));
    expect(broken.slice(0, 5)).toEqual([]);
  });
});
