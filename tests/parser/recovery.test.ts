/** What a broken text is told: every mistake once, where it is, with the likely word; and what is left of the program. */
import { describe, expect, it } from "vitest";
import { parse } from "../../src/parser/parse.js";
import { outlineDeclaration, problems } from "./outline.js";

const one: readonly (readonly [intent: string, text: string, expected: string])[] = [
  ["unknown character", "space S { a = 1 ; }", "NAS1000 `;` does not belong to the language"],
  ["letters that names do not have", "const \u00fcber = 1", "NAS1000 `\u00fc` does not belong to the language"],
  ["missing operand", "const A = 1 +", "NAS1001 expected an expression, found the end of the file"],
  ["missing separator in a call", "const A = f(a b)", "NAS1001 expected `,` or `)`, found `b`"],
  ["missing separator in a list", "const A = [1 2]", "NAS1001 expected `,` or `]`, found `2`"],
  ["empty choice", "const A = choose { }", "NAS1001 expected an alternative, found `}`"],
  ["nothing to choose", "const A = choose", "NAS1001 expected `{` or a range, found the end of the file"],
  ["if expression without else", "const A = if a { 1 }", "NAS1001 expected `else`, found the end of the file"],
  ["unclosed brace", "space S { a = 1", "NAS1002 missing `}`"],
  ["brace closed by the next declaration", "space S { a = 1\nspace T { }", "NAS1002 missing `}`"],
  ["a bracket too many", "const A = f(1))", "NAS1003 `)` closes nothing"],
  ["unterminated string", "const A = \"abc", "NAS1004 this string has no end"],
  ["unterminated comment", "const A = 1 /* abc", "NAS1004 this comment has no end"],
  ["two points in a number", "const A = 1.2.3", "NAS1005 `1.2.3` is not a number"],
  ["a number too large", "const A = 1e999", "NAS1005 `1e999` is not a number"],
  ["unknown unit", "const A = 2mss", "NAS1006 `mss` is not a unit"],
  ["nesting", `const A = ${"(".repeat(300)}1${")".repeat(300)}`, "NAS1007 nested more than 200 levels deep"],
  ["operators", `const A = 1${" + 1".repeat(2000)}`, "NAS1007 more than 500 operators in one expression"],
  ["stages", `const A = 1${" -> f".repeat(5000)}`, "NAS1007 `A` is nested too deeply"],
  ["prefixes", `const A = ${"choose ".repeat(50_000)}1`, "NAS1007 the file is nested too deeply to be read"],
  ["a range with three ends", "const A = 1..2..3", "NAS1008 a range has two ends"],
  ["a step of nothing", "const A = 3 by 2", "NAS1008 `by` gives the step of a range"],
  ["a chained comparison", "const A = 1 < b < 3", "NAS1009 comparisons cannot be chained"],
  ["a setting with a sign", "accelerator E { technology = 45nm }", "NAS1010 settings take no `=`"],
];

const helpOf = (text: string): string | undefined => parse({ file: "t.nas", text }).diagnostics[0]?.help;

describe("one mistake, one message", () => {
  it.each(one)("%s", (_, text, expected) => { expect(problems(text)).toEqual([expected]); });
});

describe("likely words", () => {
  it("names the declaration that was meant and reads on inside it", () => {
    const text = "spce S {\n  a = = 1\n}";
    expect(problems(text)).toEqual(["NAS1001 expected a declaration, found `spce`", "NAS1001 expected an expression, found `=`"]);
    expect(helpOf(text)).toBe("did you mean `space`?");
  });
  it("names the statement that was meant", () => { expect(helpOf("space S { requir a == 1 }")).toBe("did you mean `require`?"); });
  it("names the unit that was meant", () => { expect(helpOf("const A = 250MHzz")).toBe("did you mean `250MHz`?"); });
  it("tells dimensions from units", () => { expect(helpOf("accelerator E { array 12x14 }")).toBe("put spaces around `x`: 12 x 14"); });
});

