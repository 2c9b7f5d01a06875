/**
 * Diagnostics about data: a file has no place in a `.nas` source, so its full path and the expected and actual numbers stand in the
 * text, and the title names the file alone.
 */
import { basename } from "node:path";
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import type { DiagnosticCode } from "../diagnostics/registry.js";

/** The file's own name in backticks, short enough for a title. */
export function shortName(path: string): string {
  const name = basename(path) || path;
  return `\`${name.length <= 36 ? name : `${name.slice(0, 16)}...${name.slice(-17)}`}\``;
}

/** A diagnostic on the file at `path`: "`name` <claim>", with the path and `facts` below it. */
export function dataProblem(code: DiagnosticCode, path: string, claim: string, facts: string, help?: string): Diagnostic {
  return diagnostic(code, { title: `${shortName(path)} ${claim}`, why: `${path}: ${facts}`, ...(help === undefined ? {} : { help }) });
}

/** 60000 -> "60,000". */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
