/**
 * Keeps the house in order: imports flow one way, files stay small and carry a header, and no shortcut creeps in.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const sourceRoot = resolve("src");

/** What each folder may import besides itself. The order is the order of ARCHITECTURE.md. */
const mayImport: Record<string, readonly string[]> = {
  diagnostics: [],
  random: [],
  ops: [],
  parser: ["diagnostics"],
  ir: ["diagnostics", "random", "ops", "parser"],
  hw: ["diagnostics", "random", "ops", "ir"],
  data: ["diagnostics", "random", "ir"],
  runtime: ["diagnostics", "random", "ops", "ir", "data"],
  search: ["diagnostics", "random", "ops", "ir", "hw", "data", "runtime"],
  codegen: ["diagnostics", "ops", "ir", "runtime"],
  report: ["diagnostics", "ops", "ir", "hw", "search"],
  cli: ["diagnostics", "random", "ops", "parser", "ir", "hw", "data", "runtime", "search", "codegen", "report"],
};

function sourceFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sourceFiles(path) : name.endsWith(".ts") ? [path] : [];
  });
}

const files = sourceFiles(sourceRoot).map((path) => ({ path, name: relative(sourceRoot, path), text: readFileSync(path, "utf8") }));
const importsOf = (text: string): string[] => [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]!);

describe("the house", () => {
  it("has every folder in the plan of imports", () => {
    expect([...new Set(files.map((file) => file.name.split("/")[0]!))].filter((folder) => !(folder in mayImport))).toEqual([]);
  });

  it("imports one way only", () => {
    const wrong = files.flatMap((file) => {
      const own = file.name.split("/")[0]!;
      return importsOf(file.text).filter((target) => target.startsWith(".")).flatMap((target) => {
        const folder = relative(sourceRoot, resolve(dirname(file.path), target)).split("/")[0]!;
        return folder === own || mayImport[own]?.includes(folder) ? [] : [`${file.name} -> ${folder}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  it("imports TensorFlow.js as a value only in the runtime", () => {
    const wrong = files.filter((file) => !file.name.startsWith("runtime/") && /import\s+(?!type)[^;]*from\s+"@tensorflow/.test(file.text));
    expect(wrong.map((file) => file.name)).toEqual([]);
  });

  it("keeps files under 400 lines, each with a header", () => {
    expect(files.filter((file) => file.text.split("\n").length > 401).map((file) => file.name)).toEqual([]);
    expect(files.filter((file) => !/^(\/\*\*|\/\/|#!)/.test(file.text)).map((file) => file.name)).toEqual([]);
  });

  it("raises to other powers than the second and of other bases than two only by `power`, for `**` rounds by the release of Node", () => {
    const numeric = files.filter(({ name }) => /^(random|ops|data|runtime|search)\//.test(name) && name !== "random/power.ts" && !name.includes("assembly/"));
    const wrong = numeric.filter(({ text }) => /(?<!\b2) \*\* (?!2\b)|Math\.pow/.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it("takes no shortcuts", () => {
    const shortcut = /\bas any\b|: any\b|<any>|@ts-ignore|@ts-nocheck|export default|Math\.random\(/;
    expect(files.filter((file) => shortcut.test(file.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ""))).map((file) => file.name)).toEqual([]);
  });
});
