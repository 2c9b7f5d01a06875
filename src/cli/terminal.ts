/**
 * The two streams of a command: results on stdout, everything else on stderr. Decides on colour and width, prints diagnostics, and
 * wraps machine output (`--json`) in one versioned envelope.
 */
import type { Diagnostic } from "../diagnostics/model.js";
import { diagnosticsToJson } from "../diagnostics/render-json.js";
import { renderText } from "../diagnostics/render-text.js";

export type Sources = ReadonlyMap<string, string>;

export interface TerminalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** `--color` / `--no-color`; undefined: as the stream says. */
  readonly color?: boolean;
}

/** FORCE_COLOR and --color win over NO_COLOR and dumb terminals; else colour is for terminals. */
export function wantsColor(stream: { readonly isTTY?: boolean }, option: boolean | undefined, environment: NodeJS.ProcessEnv): boolean {
  if (option !== undefined) return option;
  if (environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== "" && environment.FORCE_COLOR !== "0") return true;
  if ((environment.NO_COLOR ?? "") !== "" || environment.TERM === "dumb") return false;
  return stream.isTTY === true;
}

export class Terminal {
  readonly colorOut: boolean;
  readonly colorErr: boolean;

  constructor(readonly options: TerminalOptions) {
    this.colorOut = wantsColor(process.stdout, options.color, process.env);
    this.colorErr = wantsColor(process.stderr, options.color, process.env);
  }

  get json(): boolean {
    return this.options.json;
  }

  /** A line of the result; silent with `--json`, whose result is the document. */
  result(line = ""): void {
    if (!this.json) process.stdout.write(`${line}\n`);
  }

  /** A line about what is going on. */
  note(line: string): void {
    if (!this.options.quiet) process.stderr.write(`${line}\n`);
  }

  bold(text: string): string {
    return this.colorOut ? `\u001b[1m${text}\u001b[22m` : text;
  }

  dim(text: string): string {
    return this.colorOut ? `\u001b[2m${text}\u001b[22m` : text;
  }

  /** Diagnostics for people, on stderr; with `--json` they are part of the document instead. */
  diagnostics(diagnostics: readonly Diagnostic[], sources: Sources = new Map()): void {
    const shown = this.options.quiet ? diagnostics.filter(({ severity }) => severity === "error") : diagnostics;
    if (this.json || shown.length === 0) return;
    process.stderr.write(`${renderText(shown, sources, { color: this.colorErr, width: Math.min(process.stderr.columns ?? 120, 140) })}\n`);
  }

  /** The document of `--json`, or one line of a stream of documents. */
  document(verb: string, content: Readonly<Record<string, unknown>>, diagnostics: readonly Diagnostic[] = [], sources: Sources = new Map(), spaced = true): void {
    if (!this.json) return;
    const { schema, errors, warnings, diagnostics: shown } = diagnosticsToJson(diagnostics, sources);
    const document = { schema, verb, ok: errors === 0, ...content, errors, warnings, diagnostics: shown };
    process.stdout.write(`${JSON.stringify(document, jsonValue, spaced ? 2 : undefined)}\n`);
  }
}

/** Big counts become decimal strings; numbers that JSON lacks become null. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Map) return Object.fromEntries(value);
  return value;
}
