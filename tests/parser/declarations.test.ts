/** Declarations, statements and settings as the AST sees them; the published examples of the language all parse. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "../../src/parser/parse.js";
import { outlineBody, outlineProgram, problems } from "./outline.js";

describe("declarations", () => {
  it("reads imports, constants and blocks", () => {
    expect(outlineProgram("import { A, B as C, } from \"std/blocks\"\nconst N = 10\nblock F(x, out, kernel = 3) reversible { y, z = g(x)  return y, z }")).toEqual([
      "import A, B as C from \"std/blocks\"", "const N = 10", "block F(x, out, kernel = 3) reversible { y, z = g(x); return y, z }",
    ]);
  });

  it("reads every statement", () => {
    expect(outlineBody(`input image: f32[28, 28, 1]   input text: tokens[64]
      share slice
      for i in 1..depth { x = f(x) }
      require a % b == 0 for every a, b
      output classes = x   output next: y`)).toEqual([
      "input image: f32[28, 28, 1]", "input text: tokens[64]", "share slice", "for i in (1..depth) { x = f(x) }",
      "require ((a % b) == 0) for every a, b", "output classes = x", "output next = y",
    ]);
  });

  it("lets contextual words be variables", () => {
    expect(outlineBody("input = 1  output = 2  share = 3  weights = 4  by = 5  space = 6  search, of = f(on)")).toEqual([
      "input = 1", "output = 2", "share = 3", "weights = 4", "by = 5", "space = 6", "search, of = f(on)",
    ]);
  });

  it("keeps decision paths as written, without blanks", () => {
    expect(outlineProgram("architecture Small of H { width = 16 mix[1] = add  mix[*] = conv\n a.b[2].c = x  mix#2[1] = f  d [ 1, 2 ] . e = -3 }")).toEqual([
      "architecture Small of H { width = 16; mix[1] = add; mix[*] = conv; a.b[2].c = x; mix#2[1] = f; d[1,2].e = (- 3) }",
    ]);
  });

  it("reads settings by names and lines", () => {
    expect(outlineProgram(`accelerator Edge {
      technology 45nm   clock choose { 200, 250 } MHz
      memory dram { width 64bit }
      chunk mac { array 12 x 14  runs conv, dense, attention  dataflow choose { row_stationary, weight_stationary }  precision int8 }
    }
    search Main {
      space H on Edge
      data d { batch 128 path "x" shift -1 flip true }
      ranker none
      optimizer sgd { rate 0.1 }
      subject to params <= 100K, latency <= 2ms
      minimize energy, latency
      quantise int8  weights int4
    }`)).toEqual([
      "accelerator Edge { technology 45nm; clock ((choose {200, 250}) * MHz); memory dram { width 64bit }; chunk mac { array 12 x 14; runs conv, dense, attention; dataflow (choose {row_stationary, weight_stationary}); precision int8 } }",
      "search Main { space H on Edge; data d { batch 128; path \"x\"; shift (- 1); flip true }; ranker none; optimizer sgd { rate 0.1 }; subject to (params <= 100K), (latency <= 2ms); minimize energy, latency; quantise int8; weights int4 }",
    ]);
  });

  it("attaches the documentation directly above a declaration", () => {
    const { program } = parse({ file: "t.nas", text: "/// far\n\n/// one\n///  two\n// plain\nspace A { }\n/// of B\nblock B() { return 1 }\nconst C = 1 /// behind\nconst D = 1" });
    expect(program.declarations.map((one) => one.kind === "import" ? undefined : one.documentation)).toEqual(["one\n two", "of B", undefined, undefined]);
  });

  it("gives every node the span of its text", () => {
    const text = "space S { x = f(a) -> g }";
    const { program } = parse({ file: "t.nas", text });
    const space = program.declarations[0];
    const statement = space?.kind === "space" ? space.body[0] : undefined;
    const value = statement?.kind === "assign" ? statement.value : undefined;
    const cut = (span: { start: number; end: number } | undefined) => span && text.slice(span.start, span.end);
    expect([space?.span, statement?.span, value?.span, value?.kind === "pipe" ? value.left.span : undefined].map(cut)).toEqual([text, "x = f(a) -> g", "f(a) -> g", "f(a)"]);
  });
});

describe("programs", () => {
  it.each(["samples", "std"].filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(".nas")).map((name) => join(folder, name))))("%s parses", (path) => {
    expect(problems(readFileSync(path, "utf8"))).toEqual([]);
  });

  const shared = process.env["NASC_SHARED"] ?? "../shared";
  const documents = ["design.md", "language-cases.md"].map((name) => join(shared, name));
  const present = documents.every((path) => existsSync(path));
  if (!present) console.warn(`skipped: ${documents.join(", ")} not found; set NASC_SHARED`);
  it.skipIf(!present)("all published examples of the language parse", () => {
    const fragments = documents.flatMap((path) => [...readFileSync(path, "utf8").matchAll(/```nas\n([\s\S]*?)```/g)].map((match) => match[1]!));
    expect(fragments.length).toBeGreaterThanOrEqual(9);
    for (const fragment of fragments) {
      // `...` stands for arguments left out; statements outside of a declaration belong to a space.
      const text = fragment.replaceAll(", ...", "");
      const loose = text.search(/^(?!import|const|block|space|accelerator|search|architecture|\/\/|[\s}])/m);
      expect(problems(loose < 0 ? text : `${text.slice(0, loose)}\nspace Rest {\n${text.slice(loose)}\n}`), text).toEqual([]);
    }
  });
});
