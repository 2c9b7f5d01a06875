/** The whole check: errors do not hide each other, order is that of the source, nothing is told twice, nothing throws. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inSourceOrder } from "../../../src/ir/check.js";
import { diagnostic } from "../../../src/diagnostics/model.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { describeArchitecture } from "../../../src/ir/describe.js";
import { checkText, programOf, SPACE, told } from "./programs.js";

describe("checkProgram", () => {
  it("takes an empty text for a program without declarations", () => {
    const { program, diagnostics } = checkText("// nothing\n");
    expect(diagnostics).toEqual([]);
    expect([program?.spaces.size, program?.searches.size, program?.accelerators.size, program?.architectures.size]).toEqual([0, 0, 0, 0]);
  });

  it("reports the errors of every declaration, in source order", () => {
    const outcome = checkText(`
search First { space S  maximize acuracy }
space S { input x: f32[4]  output y = x -> dens(2) }
accelerator A { memory dram { }  chunk c { array 2 x 2  runs cnv } }
architecture B of S { }
search Second { space S on A  sede 1  maximize accuracy }
const C = D
`);
    expect(outcome.program).toBeUndefined();
    expect(told(outcome).map((line) => line.split(" ")[1])).toEqual(["NAS2040", "NAS3001", "NAS5013", "NAS2020", "NAS3001"]);
  });

  it("tells what two searches share once", () => {
    const outcome = checkText(`${SPACE}accelerator A { memory dram { }  chunk c { array 2 x 2  runs cnv } }\nsearch P { space S on A  maximize accuracy }\nsearch Q { space S on A  maximize accuracy }`);
    expect(told(outcome)).toEqual(["error NAS5013 there is no operator `cnv` @ cnv"]);
  });

  it("shares spaces and accelerators between the program and its searches", () => {
    const program = programOf(`${SPACE}accelerator A { memory dram { }  chunk c { array 2 x 2  runs conv, dense } }\nsearch P { space S on A  maximize accuracy }`);
    expect(program.searches.get("P")!.space).toBe(program.spaces.get("S"));
    expect(program.searches.get("P")!.accelerator).toBe(program.accelerators.get("A"));
  });

  it("keeps the program where there are only warnings", () => {
    const outcome = checkText(`import { ConvBN } from "std/blocks"\n${SPACE}`);
    expect(told(outcome)).toEqual(["warning NAS2007 `ConvBN` is imported but never used @ ConvBN"]);
    expect(outcome.program).toBeDefined();
  });

  it("applies -D before anything is checked", () => {
    const text = "const SIDE = 4\nspace S { input image: f32[SIDE, SIDE, 1]  output y = image -> max_pool(2) -> max_pool(2) -> conv(1, kernel = 2, padding = valid) }";
    expect(checkText(text).program).toBeUndefined();
    expect(programOf(text, { SIDE: "8" }).spaces.get("S")!.nodes[0]!.shape.cells).toEqual([[8, 8, 1]]);
  });

  it("orders by file and place, and puts what has no place last", () => {
    const at = (file: string, start: number): { readonly at: { file: string; start: number; end: number } } => ({ at: { file, start, end: start + 1 } });
    const unordered = [diagnostic("NAS2001", { title: "nowhere" }), diagnostic("NAS2001", { title: "b", ...at("lib", 0) }), diagnostic("NAS2001", { title: "late", ...at("main", 9) }), diagnostic("NAS2001", { title: "early", ...at("main", 3) }), diagnostic("NAS2001", { title: "late", ...at("main", 9) })];
    expect(inSourceOrder(unordered, ["main", "lib"]).map(({ title }) => title)).toEqual(["early", "late", "b", "nowhere"]);
  });
});

describe("architectures", () => {
  const space = `
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  x = image -> conv(width, stride = 2)
  depth = choose 1..3
  for i in 1..depth {
    x = x -> choose mix { conv: conv(width, kernel = choose { 3, 5 }), skip: identity }
  }
  output classes = x -> global_pool -> dense(10)
}
`;
  const labels = (bindings: string, before = ""): Record<string, string> => {
    const program = programOf(`${before}${space}architecture A of S { ${bindings} }`);
    const { architecture } = program.architectures.get("A")!;
    expect(spaceQueries(program.spaces.get("S")!).isMember(architecture)).toBe(true);
    return describeArchitecture(program.spaces.get("S")!, architecture);
  };
  const findings = (bindings: string): string[] => told(checkText(`${space}architecture A of S { ${bindings} }`));

  it("are the bindings, and nothing about rounds that are not there", () => {
    expect(labels("width = 16  depth = 2  mix[1] = skip  mix[2] = conv  mix[2].kernel = 5")).toEqual({ width: "16", depth: "2", "mix[1]": "skip", "mix[2]": "conv", "mix[2].kernel": "5" });
  });

  it("may bind all rounds and set one apart", () => {
    expect(labels("width = 8  depth = 3  mix[*] = conv  mix[*].kernel = 3  mix[2] = skip")).toEqual({ width: "8", depth: "3", "mix[1]": "conv", "mix[1].kernel": "3", "mix[2]": "skip", "mix[3]": "conv", "mix[3].kernel": "3" });
  });

  it("may name options by constants and by other ways to write a number", () => {
    expect(labels("width = WIDE  depth = 1.0  mix[1] = skip", "const WIDE = 16\n")).toEqual({ width: "16", depth: "1", "mix[1]": "skip" });
  });

  it("must bind what matters, and only that", () => {
    expect(findings("width = 8  depth = 2  mix[1] = conv")).toEqual(["error NAS2062 `A` leaves 2 decisions open @ A"]);
    expect(findings("width = 8  depth = 1  mix[*] = skip  mix[2] = conv  mix[2].kernel = 3")).toEqual([
      "warning NAS2063 the decision does not matter in this architecture @ mix[2]", "warning NAS2063 the decision does not matter in this architecture @ mix[2].kernel",
    ]);
  });
});

describe("damaged programs", () => {
  const texts = [readFileSync("samples/quickstart.nas", "utf8"), readFileSync("std/accelerators.nas", "utf8"), readFileSync("samples/mobile-hybrid.nas", "utf8")];

  it.each(texts)("never make the check throw, and every frame lies in a text (%#)", (design) => {
    const cut = fc.record({ from: fc.nat(design.length), length: fc.integer({ min: 0, max: 60 }), insert: fc.constantFrom("", "}", "{", "choose", "->", "1..", "\"", "/*", "if", "none", ",", "[", "2KB", "\u0000", "é") });
    fc.assert(fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), (cuts) => {
      const text = cuts.reduce((whole, { from, length, insert }) => whole.slice(0, from) + insert + whole.slice(from + length), design);
      const { diagnostics, sources, program } = checkText(text);
      for (const { labels, title } of diagnostics) {
        expect(title.length).toBeLessThanOrEqual(70);
        for (const { span } of labels) expect(span.start >= 0 && span.start <= span.end && span.end <= sources.get(span.file)!.length).toBe(true);
      }
      expect(program === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
    }), { numRuns: 40, seed: 7 });
  });
});
