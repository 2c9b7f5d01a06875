/** The look of diagnostics, as goldens small enough to read: frames, causes, other files, tabs, wide characters, long lines. */
import { describe, expect, it } from "vitest";
import { diagnostic } from "../../src/diagnostics/model.js";
import type { Diagnostic, Span } from "../../src/diagnostics/model.js";
import { renderText } from "../../src/diagnostics/render-text.js";
import type { RenderOptions } from "../../src/diagnostics/render-text.js";

/** The span of the `occurrence`-th `part` in `text`. */
function spanOf(file: string, text: string, part: string, occurrence = 1): Span {
  let start = -1;
  for (let seen = 0; seen < occurrence; seen++) start = text.indexOf(part, start + 1);
  return { file, start, end: start + part.length };
}

const rendered = (one: Diagnostic, sources: Readonly<Record<string, string>>, options: RenderOptions = {}): string => `\n${renderText([one], new Map(Object.entries(sources)), options)}`;

const hybrid = "space H {\n  dim = choose 192..240 by 24\n\n  heads = choose { 3, 4, 5 }\n  x = f(dim)\n}\n";

describe("a code frame", () => {
  it("underlines what is wrong and the cause above it", () => {
    const one = diagnostic("NAS1001", {
      title: "attention width is not divisible by its heads", at: spanOf("hybrid.nas", hybrid, "5"), label: "192 / 5 = 38.4",
      causes: [{ span: spanOf("hybrid.nas", hybrid, "192..240 by 24"), text: "`dim` may be 192" }],
      why: "each head needs a whole number of channels", help: "use heads in [3, 4]",
    });
    expect(rendered(one, { "hybrid.nas": hybrid })).toBe(`
error[NAS1001]: attention width is not divisible by its heads
  --> hybrid.nas:4:26
  |
2 |   dim = choose 192..240 by 24
  |                -------------- \`dim\` may be 192
3 |
4 |   heads = choose { 3, 4, 5 }
  |                          ^ 192 / 5 = 38.4
  = why: each head needs a whole number of channels
  = help: use heads in [3, 4]
  = docs: nasc explain NAS1001
`);
  });

  it("hangs labels of one line below each other", () => {
    const text = "x = concat(a, b)";
    const one = diagnostic("NAS1001", {
      title: "heights differ", at: spanOf("a.nas", text, "concat"), label: "joins maps of two heights",
      causes: [{ span: spanOf("a.nas", text, "a", 2), text: "14 here" }, { span: spanOf("a.nas", text, "b"), text: "7 here" }],
    });
    expect(rendered(one, { "a.nas": text })).toBe(`
error[NAS1001]: heights differ
  --> a.nas:1:5
  |
1 | x = concat(a, b)
  |     ^^^^^^ -  - 7 here
  |     |      14 here
  |     joins maps of two heights
  = docs: nasc explain NAS1001
`);
  });

  it("skips the lines between far labels and widens the gutter", () => {
    const text = `first\n${"\n".repeat(9)}last`;
    const one = diagnostic("NAS1001", { title: "t", at: spanOf("a.nas", text, "last"), label: "second", causes: [{ span: spanOf("a.nas", text, "first"), text: "one" }] });
    expect(rendered(one, { "a.nas": text })).toBe(`
error[NAS1001]: t
   --> a.nas:11:1
   |
 1 | first
   | ----- one
...
11 | last
   | ^^^^ second
   = docs: nasc explain NAS1001
`);
  });

  it("shows causes in other files under their own name", () => {
    const block = "block F(x) {\n  return x\n}";
    const one = diagnostic("NAS1001", { title: "t", at: spanOf("a.nas", "F(1)", "F"), label: "called here", causes: [{ span: spanOf("std/b.nas", block, "x", 2), text: "used here" }], severity: "warning" });
    expect(rendered(one, { "a.nas": "F(1)", "std/b.nas": block })).toBe(`
warning[NAS1001]: t
  --> a.nas:1:1
  |
1 | F(1)
  | ^ called here
  ::: std/b.nas:2:10
  |
2 |   return x
  |          - used here
  = docs: nasc explain NAS1001
`);
  });

  it("draws a label over several lines at both ends", () => {
    const text = "x = choose {\n  a\n  b\n}";
    const one = diagnostic("NAS1001", { title: "t", at: { file: "a.nas", start: 4, end: text.length }, label: "this choice" });
    expect(rendered(one, { "a.nas": text })).toBe(`
error[NAS1001]: t
  --> a.nas:1:5
  |
1 | x = choose {
  |     ^^^^^^^^
...
4 | }
  | ^ this choice
  = docs: nasc explain NAS1001
`);
  });

  it("expands tabs and measures wide characters", () => {
    const text = "\tx\t= \"\u5e45\ud83d\ude00\" y";
    const one = diagnostic("NAS1001", { title: "t", at: spanOf("a.nas", text, "y"), label: "here" });
    expect(rendered(one, { "a.nas": text })).toBe(`
error[NAS1001]: t
  --> a.nas:1:12
  |
1 |     x   = "\u5e45\ud83d\ude00" y
  |                  ^ here
  = docs: nasc explain NAS1001
`);
  });

  it("makes control characters visible", () => {
    const text = "a\u001b[31m\u202e b";
    const one = diagnostic("NAS1001", { title: "t", at: spanOf("a.nas", text, "b"), label: "" });
    expect(rendered(one, { "a.nas": text })).toContain("1 | a\ufffd[31m\ufffd b\n  |         ^\n");
  });

  it("cuts long lines to a window around the label", () => {
    const text = `x = ${"f(1) -> ".repeat(20)}HERE${" -> g(2)".repeat(20)}`;
    const one = diagnostic("NAS1001", { title: "t", at: spanOf("a.nas", text, "HERE"), label: "l" });
    const output = rendered(one, { "a.nas": text }, { width: 44 });
    expect(output).toBe(`
error[NAS1001]: t
  --> a.nas:1:165
  |
1 | ...(1) -> HERE -> g(2) -> g(2) -> g(2...
  |           ^^^^ l
  = docs: nasc explain NAS1001
`);
  });

  it("points behind the last character of a file, and into an empty one", () => {
    const at = (text: string) => rendered(diagnostic("NAS1001", { title: "t", at: { file: "a.nas", start: text.length, end: text.length }, label: "end" }), { "a.nas": text });
    expect(at("abc")).toContain("1 | abc\n  |    ^ end\n");
    expect(at("")).toContain("a.nas:1:1\n  |\n1 |\n  | ^ end\n");
  });

  it("counts CRLF as one line break", () => {
    const text = "a\r\nb\r\nc";
    expect(rendered(diagnostic("NAS1001", { title: "t", at: spanOf("a.nas", text, "c"), label: "l" }), { "a.nas": text })).toContain("a.nas:3:1\n  |\n3 | c\n  | ^ l\n");
  });
});

