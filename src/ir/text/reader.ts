/**
 * Tokens of the textual forms and a cursor over them. Inside a parse the first mistake is thrown as a private `Stop`; `readText`, the
 * only way in, turns it into a diagnostic.
 */
import { diagnostic, failure, success, type Result, type Span } from "../../diagnostics/model.js";

export interface Token { readonly kind: "word" | "number" | "text" | "sign" | "end"; readonly text: string; readonly start: number; readonly end: number }

class Stop extends Error {
  constructor(readonly token: Token, message: string) { super(message); }
}

const TOKEN = /\s+|\/\/[^\n]*|(?<text>"(?:[^"\\\n]|\\.)*")|(?<number>-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)(?![A-Za-z0-9_]))|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>->|[=:,*(){}[\]])/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new Stop({ kind: "sign", text: text[at]!, start: at, end: at + 1 }, "this character belongs to no word");
    const end = at + match[0].length;
    for (const kind of ["text", "number", "word", "sign"] as const) if (match.groups?.[kind] !== undefined) tokens.push({ kind, text: match[0], start: at, end });
    at = end;
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

export class Reader {
  private at = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  get next(): Token {
    return this.tokens[this.at]!;
  }

  get last(): Token {
    return this.tokens[Math.max(0, this.at - 1)]!;
  }

  /** Does the next token (or the one `ahead` of it) read like this? A quoted text never does. */
  sees(text: string, ahead = 0): boolean {
    const token = this.tokens[this.at + ahead];
    return token !== undefined && token.kind !== "text" && token.text === text && token.kind !== "end";
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.at++;
    return token;
  }

  accept(text: string): boolean {
    const seen = this.sees(text);
    if (seen) this.at++;
    return seen;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`\`${text}\` was expected`);
  }

  /** A word, or a quoted text that may hold anything. */
  name(what: string): string {
    const token = this.next;
    if (token.kind === "word") return this.take().text;
    return this.text(what);
  }

  text(what: string): string {
    const token = this.next;
    if (token.kind !== "text") this.fail(`${what} was expected`);
    try {
      const text: unknown = JSON.parse(this.take().text);
      if (typeof text === "string") return text;
    } catch {
      // Escapes that JSON does not know.
    }
    return this.fail(`${what} is not quoted properly`, token);
  }

  /** `n12` with the letter n: a reference or a definition. */
  reference(letter: "v" | "n"): number {
    const { kind, text } = this.next;
    if (kind !== "word" || !new RegExp(`^${letter}\\d+$`).test(text)) this.fail(`a name like \`${letter}0\` was expected`);
    return Number(this.take().text.slice(1));
  }

  /** item, item, ... up to `close`, which is taken. */
  list<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.accept(close)) {
      if (items.length > 0) this.expect(",");
      items.push(item());
    }
    return items;
  }

  fail(message: string, token = this.next): never {
    throw new Stop(token, message);
  }
}

/** Runs `parse` over a whole text; NAS4070 at the first token that does not fit. */
export function readText<T>(file: string, text: string, parse: (reader: Reader) => T): Result<T> {
  try {
    const reader = new Reader(tokenize(text));
    const value = parse(reader);
    if (reader.next.kind !== "end") reader.fail("an entry was expected");
    return success(value);
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    const { token, message } = stop;
    const at: Span = { file, start: token.start, end: token.end };
    return failure(diagnostic("NAS4070", { title: "the text of an intermediate form cannot be read", at, label: message, why: token.kind === "end" ? `the text ends where ${message}` : `at \`${shortened(token.text)}\`: ${message}` }));
  }
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** NAS4071 for a text that reads well but says what cannot be. */
export function inconsistent<T>(file: string, problems: readonly string[]): Result<T> {
  const at: Span = { file, start: 0, end: 0 };
  return failure(...problems.slice(0, 20).map((problem) => diagnostic("NAS4071", { title: "the text of an intermediate form contradicts itself", at, label: "in this text", why: problem })));
}