describe("hints", () => {
  const hints: readonly (readonly [string, string])[] = [
    ["space S {\n k = chose { 1, 2 } }", "did you mean `choose`?"],
    ["block D(x) reversable { return x }", "did you mean `reversible`?"],
    ["architecture A fo S { }", "did you mean `of`?"],
    ["space S { conv(3) }", "a statement that starts with a name gives it a value: `name = expression`"],
    ["space S { m = choose mix { a = f(1) } }", "labels are followed by `:`"],
    ["const A = f(kernel: 3)", "arguments are named with `=`: `f(kernel = 3)`"],
    ["const A = { a = 3 }", "fields are written `name: value`"],
    ["space S {\n  const Z = 3\n}", "`const` stands outside of spaces and blocks; inside, write `name = expression`"],
    ["space S {\n  x = f\n  (3)\n}", "calls and indices start on the line of what they follow"],
    ["const A = a && b", "write `and`"],
  ];
  it.each(hints)("%j", (text, help) => { expect(helpOf(text)).toBe(help); });

  it("point at the operator that a line ends with", () => {
    const text = "space S {\n  x = image -> f(8) ->\n  y = x +\n  output z = y\n  c = choose {\n    a: f ->\n    b: g\n  }\n}";
    const { program, diagnostics } = parse({ file: "t.nas", text });
    expect(diagnostics.map(({ title, labels }) => `${labels[0]!.span.start} ${title}`)).toEqual([
      `${text.indexOf("->\n  y")} expected an expression after \`->\``, `${text.indexOf("+")} expected an expression after \`+\``, `${text.indexOf("->\n    b")} expected an expression after \`->\``,
    ]);
    expect(program.declarations.map(outlineDeclaration)).toEqual(["space S { x = ((image -> f(8)) -> ?); y = (x + ?); output z = y; c = (choose {a: (f -> ?), b: g}) }"]);
  });
});

describe("several mistakes in one file", () => {
  const text = `space A {
  input image f32[28, 28, 1]
  width = choose { 16, 24
  x = image -> conv(width kernel = 3)
  y = * 3
}
block B(x, y = ) { return x }
const N 10
accelerator E {
  chunk mac { array 12 x 14  runs conv, }
  * 3
  clock 1GHzz
}
architecture S of A {
  mix[x] = 3
  good = 4
}
search Main { subject to params <=, latency <= 2ms }`;

  it("reports each of them", () => {
    expect(parse({ file: "t.nas", text }).diagnostics.map(({ title, labels }) => `${text.slice(0, labels[0]!.span.start).split("\n").length}: ${title}`)).toEqual([
      "2: expected `:`, found `f32`", "4: missing `}`", "5: expected an expression, found `*`", "7: expected an expression, found `)`", "8: expected `=`, found `10`",
      "10: expected an expression, found `}`", "11: expected a setting, found `*`", "12: `GHzz` is not a unit", "15: expected a number or `*`, found `x`",
      "18: expected an expression, found `,`",
    ]);
  });

  it("keeps what could be read, names above all", () => {
    expect(parse({ file: "t.nas", text }).program.declarations.map(outlineDeclaration)).toEqual([
      "space A { input image: []; width = (choose {16, 24}); x = (image -> conv(width)); y = ? }",
      "block B(x, y = ?) { return x }",
      "const N = ?",
      "accelerator E { chunk mac { array 12 x 14; runs conv, ? }; clock ? }",
      "architecture S of A { good = 4 }",
      "search Main { subject to (params <= ?) }",
    ]);
  });

  it("frames the bracket that is not closed", () => {
    const missing = parse({ file: "t.nas", text }).diagnostics.find(({ code }) => code === "NAS1002");
    expect(missing?.labels.map(({ span }) => text.slice(span.start, span.end))).toEqual(["x", "{"]);
  });
});
