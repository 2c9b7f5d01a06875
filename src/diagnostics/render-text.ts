/**
 * Diagnostics for people: a headline with the code, code frames (the primary file first, causes in other files after it), why and help.
 *
 *     error[NAS3104]: attention width is not divisible by its heads
 *       --> hybrid.nas:14:23
 */
import { codeFrame, lastLineOf } from "./code-frame.js";
import type { Palette, Paint } from "./code-frame.js";
import type { Diagnostic, Label } from "./model.js";
import { lineStarts, positionAt, textOf } from "./positions.js";
import type { Sources } from "./positions.js";

export interface RenderOptions {
  /** ANSI colours. */
  readonly color?: boolean;
  /** Columns of the terminal; longer lines are cut or wrapped. */
  readonly width?: number;
  /** After so many diagnostics the rest is only counted. */
  readonly limit?: number;
}

const same: Paint = (text) => text;
const ansi = (code: string): Paint => (text) => text === "" ? "" : `\u001b[${code}m${text}\u001b[0m`;

function paletteFor(diagnostic: Diagnostic, color: boolean): Palette {
  if (!color) return { primary: same, secondary: same, gutter: same, strong: same };
  return { primary: ansi(diagnostic.severity === "error" ? "1;31" : "1;33"), secondary: ansi("36"), gutter: ansi("34"), strong: ansi("1") };
}

/** All diagnostics as text that ends with a line break; empty for none. Files without a text are named without a frame. */
export function renderText(diagnostics: readonly Diagnostic[], sources: Sources, options: RenderOptions = {}): string {
  const limit = options.limit ?? 20;
  // What is cut off should not be what stops the program.
  const isError = ({ severity }: Diagnostic): boolean => severity === "error";
  const ordered = diagnostics.length <= limit ? diagnostics : [...diagnostics.filter(isError), ...diagnostics.filter((one) => !isError(one))];
  const rendered = ordered.slice(0, limit).map((one) => renderOne(one, sources, options));
  if (diagnostics.length > limit) rendered.push(`... and ${diagnostics.length - limit} more\n`);
  return rendered.join("\n");
}

function renderOne(one: Diagnostic, sources: Sources, options: RenderOptions): string {
  const width = options.width ?? 100;
  const palette = paletteFor(one, options.color ?? false);
  const groups = labelsByFile(one.labels);
  const gutter = String(groups.reduce((most, { file, labels }) => Math.max(most, lastLineOf(textOf(sources, file) ?? "", labels)), 1)).length;
  const rows = [`${palette.primary(`${one.severity}[${one.code}]`)}${palette.strong(`: ${one.title}`)}`];
  groups.forEach(({ file, labels }, index) => {
    const text = textOf(sources, file);
    rows.push(`${" ".repeat(gutter)} ${palette.gutter(index === 0 ? "-->" : ":::")} ${place(file, labels[0]!, text)}`);
    if (text === undefined) rows.push(...labels.filter((label) => label.text !== "").flatMap((label) => note("note", label.text, gutter, width, palette)));
    else rows.push(...codeFrame(text, labels, { width, gutter, palette }));
  });
  if (one.why !== undefined) rows.push(...note("why", one.why, gutter, width, palette));
  if (one.help !== undefined) rows.push(...note("help", one.help, gutter, width, palette));
  rows.push(...note("docs", `nasc explain ${one.code}`, gutter, width, palette));
  return `${rows.join("\n")}\n`;
}

/** Labels grouped by file in the order of first mention; the primary label leads its group. */
function labelsByFile(labels: readonly Label[]): readonly { readonly file: string; readonly labels: readonly Label[] }[] {
  const groups = new Map<string, Label[]>();
  for (const label of [...labels].sort((a, b) => Number(b.primary) - Number(a.primary))) groups.set(label.span.file, [...(groups.get(label.span.file) ?? []), label]);
  return [...groups].map(([file, own]) => ({ file, labels: own }));
}

function place(file: string, label: Label, text: string | undefined): string {
  if (text === undefined) return file;
  const { line, column } = positionAt(lineStarts(text), Math.min(label.span.start, text.length));
  return `${file}:${line}:${column}`;
}

/** `= help: ...`, wrapped at blanks and indented under its first word; line breaks of the text stay. */
function note(kind: string, text: string, gutter: number, width: number, palette: Palette): readonly string[] {
  const head = `${" ".repeat(gutter)} = ${kind}: `;
  const room = Math.max(20, width - head.length);
  const lines = text.split("\n").flatMap((paragraph) => wrapped(paragraph, room));
  return lines.map((line, index) => index === 0 ? `${" ".repeat(gutter)} ${palette.gutter("=")} ${palette.strong(`${kind}:`)} ${line}` : `${" ".repeat(head.length)}${line}`);
}

function wrapped(text: string, room: number): readonly string[] {
  if (text.length <= room) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
