/** Imports and `-D`: what is found, what is reported, and that every text a frame may point into is kept. */
import { describe, expect, it } from "vitest";
import { importedFile } from "../../../src/ir/import-paths.js";
import { loadProgram, type LoadedProgram } from "../../../src/ir/modules.js";

function load(text: string, files: Readonly<Record<string, string>> = {}, constants: Readonly<Record<string, string>> = {}): LoadedProgram {
  return loadProgram({
    source: { file: "main.nas", text },
    readImport: (path, importer) => files[importedFile(path, importer) ?? ""],
    constants: new Map(Object.entries(constants)),
  });
}

const codes = (program: LoadedProgram): string[] => program.diagnostics.map(({ code }) => code);
const texts = (program: LoadedProgram): string[][] => program.diagnostics.map(({ labels }) => labels.map(({ span }) => program.sources.get(span.file)!.slice(span.start, span.end)));

describe("import paths", () => {
  it("are relative to the importer, or of the standard library", () => {
    expect(importedFile("./lib", "main.nas")).toBe("lib.nas");
    expect(importedFile("./lib.nas", "a/b/main.nas")).toBe("a/b/lib.nas");
    expect(importedFile("../lib", "a/b/main.nas")).toBe("a/lib.nas");
    expect(importedFile("../lib", "main.nas")).toBe("../lib.nas");
    expect(importedFile("./lib", "/project/main.nas")).toBe("/project/lib.nas");
    expect(importedFile("std/blocks", "a/main.nas")).toBe("std/blocks.nas");
    expect(importedFile("./other", "std/blocks.nas")).toBe("std/other.nas");
  });

  it("of other forms mean nothing", () => {
    for (const path of ["lib", "", "std/../secret", ".\\lib", "./folder/"]) expect(importedFile(path, "main.nas")).toBeUndefined();
    expect(importedFile("../secret", "std/blocks.nas")).toBeUndefined();
  });
});