describe("a report", () => {
  it("names files without a text, and diagnostics without a place", () => {
    expect(rendered(diagnostic("NAS1001", { title: "t", at: { file: "gone.nas", start: 3, end: 4 }, label: "why" }), {})).toBe("\nerror[NAS1001]: t\n  --> gone.nas\n  = note: why\n  = docs: nasc explain NAS1001\n");
    expect(rendered(diagnostic("NAS1001", { title: "t" }), {})).toBe("\nerror[NAS1001]: t\n  = docs: nasc explain NAS1001\n");
  });

  it("wraps long notes under their first word", () => {
    const output = rendered(diagnostic("NAS1001", { title: "t", help: "one two three four five six seven eight nine" }), {}, { width: 34 });
    expect(output).toContain("  = help: one two three four five\n          six seven eight nine\n");
  });

  it("counts what goes beyond the limit", () => {
    const many = Array.from({ length: 5 }, () => diagnostic("NAS1001", { title: "t" }));
    expect(renderText(many, () => undefined, { limit: 2 })).toMatch(/(error\[NAS1001\][^]*){2}\.\.\. and 3 more\n$/);
    expect(renderText([], () => undefined)).toBe("");
  });

  it("cuts off warnings before errors", () => {
    const mixed = [diagnostic("NAS2007", { severity: "warning", title: "w" }), diagnostic("NAS1001", { title: "first" }), diagnostic("NAS1001", { title: "second" })];
    expect(renderText(mixed, () => undefined, { limit: 2 })).toMatch(/first[^]*second[^]*\.\.\. and 1 more\n$/);
    expect(renderText(mixed, () => undefined, { limit: 3 })).toMatch(/w[^]*first[^]*second/);
  });

  it("colours by severity only when asked to", () => {
    const one = diagnostic("NAS1001", { title: "t", at: { file: "a.nas", start: 0, end: 1 }, label: "l" });
    expect(rendered(one, { "a.nas": "x" })).not.toContain("\u001b");
    expect(rendered(one, { "a.nas": "x" }, { color: true })).toContain("\u001b[1;31merror[NAS1001]\u001b[0m");
    expect(rendered({ ...one, severity: "warning" }, { "a.nas": "x" }, { color: true })).toContain("\u001b[1;33mwarning");
  });
});
