/**
 * What a diagnostic is: spans in sources, labels, severity, and the Result type that carries errors as values up to the command line.
 * Everybody may import this folder; it imports nothing.
 */
import type { DiagnosticCode } from "./registry.js";

/** A half-open range of UTF-16 offsets in one source. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** A text that spans point into: a .nas file, a std library file, or a synthetic one such as the command line. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface Label {
  readonly span: Span;
  readonly text: string;
  readonly primary: boolean;
}

export type Severity = "error" | "warning";

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** At most 70 characters, names in backticks. */
  readonly title: string;
  /** The primary label first (where there is a source); further labels frame the cause. */
  readonly labels: readonly Label[];
  readonly why?: string;
  readonly help?: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function success<T>(value: T, warnings: readonly Diagnostic[] = []): Result<T> {
  return { ok: true, value, warnings };
}

export function failure<T>(...diagnostics: readonly Diagnostic[]): Result<T> {
  return { ok: false, diagnostics };
}

/** A span that covers both. */
export function spanning(first: Span, last: Span): Span {
  return { file: first.file, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}

export interface DiagnosticParts {
  readonly title: string;
  readonly at?: Span;
  readonly label?: string;
  readonly causes?: readonly { readonly span: Span; readonly text: string }[];
  readonly why?: string;
  readonly help?: string;
  readonly severity?: Severity;
}

const TITLE_LIMIT = 70;

/** Titles quote what is written, which may be long. */
function shortened(title: string): string {
  return title.length <= TITLE_LIMIT ? title : `${title.slice(0, TITLE_LIMIT - 1)}…`;
}

/** Builds a diagnostic with its primary label first. */
export function diagnostic(code: DiagnosticCode, parts: DiagnosticParts): Diagnostic {
  const primary: Label[] = parts.at ? [{ span: parts.at, text: parts.label ?? "", primary: true }] : [];
  const causes = (parts.causes ?? []).map((cause): Label => ({ ...cause, primary: false }));
  return {
    code,
    severity: parts.severity ?? "error",
    title: shortened(parts.title),
    labels: [...primary, ...causes],
    ...(parts.why === undefined ? {} : { why: parts.why }),
    ...(parts.help === undefined ? {} : { help: parts.help }),
  };
}
