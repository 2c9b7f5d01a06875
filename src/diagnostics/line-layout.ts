/**
 * How one source line looks on a terminal: tabs expanded, control characters made visible, wide and zero-width characters measured, and
 * lines that are too long cut to a window around what is underlined.
 */

const tabStop = 4;

/** Terminal columns of a code point. Wide: East Asian wide and full-width blocks, emoji (Unicode 15, coarse ranges). */
export function columnsOf(codePoint: number): number {
  if (codePoint === 0x200b || codePoint === 0x200d || codePoint === 0xfeff || (codePoint >= 0xfe00 && codePoint <= 0xfe0f)) return 0;
  if (/^\p{Mn}$/u.test(String.fromCodePoint(codePoint))) return 0;
  const wide = (codePoint >= 0x1100 && codePoint <= 0x115f) || (codePoint >= 0x2e80 && codePoint <= 0xa4cf) || (codePoint >= 0xac00 && codePoint <= 0xd7a3)
    || (codePoint >= 0xf900 && codePoint <= 0xfaff) || (codePoint >= 0xfe30 && codePoint <= 0xfe6f) || (codePoint >= 0xff00 && codePoint <= 0xff60)
    || (codePoint >= 0xffe0 && codePoint <= 0xffe6) || (codePoint >= 0x1f300 && codePoint <= 0x1faff) || (codePoint >= 0x20000 && codePoint <= 0x3fffd);
  return wide ? 2 : 1;
}

export interface LineLayout {
  readonly text: string;
  /** Display column (from 0) of every UTF-16 unit of the line, and of its end. */
  readonly columns: readonly number[];
}

export function layOut(line: string): LineLayout {
  let text = "";
  let column = 0;
  const columns: number[] = [];
  for (const character of line) {
    for (let unit = 0; unit < character.length; unit++) columns.push(column);
    const code = character.codePointAt(0) ?? 0;
    if (character === "\t") {
      const blanks = tabStop - (column % tabStop);
      text += " ".repeat(blanks);
      column += blanks;
    } else if (code < 32 || code === 127 || (code >= 0x80 && code < 0xa0) || (code >= 0xd800 && code <= 0xdfff) || isBidirectional(code)) {
      text += "\ufffd";
      column += 1;
    } else {
      text += character;
      column += columnsOf(code);
    }
  }
  columns.push(column);
  return { text, columns };
}

/** Characters that reorder what a terminal shows; a source must not look different from what it is. */
function isBidirectional(code: number): boolean {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code === 0x200e || code === 0x200f;
}

/** The display columns that fit: everything, or a window that starts a little before `focus`. */
export function windowAround(total: number, focus: number, room: number): { readonly from: number; readonly to: number } {
  if (total <= room) return { from: 0, to: total };
  const from = Math.max(0, Math.min(focus - Math.floor(room / 4), total - room));
  return { from, to: from + room };
}

/** The part of a laid out text between two display columns, with `...` where something was cut off. */
export function crop(text: string, from: number, to: number): string {
  let column = 0;
  let result = "";
  let more = false;
  for (const character of text) {
    const columns = columnsOf(character.codePointAt(0) ?? 0);
    if (column + columns > to) { more = true; break; }
    if (column >= from) result += character;
    else if (column + columns > from) result += " ";
    column += columns;
  }
  if (from > 0 && [...result].length > 3) result = `...${dropColumns(result, 3)}`;
  if (more && [...result].length > 3) result = `${[...result].slice(0, -3).join("")}...`;
  return result;
}

function dropColumns(text: string, columns: number): string {
  let rest = text;
  let dropped = 0;
  while (dropped < columns && rest !== "") {
    const code = rest.codePointAt(0) ?? 0;
    dropped += columnsOf(code);
    rest = rest.slice(code > 0xffff ? 2 : 1);
  }
  return " ".repeat(Math.max(0, dropped - columns)) + rest;
}
