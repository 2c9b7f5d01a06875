/**
 * From chevrotain's errors to diagnostics: what was expected, in words of the language, at the smallest span. The message provider only
 * records the expectation; the sentence is made here, where the token found and the rules around it are known.
 */
import { EOF, tokenLabel, tokenMatcher } from "./chevrotain.js";
import type { IParserErrorMessageProvider, IRecognitionException, IToken, TokenType } from "chevrotain";
import { diagnostic } from "../diagnostics/model.js";
import type { Diagnostic, Source, Span } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import { endOf } from "./token-place.js";
import * as t from "./tokens.js";

const labels = (types: readonly TokenType[]): string => [...new Set(types.map((type) => tokenLabel(type)))].join("\n");

/** Messages are the labels of what was expected, one a line. */
export const syntaxErrorMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => labels([expected]),
  buildNotAllInputParsedMessage: () => "a declaration",
  buildNoViableAltMessage: ({ expectedPathsPerAlt }) => labels(expectedPathsPerAlt.flatMap((paths) => paths.flatMap((path) => path.slice(0, 1)))),
  buildEarlyExitMessage: ({ expectedIterationPaths }) => labels(expectedIterationPaths.flatMap((path) => path.slice(0, 1))),
};

/** What may start in the rule, said shortly instead of token by token. */
const expectedInRule: Readonly<Record<string, string>> = {
  atom: "an expression", alternatives: "an alternative", declaration: "a declaration", statement: "a statement", setting: "a setting", binding: "a decision",
};

const expectedAfterUnexpected: Readonly<Record<string, string>> = {
  declaration: "`space`, `block`, `const`, `import`, `architecture`, `accelerator` or `search`",
  statement: "`name = expression`, `for`, `if`, `require`, `input`, `output` or `return`",
  setting: "the name of a setting", binding: "the path of a decision",
};

const declarationWords: readonly string[] = ["import", "const", "block", "space", "architecture", "accelerator", "search"];
const statementWords = ["for", "if", "require", "return", "input", "output", "share", "choose", "adapt"];

function expectation(error: IRecognitionException): string {
  const rules = error.context.ruleStack;
  const rule = rules.at(-1) ?? "";
  if (rule === "unexpected") return expectedAfterUnexpected[rules.at(-2) ?? ""] ?? "something else";
  const expected = expectedInRule[rule];
  if (expected !== undefined && error.name !== "MismatchedTokenException") return expected;
  const options = error.message.split("\n");
  if (rule === "choice") return "`{` or a range";
  if (options.length > 5) return "an expression";
  if (options[0] === "`)`" && rule === "callArguments") return "`,` or `)`";
  if (options[0] === "`]`" && rule === "list") return "`,` or `]`";
  if (options[0] === "`}`" && rule === "alternatives") return "`,`, `if` or `}`";
  return options.length === 1 ? options[0]! : `${options.slice(0, -1).join(", ")} or ${options.at(-1)!}`;
}

function described(token: IToken): string {
  if (token.tokenType === EOF) return "the end of the file";
  if (token.image === "") return "what closes here";
  const image = token.image.length > 24 ? `${token.image.slice(0, 21)}...` : token.image;
  return `\`${image.replace(/`/g, "'")}\``;
}

/** The span of a token; the end of the file and virtual tokens stand for the last character before them. */
export function tokenSpan(token: IToken, previous: IToken | undefined, source: Source): Span {
  const length = source.text.length;
  if (token.tokenType !== EOF && token.image !== "") return { file: source.file, start: token.startOffset, end: endOf(token) };
  const end = token.tokenType === EOF || Number.isNaN(token.startOffset) ? (previous && !Number.isNaN(previous.startOffset) ? endOf(previous) : length) : token.startOffset;
  return { file: source.file, start: Math.max(0, end - 1), end: Math.max(Math.min(end, length), 0) };
}

/** One diagnostic for an error of the grammar. */
export function syntaxError(error: IRecognitionException, source: Source, tokenBefore: (offset: number) => IToken | undefined): Diagnostic {
  const rules = error.context.ruleStack;
  const stray = rules.at(-1) === "unexpected";
  const previous = "previousToken" in error ? (error.previousToken as IToken | undefined) : undefined;
  const found = stray && previous !== undefined ? previous : error.token;
  const expected = expectation(error);
  const near = nearWords({ token: found, stray, before: stray ? tokenBefore(found.startOffset) : previous }, error);
  const help = near === undefined ? hintFor(found, stray, rules, expected) : `did you mean ${near.words.map((word) => `\`${word}\``).join(" or ")}?`;
  return diagnostic("NAS1001", {
    title: `expected ${shortened(expected)}, found ${described(found)}`,
    at: near === undefined ? tokenSpan(found, previous, source) : tokenSpan(near.token, undefined, source),
    label: `expected ${expected}`,
    ...(help === undefined ? {} : { help }),
  });
}

/** Titles are short; the label lists the possibilities. */
function shortened(expected: string): string {
  const kind = Object.entries(expectedAfterUnexpected).find(([, list]) => list === expected)?.[0];
  return kind === undefined ? expected : expectedInRule[kind] ?? expected;
}

/** What to do about the mistakes that newcomers make most. */
function hintFor(found: IToken, stray: boolean, rules: readonly string[], expected: string): string | undefined {
  const rule = rules.at(-1);
  if (expected === "a name" && t.reservedWords.includes(found.tokenType)) return `\`${found.image}\` is a keyword and cannot be a name`;
  if (stray && rules.at(-2) === "statement") {
    if (found.tokenType === t.OpenParenthesis || found.tokenType === t.OpenBracket) return "calls and indices start on the line of what they follow";
    if (found.tokenType === t.Const || found.tokenType === t.Import) return `\`${found.image}\` stands outside of spaces and blocks; inside, write \`name = expression\``;
  }
  if (rule === "assignStatement") return "a statement that starts with a name gives it a value: `name = expression`";
  if (rule === "alternatives" && found.tokenType === t.Equal) return "labels are followed by `:`";
  if (rule === "callArguments" && found.tokenType === t.Colon) return "arguments are named with `=`: `f(kernel = 3)`";
  if (rule === "field" && found.tokenType === t.Equal) return "fields are written `name: value`";
  return undefined;
}

interface Found { readonly token: IToken; readonly stray: boolean; readonly before: IToken | undefined }

/**
 * Misspelt words. Where a word of the grammar was expected it is the token found; where text starts nothing it may be the token before
 * (`chose { 1, 2 }`, `requre x`).
 */
function nearWords({ token, stray, before }: Found, error: IRecognitionException): { readonly words: readonly string[]; readonly token: IToken } | undefined {
  const rules = error.context.ruleStack;
  const found = (wanted: IToken | undefined, candidates: readonly string[]) => {
    const words = wanted !== undefined && tokenMatcher(wanted, t.Name) ? suggest(wanted.image, candidates) : [];
    return words.length > 0 && wanted !== undefined ? { words, token: wanted } : undefined;
  };
  if (stray && rules.at(-2) === "declaration") return found(token, declarationWords);
  if (stray && token.tokenType === t.OpenBrace) return found(before, ["choose", "adapt", "else", "if"]);
  if (stray) return undefined;
  if (rules.at(-1) === "assignStatement") return found(before, statementWords);
  const expected = error.message.split("\n").map((option) => option.replaceAll("`", "")).filter((option) => /^[a-z]+$/.test(option));
  return found(token, rules.at(-1) === "body" && rules.at(-2) === "blockDeclaration" ? [...expected, "reversible"] : expected);
}
