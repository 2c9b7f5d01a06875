/**
 * The folder of a run as `derive`, `export` and `report` find it: `program.json` holds the program exactly as it was run (all its
 * sources and constants), so that a run can be used after its .nas file has changed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import type { SearchPlan } from "../ir/plan.js";
import { writeAtomically } from "../runtime/tensor-file.js";
import { checkText, pick, type CheckedText, type ProgramText } from "./program-file.js";
import type { Sources } from "./terminal.js";

export const PROGRAM_FILE = "program.json";

export interface ProgramRecord {
  readonly schema: "nasc/1";
  readonly kind: "program";
  readonly file: string;
  readonly search: string;
  readonly seed: number;
  readonly constants: Readonly<Record<string, string>>;
  /** Text of every file by the name it has in messages. */
  readonly sources: Readonly<Record<string, string>>;
  /** What each import was resolved to, by `importer|path`. */
  readonly imports: Readonly<Record<string, string>>;
  readonly data?: string;
}

export interface Run { readonly folder: string; readonly record: ProgramRecord; readonly checked: CheckedText; readonly plan: SearchPlan; readonly sources: Sources }

/** Wraps a program so that what it imports is remembered. */
export function recordingImports(program: ProgramText): { readonly program: ProgramText; readonly imports: Record<string, string> } {
  const imports: Record<string, string> = {};
  return {
    imports,
    program: {
      ...program,
      readImport: (path, importer) => {
        const text = program.readImport(path, importer);
        if (text !== undefined) imports[`${importer}|${path}`] = text;
        return text;
      },
    },
  };
}

/** Writes a file in one step: a reader sees the old content or the new one. Folders are made. */
export function writeOutput(path: string, content: string | Uint8Array): Result<true> {
  try {
    writeAtomically(path, typeof content === "string" ? new TextEncoder().encode(content) : content, false);
    return success(true);
  } catch (error) {
    return failure(diagnostic("NAS9008", { title: "an output file cannot be written", why: `${path}: ${error instanceof Error ? error.message : String(error)}`, help: "choose another place, or make room" }));
  }
}

export function writeRecord(folder: string, record: ProgramRecord): Result<true> {
  return writeOutput(join(folder, PROGRAM_FILE), `${JSON.stringify(record, null, 2)}\n`);
}

const notARun = (folder: string, why: string): Diagnostic => diagnostic("NAS9005", { title: "this is not the folder of a run", why: `${folder}: ${why}`, help: "give a folder that `nasc search` wrote, such as runs/Main-..." });

function isRecord(value: unknown): value is ProgramRecord {
  return typeof value === "object" && value !== null && "schema" in value && value.schema === "nasc/1" && "kind" in value && value.kind === "program"
    && "file" in value && typeof value.file === "string" && "sources" in value && typeof value.sources === "object" && value.sources !== null
    && "search" in value && typeof value.search === "string" && "seed" in value && typeof value.seed === "number" && "imports" in value && "constants" in value;
}

function readRecord(folder: string): Result<ProgramRecord> {
  const path = join(folder, PROGRAM_FILE);
  if (!existsSync(path)) return failure(notARun(folder, `it has no ${PROGRAM_FILE}`));
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isRecord(parsed) ? success(parsed) : failure(notARun(folder, `${PROGRAM_FILE} is not a record of this version`));
  } catch (error) {
    return failure(notARun(folder, `${PROGRAM_FILE}: ${error instanceof Error ? error.message : String(error)}`));
  }
}

/** Checks the recorded program again; everything else of a run follows from it and the files beside it. */
export function openRun(folder: string): Result<Run> {
  const record = readRecord(folder);
  if (!record.ok) return record;
  const { file, sources, imports, constants, search } = record.value;
  const checked = checkText({ file, text: sources[file] ?? "", constants: new Map(Object.entries(constants)), readImport: (path, importer) => imports[`${importer}|${path}`] });
  if (checked.program === undefined) return failure(...checked.diagnostics.filter(({ severity }) => severity === "error"));
  const plan = pick("search", checked.program.searches, search);
  if (!plan.ok) return plan;
  return success({ folder, record: record.value, checked, plan: plan.value, sources: checked.sources });
}
