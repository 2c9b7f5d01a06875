/** Checks texts with the files of the standard library at hand. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Diagnostic } from "../../../src/diagnostics/model.js";
import { checkProgram, type CheckOutcome } from "../../../src/ir/check.js";
import { importedFile } from "../../../src/ir/import-paths.js";
import type { CheckedProgram, SearchPlan } from "../../../src/ir/plan.js";

export function readStandard(path: string, importer: string): string | undefined {
  const file = importedFile(path, importer);
  return file?.startsWith("std/") === true && existsSync(resolve(file)) ? readFileSync(resolve(file), "utf8") : undefined;
}

export function checkText(text: string, constants: Readonly<Record<string, string>> = {}): CheckOutcome {
  return checkProgram({ source: { file: "main.nas", text }, readImport: readStandard, constants: new Map(Object.entries(constants)) });
}

/** A diagnostic with the text under its first frame, for assertions that can be read. */
export function told({ diagnostics, sources }: CheckOutcome): string[] {
  const framed = ({ labels: [label] }: Diagnostic): string => (label === undefined ? "" : sources.get(label.span.file)!.slice(label.span.start, label.span.end));
  return diagnostics.map((problem) => `${problem.severity} ${problem.code} ${problem.title} @ ${framed(problem)}`);
}

/** The program of a text without errors. */
export function programOf(text: string, constants: Readonly<Record<string, string>> = {}): CheckedProgram {
  const outcome = checkText(text, constants);
  if (outcome.program === undefined) throw new Error(told(outcome).join("\n"));
  return outcome.program;
}

export const SPACE = `
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width, stride = 2) -> batch_norm -> relu -> global_pool -> dense(10)
}
`;

/** The plan of a search over a small space. */
export function searchOf(settings: string, before = "", constants: Readonly<Record<string, string>> = {}): SearchPlan {
  return programOf(`${before}${SPACE}\nsearch Main {\n${settings}\n}`, constants).searches.get("Main")!;
}
