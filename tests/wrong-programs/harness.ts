/**
 * Runs the wrong programs of this folder. A program is a .nas file whose first comment says its point and whose last lines hold what
 * the check must find, one `//! CODE severity place title` each. A place is LINE:COLUMN-LINE:COLUMN (from 1, the end exclusive), with
 * FILE: before it where that is not the program itself. `//- D NAME=VALUE` on the second line is a `-D` of the command line.
 * `UPDATE_WRONG_PROGRAMS=1` writes what is found into the files, to be read before it is committed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "../../src/diagnostics/model.js";
import { lineStarts, positionAt } from "../../src/diagnostics/positions.js";
import { renderText } from "../../src/diagnostics/render-text.js";
import { checkProgram, type CheckOutcome } from "../../src/ir/check.js";
import { importedFile } from "../../src/ir/import-paths.js";

export const folder = dirname(fileURLToPath(import.meta.url));
const root = join(folder, "..", "..");

export interface WrongProgram {
  readonly name: string;
  readonly text: string;
  readonly point: string;
  readonly expected: readonly string[];
  readonly constants: ReadonlyMap<string, string>;
}

export function wrongPrograms(): readonly WrongProgram[] {
  return readdirSync(folder).filter((name) => name.endsWith(".nas")).sort().map((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const lines = text.split("\n");
    return {
      name, text, point: /^\/\/ (.+)/.exec(lines[0] ?? "")?.[1] ?? "",
      expected: lines.filter((line) => line.startsWith("//! ")).map((line) => line.slice(4)),
      constants: new Map(lines.flatMap((line) => { const found = /^\/\/- D (\w+)=(.*)$/.exec(line); return found === null ? [] : [[found[1]!, found[2]!] as const]; })),
    };
  });
}

/** Files beside the program, and the standard library. */
function readImport(path: string, importer: string): string | undefined {
  const file = importedFile(path, importer);
  if (file === undefined) return undefined;
  const place = file.startsWith("std/") ? join(root, file) : join(folder, file);
  return existsSync(place) ? readFileSync(place, "utf8") : undefined;
}

export function check({ name, text, constants }: Pick<WrongProgram, "name" | "text" | "constants">): CheckOutcome {
  return checkProgram({ source: { file: name, text: `${withoutExpectations(text)}\n` }, readImport, constants });
}

function placeOf({ labels }: Diagnostic, program: string, sources: ReadonlyMap<string, string>): string {
  const span = labels[0]?.span;
  if (span === undefined) return "-";
  const starts = lineStarts(sources.get(span.file) ?? "");
  const [from, to] = [positionAt(starts, span.start), positionAt(starts, span.end)];
  return `${span.file === program ? "" : `${span.file}:`}${from.line}:${from.column}-${to.line}:${to.column}`;
}

/** One line for each diagnostic, as it stands in the files. */
export function summaries(program: string, { diagnostics, sources }: CheckOutcome): readonly string[] {
  return diagnostics.map((problem) => `${problem.code} ${problem.severity} ${placeOf(problem, program, sources)} ${problem.title}`);
}

/** What the command line prints, without colours; long reports are kept whole. */
export function rendered({ diagnostics, sources }: CheckOutcome): string {
  return renderText(diagnostics, sources, { color: false, width: 100, limit: Infinity });
}

export function goldenPath({ name }: WrongProgram): string {
  return join(folder, "rendered", name.replace(/\.nas$/, ".txt"));
}

export function golden(program: WrongProgram): string | undefined {
  return existsSync(goldenPath(program)) ? readFileSync(goldenPath(program), "utf8") : undefined;
}

export const updating = process.env["UPDATE_WRONG_PROGRAMS"] === "1";

/** The program that is checked: expectations are no part of it, so that they never show in frames. */
export function withoutExpectations(text: string): string {
  return text.split("\n").filter((line) => !line.startsWith("//! ")).join("\n").trimEnd();
}

/** Replaces the expectations at the end of a program. Their number of lines does not move the places that they name. */
export function rewrite({ name, text }: WrongProgram, found: readonly string[]): void {
  const body = withoutExpectations(text);
  writeFileSync(join(folder, name), `${body}\n\n${found.map((line) => `//! ${line}\n`).join("")}`);
}
