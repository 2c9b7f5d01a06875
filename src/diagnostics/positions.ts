/** From offsets to lines and columns. Lines and columns count from 1; a column is a number of UTF-16 units, as editors count. */

export interface Position { readonly line: number; readonly column: number }

/** The offset at which every line starts. Lines end with LF, CRLF or a lone CR. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

/** The position of an offset, by binary search; offsets outside the text are moved to its edge. */
export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: Math.max(0, offset - starts[low]!) + 1 };
}

/** Where renderers find the text of a file: a map, or a function. */
export type Sources = ReadonlyMap<string, string> | ((file: string) => string | undefined);

export function textOf(sources: Sources, file: string): string | undefined {
  return typeof sources === "function" ? sources(file) : sources.get(file);
}

/** The text of a line (counted from 1) without its line break. */
export function lineText(text: string, starts: readonly number[], line: number): string {
  return text.slice(starts[line - 1] ?? text.length, starts[line] ?? text.length).replace(/\r?\n$|\r$/, "");
}
