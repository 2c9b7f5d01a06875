/** Nothing that can be typed makes elaboration throw, and what it lets pass is a sound space. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "../../../src/parser/parse.js";
import { verifySpace } from "../../../src/ir/verify.js";
import { elaborate } from "./program.js";

const OTHER = `const N = 3
block F(x, op, w = 8, n = 2) { y = x
  for i in 1..n { y = if i == 1 { x -> op(w, kernel = choose { 1, 3 }) } else { y + (y -> op(channels(y))) } }
  return y, x }
space S { input x: f32[16, 16, 4]
  level = choose 0..2
  list = [x, x -> conv(8), x -> relu]
  for k in 1..choose { 1, N } {
    down = choose { 0, 1 } if level > 0
    level = max(0, level - down)
    a, b = F(x, choose { conv, shift }, [4, 8, 16][level], n = k)
    x = a -> choose mix { p: relu -> conv(4), q: conv(4) if height(x) % 2 == 0, r: attention(heads = 2, kind = linear(feature = cos)) -> conv(4) } weights trunk[k]
  }
  if level == 1 { x = x * 2 } else { x = x - 1 }
  f = conv(8) -> relu
  require count(level == 1) <= 2 and level in [0, 1, 2]
  require down == 0 or down == 1 for every down
  output y = x -> f -> global_pool -> dense(10) }
`;
const texts = [...["quickstart", "hybrid-fashion"].map((name) => readFileSync(`samples/${name}.nas`, "utf8").split("accelerator ")[0]!), OTHER];
const words = texts.map((text) => text.match(/\s+|\w+|\/\/.*|->|\.\.|==|[^\s\w]/g) ?? []);
const pool = [...new Set(words.flat().filter((word) => word.trim() !== "" && !word.startsWith("//"))), "none", "true", "-1", "0", "\"a\"", "1000", "adapt", "not", "^", "2ms", "scale", "concat", "sum", "length", "round_to"];

describe("garbled programs", () => {
  it("elaborates the untouched one", () => {
    const { space, diagnostics } = elaborate(OTHER);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(verifySpace(space!)).toEqual([]);
  });

  it("never throws, and gives a sound space exactly where there is no error", () => {
    const change = fc.record({ at: fc.nat(), with: fc.nat(), kind: fc.constantFrom("replace", "replace", "replace", "drop", "double") });
    fc.assert(fc.property(fc.nat(words.length - 1), fc.array(change, { minLength: 1, maxLength: 4 }), (which, changes) => {
      const tokens = [...words[which]!];
      for (const { at, with: other, kind } of changes) {
        const solid = tokens.flatMap((word, position) => (word.trim() === "" || word.startsWith("//") ? [] : [position]));
        const position = solid[at % solid.length]!;
        tokens[position] = kind === "drop" ? "" : kind === "double" ? `${tokens[position]} ${tokens[position]}` : pool[other % pool.length]!;
      }
      const text = tokens.join("");
      const { space, diagnostics } = elaborate(text, true);
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      if (space !== undefined) {
        expect(errors).toEqual([]);
        expect(verifySpace(space)).toEqual([]);
      } else {
        const { program, diagnostics: syntax } = parse({ file: "test.nas", text });
        if (syntax.length === 0 && program.declarations.some(({ kind }) => kind === "space")) expect(errors).not.toEqual([]);
      }
    }), { numRuns: Number(process.env["NASC_FUZZ_RUNS"] ?? 300) });
  });
});