describe("imports", () => {
  const lib = "const SIZE = 3\nblock Twice(x) { return x + x }\n";

  it("give names their definitions, each with its own module", () => {
    const program = load('import { Twice as Double, SIZE } from "./lib"\nconst A = SIZE\nspace S { input x: f32[1]  output y = Double(x) }', { "lib.nas": lib });
    expect(codes(program)).toEqual([]);
    const block = program.module.lookup("Double");
    expect(block?.kind === "block" && block.module.file).toBe("lib.nas");
    expect(program.module.lookup("Twice")).toBeUndefined();
    expect([...program.sources.keys()]).toEqual(["main.nas", "lib.nas"]);
  });

  it("read each file once, however many import it", () => {
    const reads: string[] = [];
    loadProgram({
      source: { file: "main.nas", text: 'import { A } from "./a"\nimport { B } from "./b"\nconst C = A + B' },
      readImport: (path, importer) => {
        const file = importedFile(path, importer)!;
        reads.push(file);
        return { "a.nas": 'import { X } from "./x"\nconst A = X', "b.nas": 'import { X } from "./x"\nconst B = X', "x.nas": "const X = 1" }[file];
      },
      constants: new Map(),
    });
    expect(reads).toEqual(["a.nas", "x.nas", "b.nas"]);
  });

  it("that fail make names broken, so that nothing is told twice", () => {
    const program = load('import { A } from "./missing"\nimport { B } from "lib"\nimport { Twize } from "./lib"\nconst C = A + B + Twize', { "lib.nas": lib });
    expect(codes(program)).toEqual(["NAS2004", "NAS2005", "NAS2006"]);
    expect(["A", "B", "Twize"].map((name) => program.module.lookup(name)?.kind)).toEqual(["broken", "broken", "broken"]);
    expect(program.diagnostics[2]!.help).toContain("`Twice`");
  });

  it("in a circle are reported once, with the whole circle", () => {
    const program = load('import { B } from "./b"\nconst A = B', { "b.nas": 'import { C } from "./c"\nconst B = C', "c.nas": 'import { A } from "./main"\nconst C = A' });
    expect(codes(program)).toEqual(["NAS2003"]);
    expect(program.diagnostics[0]!.why).toBe("`main.nas` -> `b.nas` -> `c.nas` -> `main.nas`");
    expect(texts(program)).toEqual([['"./main"', '"./b"', '"./c"']]);
  });

  it("of a file's own imports are refused with the reason", () => {
    const program = load('import { X } from "./a"\nconst Y = X', { "a.nas": 'import { X } from "./x"\nconst A = X', "x.nas": "const X = 1" });
    expect(codes(program)).toEqual(["NAS2006"]);
    expect(program.diagnostics[0]!.help).toBe("import it from the file that declares it");
  });

  it("do not blame names on a file that could not be read to its end", () => {
    const program = load('import { Lost } from "./lib"\nconst A = Lost', { "lib.nas": "block Lost(x { return x }\n" });
    expect(codes(program).filter((code) => code.startsWith("NAS2"))).toEqual([]);
    expect(codes(program).length).toBeGreaterThan(0);
  });

  it("that clash, repeat or are never used are told with both frames", () => {
    expect(codes(load('import { Twice } from "./lib"\nblock Twice(x) { return x }', { "lib.nas": lib }))).toEqual(["NAS2002"]);
    expect(codes(load('import { SIZE, SIZE } from "./lib"\nconst A = SIZE', { "lib.nas": lib }))).toEqual(["NAS2002"]);
    expect(texts(load("const A = 1\nconst A = 2"))).toEqual([["A", "A"]]);
    const unused = load('import { SIZE, Twice } from "./lib"\nconst A = SIZE', { "lib.nas": lib });
    expect(unused.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([["NAS2007", "warning"]]);
    expect(texts(unused)).toEqual([["Twice"]]);
  });
});

describe("-D", () => {
  const override = (text: string, value: string): LoadedProgram => load(`const A = ${text}`, {}, { A: value });
  const valueOf = (program: LoadedProgram): unknown => {
    const definition = program.module.lookup("A");
    return definition?.kind === "const" ? definition.override?.value : undefined;
  };

  it("replaces constants by literals of their type, in base units", () => {
    expect(valueOf(override("10", "12"))).toBe(12);
    expect(valueOf(override("10", "-3"))).toBe(-3);
    expect(valueOf(override("2ms", "3us"))).toBe(3e-6);
    expect(valueOf(override("true", "false"))).toBe(false);
    expect(valueOf(override("[1, 2]", "[3, 4, 5]"))).toEqual([3, 4, 5]);
    expect(valueOf(override('"data"', "other folder"))).toBe("other folder");
    expect(valueOf(override('"data"', '"quoted"'))).toBe("quoted");
    expect(valueOf(override("2 * 3", "7"))).toBe(7);
  });

  it("reaches constants that the program imports, in the library too", () => {
    const program = load('import { SIZE, TWICE } from "./lib"\nconst A = SIZE + TWICE', { "lib.nas": "const SIZE = 3\nconst TWICE = 2 * SIZE" }, { SIZE: "5" });
    expect(codes(program)).toEqual([]);
    const twice = program.module.lookup("TWICE");
    const inside = twice?.kind === "const" ? twice.module.lookup("SIZE") : undefined;
    expect(inside).toBe(program.module.lookup("SIZE"));
    expect(inside?.kind === "const" && inside.override?.value).toBe(5);
  });

  it("is refused for unknown names, other declarations, other types and texts that are no values", () => {
    expect(codes(load("const CLASSES = 10", {}, { CLASES: "3" }))).toEqual(["NAS2008"]);
    expect(codes(load("space S { }", {}, { S: "3" })).filter((code) => code.startsWith("NAS2"))).toEqual(["NAS2008"]);
    for (const text of ["abc(", "1 + 2", "", "3 const B = 4", "choose { 1, 2 }"]) expect(codes(override("10", text))).toEqual(["NAS2009"]);
    for (const text of ["true", '"ten"', "2ms", "[1]", "none"]) expect(codes(override("10", text))).toEqual(["NAS2010"]);
    const mistyped = override("2ms", "3KB");
    expect(texts(mistyped)).toEqual([["3KB", "2ms"]]);
  });
});
