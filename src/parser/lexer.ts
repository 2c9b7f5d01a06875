/** Text to tokens and comments. Reports characters that belong to no token, and strings and comments without their end. */
import { Lexer } from "./chevrotain.js";
import type { ILexingError, IToken } from "chevrotain";
import { diagnostic } from "../diagnostics/model.js";
import type { Diagnostic, Source, Span } from "../diagnostics/model.js";
import { endOf } from "./token-place.js";
import { AnyToken, BinaryOperatorSign, DocumentationComment, Name, Nothing, PrefixOperatorSign, Elided, tokenTable, UnterminatedComment, UnterminatedString } from "./tokens.js";

/** Tokens without text stay out; they exist for the grammar. */
const abstract = new Set([AnyToken, BinaryOperatorSign, DocumentationComment, Name, Nothing, PrefixOperatorSign, Elided].filter((type) => type !== DocumentationComment));

const lexer = new Lexer(tokenTable.filter((type) => !abstract.has(type)), { positionTracking: "full" });

export interface LexedSource {
  readonly tokens: IToken[];
  /** All comments in order; `///` ones have the type DocumentationComment. */
  readonly comments: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

const hints: Readonly<Record<string, string>> = {
  ";": "statements end by themselves: remove it",
  "'": "strings are written with double quotes",
  "`": "strings are written with double quotes",
  "&": "write `and`", "&&": "write `and`", "|": "write `or`; a pipe is `->`", "||": "write `or`", "!": "write `not`",
  "?": "write `if condition { a } else { b }`",
  "@": "settings and parameters take no `@`",
};

export function lex(source: Source): LexedSource {
  const { tokens, groups, errors } = lexer.tokenize(source.text);
  const comments = groups["comments"] ?? [];
  const span = (start: number, end: number): Span => ({ file: source.file, start, end });
  const diagnostics = errors.map((error) => unknownText(error, source));
  for (const token of tokens) {
    if (token.tokenType === UnterminatedString) {
      diagnostics.push(diagnostic("NAS1004", { title: "this string has no end", at: span(token.startOffset, endOf(token)), label: "no closing `\"` on this line", help: "strings end on the line where they start" }));
    }
  }
  for (const comment of comments) {
    if (comment.tokenType === UnterminatedComment) {
      diagnostics.push(diagnostic("NAS1004", { title: "this comment has no end", at: span(comment.startOffset, Math.min(comment.startOffset + 2, source.text.length)), label: "`/*` without `*/`" }));
    }
  }
  return { tokens, comments, diagnostics };
}

function unknownText(error: ILexingError, source: Source): Diagnostic {
  const end = Math.min(error.offset + error.length, source.text.length);
  const text = source.text.slice(error.offset, end);
  const shown = text.length > 20 ? `${text.slice(0, 17)}...` : text;
  const hint = hints[text] ?? hints[text[0] ?? ""] ?? (/^\p{L}/u.test(text) ? "names are written with the letters A to Z, digits and `_`" : undefined);
  return diagnostic("NAS1000", {
    title: `\`${shown.replace(/`/g, "'").replace(/[\r\n]/g, " ")}\` does not belong to the language`,
    at: { file: source.file, start: error.offset, end },
    label: text.length === 1 ? "unknown character" : "unknown characters",
    ...(hint === undefined ? {} : { help: hint }),
  });
}
