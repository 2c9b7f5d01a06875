/**
 * The one token table: every word, sign and literal of the language, with the label that messages use. The lexer, the grammar,
 * the EBNF's test and editors read it. Contextual words are also names: `weights`, `by` or `space` may name a variable.
 */
import { createToken, Lexer } from "./chevrotain.js";
import type { TokenType } from "chevrotain";

/** Every token that reaches the grammar belongs to it: what recovery may skip. */
export const AnyToken = createToken({ name: "AnyToken", pattern: Lexer.NA, label: "anything" });
/** Identifiers and contextual words. */
export const Name = createToken({ name: "Name", pattern: Lexer.NA, categories: [AnyToken], label: "a name" });
export const BinaryOperatorSign = createToken({ name: "BinaryOperatorSign", pattern: Lexer.NA, categories: [AnyToken], label: "an operator" });
export const PrefixOperatorSign = createToken({ name: "PrefixOperatorSign", pattern: Lexer.NA, categories: [AnyToken], label: "`-` or `not`" });

export const Identifier = createToken({ name: "Identifier", pattern: /[A-Za-z_]\w*/, categories: [Name], label: "a name", line_breaks: false });

function word(text: string, categories: TokenType[]): TokenType {
  return createToken({ name: text[0]!.toUpperCase() + text.slice(1), pattern: text, longer_alt: Identifier, categories, label: `\`${text}\`` });
}
const reserved = (text: string): TokenType => word(text, [AnyToken]);
const contextual = (text: string): TokenType => word(text, [Name]);

export const Choose = reserved("choose");
export const Adapt = reserved("adapt");
export const If = reserved("if");
export const Else = reserved("else");
export const For = reserved("for");
export const Require = reserved("require");
export const Return = reserved("return");
export const Const = reserved("const");
export const Import = reserved("import");
export const True = reserved("true");
export const False = reserved("false");
export const None = reserved("none");
export const And = word("and", [BinaryOperatorSign]);
export const Or = word("or", [BinaryOperatorSign]);
export const In = word("in", [BinaryOperatorSign]);
export const Not = word("not", [PrefixOperatorSign]);

export const Block = contextual("block");
export const Space = contextual("space");
export const Architecture = contextual("architecture");
export const Accelerator = contextual("accelerator");
export const Search = contextual("search");
export const Reversible = contextual("reversible");
export const Input = contextual("input");
export const Output = contextual("output");
export const Share = contextual("share");
export const Weights = contextual("weights");
export const Through = contextual("through");
export const Every = contextual("every");
export const Of = contextual("of");
export const On = contextual("on");
export const From = contextual("from");
export const As = contextual("as");
export const Subject = contextual("subject");
export const To = contextual("to");
export const By = word("by", [Name, BinaryOperatorSign]);

function sign(name: string, text: string, categories: TokenType[] = [AnyToken]): TokenType {
  return createToken({ name, pattern: text, categories, label: `\`${text}\`` });
}

export const Arrow = sign("Arrow", "->");
export const DotDot = sign("DotDot", "..", [BinaryOperatorSign]);
export const EqualEqual = sign("EqualEqual", "==", [BinaryOperatorSign]);
export const NotEqual = sign("NotEqual", "!=", [BinaryOperatorSign]);
export const LessEqual = sign("LessEqual", "<=", [BinaryOperatorSign]);
export const GreaterEqual = sign("GreaterEqual", ">=", [BinaryOperatorSign]);
export const Less = sign("Less", "<", [BinaryOperatorSign]);
export const Greater = sign("Greater", ">", [BinaryOperatorSign]);
export const Plus = sign("Plus", "+", [BinaryOperatorSign]);
export const Minus = sign("Minus", "-", [BinaryOperatorSign, PrefixOperatorSign]);
export const Star = sign("Star", "*", [BinaryOperatorSign]);
export const Slash = sign("Slash", "/", [BinaryOperatorSign]);
export const Percent = sign("Percent", "%", [BinaryOperatorSign]);
export const Caret = sign("Caret", "^", [BinaryOperatorSign]);
export const Equal = sign("Equal", "=");
export const Colon = sign("Colon", ":");
export const Comma = sign("Comma", ",");
export const Dot = sign("Dot", ".");
export const Hash = sign("Hash", "#");
export const OpenBrace = sign("OpenBrace", "{");
export const CloseBrace = sign("CloseBrace", "}");
export const OpenParenthesis = sign("OpenParenthesis", "(");
export const CloseParenthesis = sign("CloseParenthesis", ")");
export const OpenBracket = sign("OpenBracket", "[");
export const CloseBracket = sign("CloseBracket", "]");

