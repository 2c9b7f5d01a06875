/**
 * Diagnostics for programs. The shape is stable within a schema version: fields may be added, none changes its meaning.
 * Offsets count UTF-16 units from 0, lines and columns from 1; where the text of a file is unknown, lines and columns are 0.
 */
import type { Diagnostic, Label, Severity } from "./model.js";
import { lineStarts, positionAt, textOf } from "./positions.js";
import type { Sources } from "./positions.js";
import { registry } from "./registry.js";

export const diagnosticsSchema = "nasc/1";

export interface JsonPosition { readonly offset: number; readonly line: number; readonly column: number }
export interface JsonLabel { readonly file: string; readonly start: JsonPosition; readonly end: JsonPosition; readonly text: string; readonly primary: boolean }
export interface JsonDiagnostic {
  readonly code: string;
  readonly slug: string;
  readonly severity: Severity;
  readonly title: string;
  /** The primary label first. */
  readonly labels: readonly JsonLabel[];
  readonly why?: string;
  readonly help?: string;
  /** The command that explains the code. */
  readonly docs: string;
}
export interface JsonDiagnostics { readonly schema: typeof diagnosticsSchema; readonly errors: number; readonly warnings: number; readonly diagnostics: readonly JsonDiagnostic[] }

/** The diagnostics as plain data, for embedding into a larger answer. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[], sources: Sources): JsonDiagnostics {
  const starts = new Map<string, readonly number[] | undefined>();
  const startsOf = (file: string): readonly number[] | undefined => {
    if (!starts.has(file)) {
      const text = textOf(sources, file);
      starts.set(file, text === undefined ? undefined : lineStarts(text));
    }
    return starts.get(file);
  };
  const label = ({ span, text, primary }: Label): JsonLabel => {
    const position = (offset: number): JsonPosition => ({ offset, ...(startsOf(span.file) === undefined ? { line: 0, column: 0 } : positionAt(startsOf(span.file)!, offset)) });
    return { file: span.file, start: position(span.start), end: position(span.end), text, primary };
  };
  return {
    schema: diagnosticsSchema,
    errors: diagnostics.filter(({ severity }) => severity === "error").length,
    warnings: diagnostics.filter(({ severity }) => severity === "warning").length,
    diagnostics: diagnostics.map((one) => ({
      code: one.code, slug: registry[one.code].slug, severity: one.severity, title: one.title,
      labels: [...one.labels].sort((a, b) => Number(b.primary) - Number(a.primary)).map(label),
      ...(one.why === undefined ? {} : { why: one.why }), ...(one.help === undefined ? {} : { help: one.help }),
      docs: `nasc explain ${one.code}`,
    })),
  };
}

/** One line of JSON with a line break. */
export function renderJson(diagnostics: readonly Diagnostic[], sources: Sources): string {
  return `${JSON.stringify(diagnosticsToJson(diagnostics, sources))}\n`;
}
