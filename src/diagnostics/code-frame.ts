/**
 * The code frame of a diagnostic: the lines of one file that its labels stand on, underlined with `^` (what is wrong) and `-` (the cause).
 * A label over several lines is drawn on its first and its last line.
 */
import { crop, layOut, windowAround } from "./line-layout.js";
import type { Label } from "./model.js";
import { lineStarts, lineText, positionAt } from "./positions.js";

/** Paints a text for the terminal; the plain palette returns it as it is. */
export type Paint = (text: string) => string;
export interface Palette { readonly primary: Paint; readonly secondary: Paint; readonly gutter: Paint; readonly strong: Paint }

/** A label's part on one line: UTF-16 columns from 0, the end exclusive. */
interface Mark { readonly start: number; readonly end: number; readonly text: string; readonly primary: boolean }

export interface FrameOptions { readonly width: number; readonly gutter: number; readonly palette: Palette }

/** The largest line number that the labels need, for the width of the gutter. */
export function lastLineOf(text: string, labels: readonly Label[]): number {
  const starts = lineStarts(text);
  return labels.reduce((most, label) => Math.max(most, positionAt(starts, Math.max(label.span.start, label.span.end - 1)).line), 1);
}

/** Lines of the frame. `labels` all point into `text`; spans beyond it are moved to its edge. */
export function codeFrame(text: string, labels: readonly Label[], options: FrameOptions): readonly string[] {
  const { gutter, palette } = options;
  const starts = lineStarts(text);
  const marks = new Map<number, Mark[]>();
  for (const label of labels) for (const { line, mark } of marksOf(label, text, starts)) marks.set(line, [...(marks.get(line) ?? []), mark]);
  const empty = `${" ".repeat(gutter)} ${palette.gutter("|")}`;
  const frame = [empty];
  let previous: number | undefined;
  for (const line of [...marks.keys()].sort((a, b) => a - b)) {
    if (previous !== undefined && line > previous + 2) frame.push(palette.gutter("...".padStart(gutter)));
    else if (previous !== undefined && line === previous + 2) frame.push(numbered(line - 1, crop(layOut(lineText(text, starts, line - 1)).text, 0, roomOf(options)), options));
    frame.push(...markedLine(line, lineText(text, starts, line), marks.get(line)!, options).map((row, index) => index === 0 ? row : `${empty} ${row}`.trimEnd()));
    previous = line;
  }
  return frame;
}

const roomOf = ({ width, gutter }: FrameOptions): number => Math.max(20, width - gutter - 3);

function numbered(line: number, shown: string, { gutter, palette }: FrameOptions): string {
  return `${palette.gutter(`${String(line).padStart(gutter)} |`)} ${shown}`.trimEnd();
}

function marksOf(label: Label, text: string, starts: readonly number[]): readonly { readonly line: number; readonly mark: Mark }[] {
  const start = Math.min(label.span.start, text.length);
  const end = Math.max(start, Math.min(label.span.end, text.length));
  const first = positionAt(starts, start);
  const last = positionAt(starts, Math.max(start, end - 1));
  const { primary } = label;
  if (first.line === last.line) return [{ line: first.line, mark: { start: first.column - 1, end: first.column - 1 + Math.max(1, end - start), text: label.text, primary } }];
  const length = lineText(text, starts, first.line).length;
  return [
    { line: first.line, mark: { start: first.column - 1, end: Math.max(first.column, length), text: "", primary } },
    { line: last.line, mark: { start: lineText(text, starts, last.line).search(/\S|$/), end: last.column, text: label.text, primary } },
  ];
}

/** The numbered line, then the rows of marks without their gutter. */
function markedLine(line: number, source: string, marks: readonly Mark[], options: FrameOptions): readonly string[] {
  const layout = layOut(source);
  const total = layout.columns.at(-1) ?? 0;
  const at = (index: number): number => layout.columns[index] ?? total + (index - source.length);
  const focus = (marks.find((mark) => mark.primary) ?? marks[0]!).start;
  const view = windowAround(total, at(focus), roomOf(options));
  const shown = marks.map((mark) => {
    const from = Math.max(at(mark.start), view.from) - view.from;
    return { ...mark, from, to: Math.max(from + 1, Math.min(at(mark.end), view.to) - view.from) };
  }).filter((mark) => mark.from <= view.to - view.from).sort((a, b) => a.from - b.from || b.to - a.to);
  return [numbered(line, crop(layout.text, view.from, view.to), options), ...markRows(shown, options.palette)];
}

interface ShownMark extends Mark { readonly from: number; readonly to: number }

/** Underlines on one row, the text of the rightmost label beside it, the others hanging below by `|`. */
function markRows(marks: readonly ShownMark[], palette: Palette): readonly string[] {
  const paint = (mark: Mark): Paint => mark.primary ? palette.primary : palette.secondary;
  const cells: { readonly sign: string; readonly paint: Paint }[] = [];
  for (const mark of [...marks].sort((a, b) => Number(a.primary) - Number(b.primary))) {
    for (let column = mark.from; column < mark.to; column++) cells[column] = { sign: mark.primary ? "^" : "-", paint: paint(mark) };
  }
  const underline = Array.from(cells, (cell) => cell === undefined ? " " : cell.paint(cell.sign)).join("");
  const texts = marks.filter((mark) => mark.text !== "");
  const last = texts.at(-1);
  const beside = last !== undefined && marks.every((mark) => mark.to <= last.to);
  const rows = [beside ? `${underline} ${paint(last)(last.text)}` : underline];
  const hanging = beside ? texts.slice(0, -1) : texts;
  for (let index = hanging.length - 1; index >= 0; index--) {
    const stems = hanging.slice(0, index);
    const row = (end: string, column: number): string => {
      let result = "";
      let width = 0;
      for (const stem of stems) {
        if (stem.from < width || stem.from >= column) continue;
        result += `${" ".repeat(stem.from - width)}${paint(stem)("|")}`;
        width = stem.from + 1;
      }
      return `${result}${" ".repeat(Math.max(0, column - width))}${end}`;
    };
    const mark = hanging[index]!;
    rows.push(row(paint(mark)(mark.text), mark.from));
  }
  return rows;
}
