/**
 * From a path on the command line to a checked program: reads the file and its imports (`std/...` from the package, others relative to
 * the importing file), applies `-D`, and picks declarations by name.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import { checkProgram } from "../ir/check.js";
import { importedFile } from "../ir/import-paths.js";
import type { CheckedProgram } from "../ir/plan.js";
import type { Sources } from "./terminal.js";

export interface ProgramText {
  /** The entry file as it is called in messages. */
  readonly file: string;
  readonly constants: ReadonlyMap<string, string>;
  /** By the name an import gives, relative to its importer; undefined where there is none. */
  readonly readImport: (path: string, importer: string) => string | undefined;
  readonly text: string;
}

export interface CheckedText {
  /** Undefined where there were errors. */
  readonly program: CheckedProgram | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}

/** The folder of the package: two above this file in src and in dist alike. */
const packageFolder = fileURLToPath(new URL("../../", import.meta.url));

function readImportFromDisk(path: string, importer: string): string | undefined {
  const file = importedFile(path, importer);
  if (file === undefined) return undefined;
  const place = file.startsWith("std/") ? join(packageFolder, file) : resolve(file);
  try {
    return readFileSync(place, "utf8");
  } catch {
    return undefined;
  }
}

function namesBeside(file: string): readonly string[] {
  try {
    return readdirSync(dirname(resolve(file))).filter((name) => name.endsWith(".nas"));
  } catch {
    return [];
  }
}

/** `-D NAME=value`, several times. */
export function parseDefinitions(definitions: readonly string[]): Result<ReadonlyMap<string, string>> {
  const constants = new Map<string, string>();
  for (const definition of definitions) {
    const at = definition.indexOf("=");
    if (at <= 0) return failure(diagnostic("NAS9002", { title: "`-D` takes NAME=value", why: `\`${definition}\` has no name before a \`=\``, help: "for example -D CLASSES=100" }));
    constants.set(definition.slice(0, at).trim(), definition.slice(at + 1).trim());
  }
  return success(constants);
}

/** Reads a file; the text is checked later, by `checkText`. */
export function readProgram(file: string, definitions: readonly string[] = []): Result<ProgramText> {
  const constants = parseDefinitions(definitions);
  if (!constants.ok) return constants;
  try {
    const text = readFileSync(file === "-" ? 0 : file, "utf8");
    return success({ file: file === "-" ? "<stdin>" : file, text, constants: constants.value, readImport: readImportFromDisk });
  } catch (error) {
    const near = suggest(basename(file), namesBeside(file));
    return failure(diagnostic("NAS9001", {
      title: `cannot read \`${basename(file)}\``,
      why: existsSync(file) ? `${file}: ${error instanceof Error ? error.message : String(error)}` : `${file} does not exist`,
      ...(near.length > 0 ? { help: `did you mean ${near.map((name) => join(dirname(file), name)).join(" or ")}?` } : {}),
    }));
  }
}

export function checkText({ file, text, constants, readImport }: ProgramText): CheckedText {
  const { program, diagnostics, sources } = checkProgram({ source: { file, text }, readImport, constants });
  return { program: diagnostics.some(({ severity }) => severity === "error") ? undefined : program, diagnostics, sources };
}

/** The declaration of a kind that is meant: the named one, or the only one. */
export function pick<T>(kind: "search" | "space" | "architecture" | "accelerator", declared: ReadonlyMap<string, T>, name: string | undefined): Result<T> {
  const names = [...declared.keys()];
  if (name !== undefined) {
    const found = declared.get(name);
    if (found !== undefined) return success(found);
    const near = suggest(name, names);
    return failure(diagnostic("NAS9003", { title: `there is no ${kind} \`${name}\``, why: names.length === 0 ? `the program declares no ${kind}` : `the program declares ${names.join(", ")}`, ...(near.length > 0 ? { help: `did you mean ${near.join(" or ")}?` } : {}) }));
  }
  const [only] = declared.values();
  if (only !== undefined && declared.size === 1) return success(only);
  if (declared.size === 0) return failure(diagnostic("NAS9003", { title: `the program declares no ${kind}`, help: `add \`${kind} Name { ... }\`` }));
  return failure(diagnostic("NAS9003", { title: `the program declares ${declared.size} of ${kind}: which?`, why: names.join(", "), help: `say --${kind} NAME` }));
}
