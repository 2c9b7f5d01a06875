/** How expressions group: precedence, pipes, choices, lines. */
import { describe, expect, it } from "vitest";
import { outlineBody, outlineExpression } from "./outline.js";

const grouping: readonly (readonly [intent: string, text: string, grouped: string])[] = [
  ["a pipe binds tighter than +", "x + (x -> f) -> relu", "(x + ((x -> f) -> relu))"],
  ["a sum after a pipe is a sum", "Fuse(a) -> Level(l) + scale(p[l])", "((Fuse(a) -> Level(l)) + scale(p[l]))"],
  ["pipes group to the left", "x -> f(a) -> g", "((x -> f(a)) -> g)"],
  ["products before sums before comparisons", "a + b * c == d", "((a + (b * c)) == d)"],
  ["sums group to the left", "a - b - c", "((a - b) - c)"],
  ["powers group to the right", "2 ^ 3 ^ 2", "(2 ^ (3 ^ 2))"],
  ["a minus reaches over a power", "-2 ^ 2 * 3", "((- (2 ^ 2)) * 3)"],
  ["a power may have a negative exponent", "2 ^ -1", "(2 ^ (- 1))"],
  ["not reaches over a comparison", "not a == b and c or d", "(((not (a == b)) and c) or d)"],
  ["in is a comparison", "[a, b] in PATTERNS and c", "(([a, b] in PATTERNS) and c)"],
  ["a range is looser than a sum", "1..n - 1", "(1..(n - 1))"],
  ["a range may have a step", "192..240 by 24", "(192..240 by 24)"],
  ["a range may end in a choice", "1..choose { 3, 6 }", "(1..(choose {3, 6}))"],
  ["a choice of a range", "choose 2..6 by 2", "(choose (2..6 by 2))"],
  ["a label before a range", "choose depth 2..6 by 2", "(choose depth (2..6 by 2))"],
  ["a choice from a named range", "choose depth", "(choose depth)"],
  ["a choice from a range that starts with a name", "choose depth + 1..2", "(choose ((depth + 1)..2))"],
  ["a choice of a range ends before a comparison", "choose 1..3 == 2", "((choose (1..3)) == 2)"],
  ["a guard behind a choice", "choose { 0, 1 } if level > 0", "(choose {0, 1} if (level > 0))"],
  ["guards inside a choice belong to alternatives", "choose k { a if l <= 1, b: choose { 1, 2 } if c, d }", "(choose k {a if (l <= 1), b: (choose {1, 2}) if c, d})"],
  ["alternatives on lines need no commas", "choose mix {\n a: f(1) -> g\n b: h if c\n zero\n}", "(choose mix {a: (f(1) -> g), b: h if c, zero})"],
  ["an operator as alternative may start its line with a list", "choose {\n [1, 1]\n [2, 1]\n}", "(choose {[1, 1], [2, 1]})"],
  ["adapt takes an expression", "adapt tokens(x)", "(adapt tokens(x))"],
  ["adapt of a searched range", "adapt 1..choose { 3, 6 }", "(adapt (1..(choose {3, 6})))"],
  ["a unit behind a choice multiplies", "choose { 2, 4, 8 } bit", "((choose {2, 4, 8}) * bit)"],
  ["records", "f(p = { weights: choose { 2, 4 } bit, activations: 8bit, })", "f(p = {weights: ((choose {2, 4}) * bit), activations: 8bit})"],
  ["calls, indices and trailing commas", "f(a, k = 3,)[1](b)", "f(a, k = 3)[1](b)"],
  ["a list can be indexed", "[1024, 512,][level]", "[1024, 512][level]"],
  ["if is an expression", "if a { x } else if b { y } else { z }", "(if a then x else (if b then y else z))"],
  ["shared weights", "x -> f(3) weights trunk[k] through scale(bins = 100) -> relu", "(((x -> f(3)) weights trunk[k] through scale(bins = 100)) -> relu)"],
  ["contextual words are names", "weights + by * space - x", "((weights + (by * space)) - x)"],
  ["literals", "[3.5, 1e-3, 100K, 2ms, 3pJ, true, false, none, \"a\\\"b\\n\"]", "[3.5, 1e-3, 100K, 2ms, 3pJ, true, false, none, \"a\\\"b\\n\"]"],
];

describe("grouping", () => {
  it.each(grouping)("%s", (_, text, grouped) => { expect(outlineExpression(text)).toBe(grouped); });
});

describe("lines", () => {
  it("lets statements share a line", () => {
    expect(outlineBody("heads = choose { 3, 4 }   ratio = choose { 3.5, 4.0 }   kind = choose { softmax, linear(feature = cos) }"))
      .toEqual(["heads = (choose {3, 4})", "ratio = (choose {3.5, 4.0})", "kind = (choose {softmax, linear(feature = cos)})"]);
  });
  it("continues lines that start with an arrow or an operator", () => {
    expect(outlineBody("x = a\n  -> f\n  + b\n  - c")).toEqual(["x = (((a -> f) + b) - c)"]);
  });
  it("does not call or index over a line break", () => {
    expect(outlineBody("x = f\n(a)")).toEqual(["expected a statement, found `(`"]);
    expect(outlineBody("x = f\n[a]")).toEqual(["expected a statement, found `[`"]);
  });
  it("reads an if on the next line as a statement", () => {
    expect(outlineBody("x = choose { 0, 1 }\nif a { y = 1 } else if b { y = 2 } else { y = 3 }"))
      .toEqual(["x = (choose {0, 1})", "if a { y = 1 } else { if b { y = 2 } else { y = 3 } }"]);
  });
  it("does not take a variable for the unit of the choice above it", () => {
    expect(outlineBody("a = choose { 2, 4 }  bit = 3")).toEqual(["a = (choose {2, 4})", "bit = 3"]);
  });
});