/** A number with the unit suffix stuck to it; letters that are no unit are diagnosed with the literal at hand. */
export const NumberToken = createToken({ name: "Number", pattern: /\d+(?:\.\d+)*(?:[eE][+-]?\d+)?\w*/, categories: [AnyToken], label: "a number", line_breaks: false });
export const StringToken = createToken({ name: "String", pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/, categories: [AnyToken], label: "a string" });
/** Runs to the end of its line; the lexer reports it, the grammar reads it as a string. */
export const UnterminatedString = createToken({ name: "UnterminatedString", pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*\\?/, categories: [StringToken], label: "a string" });
/** Stands where too deeply nested text was cut out; never produced by the lexer. */
export const Elided = createToken({ name: "Elided", pattern: Lexer.NA, categories: [AnyToken], label: "an expression" });

/** Matches no text: see the rule `unexpected`. */
export const Nothing = createToken({ name: "Nothing", pattern: Lexer.NA, label: "nothing" });

export const Whitespace = createToken({ name: "Whitespace", pattern: /[ \t\r\n\f\v\u00a0\ufeff]+/, group: Lexer.SKIPPED, line_breaks: true });
export const DocumentationComment = createToken({ name: "DocumentationComment", pattern: /\/\/\/[^\r\n]*/, group: "comments" });
export const LineComment = createToken({ name: "LineComment", pattern: /\/\/[^\r\n]*/, group: "comments" });
export const BlockComment = createToken({ name: "BlockComment", pattern: /\/\*[\s\S]*?\*\//, group: "comments", line_breaks: true });
export const UnterminatedComment = createToken({ name: "UnterminatedComment", pattern: /\/\*[\s\S]*/, group: "comments", line_breaks: true });

export const reservedWords: readonly TokenType[] = [Choose, Adapt, If, Else, For, Require, Return, Const, Import, True, False, None, And, Or, In, Not];
/** Reserved words that start no value: `memory in { ... }` can only mean a name. */
export const neverValues: ReadonlySet<TokenType> = new Set([If, Else, For, Require, Return, Const, Import, And, Or, In, Not]);
export const contextualWords: readonly TokenType[] = [
  Block, Space, Architecture, Accelerator, Search, Reversible, Input, Output, Share, Weights, Through, Every, Of, On, From, As, Subject, To, By,
];
/** Longer signs before their own beginnings. */
export const signs: readonly TokenType[] = [
  Arrow, DotDot, EqualEqual, NotEqual, LessEqual, GreaterEqual, Less, Greater, Plus, Minus, Star, Slash, Percent, Caret, Equal, Colon, Comma, Dot, Hash,
  OpenBrace, CloseBrace, OpenParenthesis, CloseParenthesis, OpenBracket, CloseBracket,
];
const categories: readonly TokenType[] = [AnyToken, Name, BinaryOperatorSign, PrefixOperatorSign];

/** The word or sign itself: "choose", "->"; the label for literals and names. */
export function spelling(type: TokenType): string {
  return typeof type.PATTERN === "string" ? type.PATTERN : (type.LABEL ?? type.name);
}

/** All tokens, in the order in which the lexer tries them: `input` before `in`. */
export const tokenTable: readonly TokenType[] = [
  Whitespace, DocumentationComment, LineComment, BlockComment, UnterminatedComment, StringToken, UnterminatedString,
  ...[...reservedWords, ...contextualWords].sort((a, b) => spelling(b).length - spelling(a).length), Identifier, NumberToken, ...signs, Elided, Nothing, ...categories,
];
