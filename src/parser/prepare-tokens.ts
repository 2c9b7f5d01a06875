/**
 * Between the lexer and the grammar: balances brackets (so that recovery can trust depths), cuts out text that is nested too deeply, and
 * notes on every token where it stands. A missing bracket is reported here, once, with the bracket it would have closed as the cause.
 */
import { createTokenInstance, tokenMatcher } from "./chevrotain.js";
import type { IToken, TokenType } from "chevrotain";
import { diagnostic } from "../diagnostics/model.js";
import type { Diagnostic, Source, Span } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import { endOf } from "./token-place.js";
import type { TokenPlace } from "./token-place.js";
import * as t from "./tokens.js";

/** Deeper nesting is refused: nobody reads it, and every stage after this one recurses. */
export const nestingLimit = 200;

interface OpenedBracket { readonly token: IToken; readonly closer: TokenType; readonly ofChoice: boolean }

const closerOf = new Map<TokenType, TokenType>([
  [t.OpenBrace, t.CloseBrace], [t.OpenParenthesis, t.CloseParenthesis], [t.OpenBracket, t.CloseBracket],
]);
const closers = new Set<TokenType>(closerOf.values());

const declarationWords = new Map<string, TokenType>([
  ["space", t.Space], ["accelerator", t.Accelerator], ["search", t.Search], ["block", t.Block], ["architecture", t.Architecture], ["const", t.Const],
]);

/** An operator, an arrow or a `=` that wants an operand. */
function endsUnfinished(token: IToken): boolean {
  return token.tokenType === t.Arrow || token.tokenType === t.Equal || tokenMatcher(token, t.BinaryOperatorSign) && token.tokenType !== t.By && token.tokenType !== t.Star;
}

class TokenPreparation {
  readonly prepared: IToken[] = [];
  readonly diagnostics: Diagnostic[] = [];
  balanced = true;
  private readonly open: OpenedBracket[] = [];
  private readonly indentations = new Map<number, number>();
  private lastLine = 0;

  /** With `guess`, indentation and line starts tell where a bracket is missing; only for texts that do not balance. */
  constructor(private readonly tokens: readonly IToken[], private readonly source: Source, private readonly guess: boolean) {}

  run(): void {
    for (let at = 0; at < this.tokens.length; at++) {
      const token = this.open.length === 0 ? this.corrected(at) : this.tokens[at]!;
      const declares = this.startsDeclaration(at, token);
      if (declares) this.closeDownTo(0, token);
      else if (this.guess && this.startsStatement(at)) this.closeDownTo(this.open.findLastIndex(({ closer, ofChoice }) => closer === t.CloseBrace && !ofChoice) + 1, token);
      else if (this.isUnfinishedBefore(at)) this.finish();
      const closer = closerOf.get(token.tokenType);
      if (closer !== undefined) {
        if (this.open.length >= nestingLimit) at = this.cut(at);
        else this.openBracket(token, closer);
      } else if (closers.has(token.tokenType)) this.closeBracket(token);
      else this.push(token, declares);
    }
    this.closeDownTo(0, undefined);
  }

  private push(token: IToken, startsDeclaration = false): void {
    const place: TokenPlace = {
      depth: this.open.length,
      firstOnLine: token.startLine !== this.lastLine,
      inChoice: this.open.at(-1)?.ofChoice ?? false,
      startsDeclaration,
    };
    token.payload = place;
    if (place.firstOnLine) this.indentations.set(token.startLine ?? 0, token.startColumn ?? 1);
    this.lastLine = token.endLine ?? token.startLine ?? this.lastLine;
    this.prepared.push(token);
  }

  private openBracket(token: IToken, closer: TokenType): void {
    const before = this.prepared.at(-1)?.tokenType;
    const second = this.prepared.at(-2)?.tokenType;
    const isChoice = (type: TokenType | undefined): boolean => type === t.Choose || type === t.Adapt;
    this.push(token);
    this.open.push({ token, closer, ofChoice: token.tokenType === t.OpenBrace && (isChoice(before) || isChoice(second)) });
  }

  private closeBracket(token: IToken): void {
    const matching = this.matching(token);
    if (matching < 0) {
      this.balanced = false;
      this.diagnostics.push(diagnostic("NAS1003", { title: `\`${token.image}\` closes nothing`, at: this.spanOf(token), label: "no bracket is open here", help: `remove it, or add the bracket that it should close` }));
      return;
    }
    this.closeDownTo(matching + 1, token);
    this.open.pop();
    this.push(token);
  }

  /** The index of the open bracket that `token` closes: the innermost of its kind, or by guess the one whose line is indented like it. */
  private matching(token: IToken): number {
    const innermost = this.open.findLastIndex((bracket) => bracket.closer === token.tokenType);
    if (!this.guess || token.startLine === this.lastLine || innermost < 0) return innermost;
    const column = token.startColumn ?? 1;
    if (this.indentationOf(this.open[innermost]!.token) <= column) return innermost;
    const aligned = this.open.findLastIndex((bracket) => bracket.closer === token.tokenType && this.indentationOf(bracket.token) === column);
    return aligned < 0 ? innermost : aligned;
  }

  /** The column of the first token on the line of an opening bracket. */
  private indentationOf(token: IToken): number {
    return this.indentations.get(token.startLine ?? 0) ?? 1;
  }

  /** A first word that is nearly `space`, `block`, ... and is followed like one is read as that word, so that the rest makes sense. */
  private corrected(at: number): IToken {
    const token = this.tokens[at]!;
    if (token.tokenType !== t.Identifier || token.startLine === this.lastLine || this.tokens[at + 1]?.tokenType !== t.Identifier) return token;
    const third = this.tokens[at + 2]?.tokenType;
    const possible = third === t.OpenBrace ? ["space", "accelerator", "search"] : third === t.OpenParenthesis ? ["block"]
      : third === t.Of ? ["architecture"] : third === t.Equal ? ["const"] : [];
    const [word] = suggest(token.image, possible);
    const tokenType = declarationWords.get(word ?? "");
    if (word === undefined || tokenType === undefined) return token;
    const shown = token.image.length > 24 ? `${token.image.slice(0, 21)}...` : token.image;
    this.diagnostics.push(diagnostic("NAS1001", { title: `expected a declaration, found \`${shown}\``, at: this.spanOf(token), label: "no such declaration", help: `did you mean \`${word}\`?` }));
    return { ...token, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx ?? token.tokenTypeIdx };
  }

  /** Inside parentheses or a choice, yet it can only be a new statement: a bracket is missing before it. */
  private startsStatement(at: number): boolean {
    const token = this.tokens[at]!;
    const innermost = this.open.at(-1);
    if (innermost === undefined || (innermost.closer === t.CloseBrace && !innermost.ofChoice) || token.startLine === this.lastLine) return false;
    const before = this.tokens[at - 1]?.tokenType;
    if (before === t.Comma || before === t.OpenParenthesis || before === t.OpenBracket) return false;
    if ([t.For, t.Require, t.Return].includes(token.tokenType)) return true;
    return tokenMatcher(token, t.Name) && this.tokens[at + 1]?.tokenType === t.Equal;
  }

  /** The line above ends in an operator, and here something starts that cannot be its operand: `x = a ->` and then `y = b`. */
  private isUnfinishedBefore(at: number): boolean {
    const token = this.tokens[at]!;
    const before = this.prepared.at(-1);
    if (before === undefined || token.startLine === this.lastLine || !endsUnfinished(before)) return false;
    if (token.tokenType === t.CloseBrace || [t.For, t.Require, t.Return].includes(token.tokenType)) return true;
    const innermost = this.open.at(-1);
    const next = this.tokens[at + 1];
    if (!tokenMatcher(token, t.Name) || next === undefined || innermost?.closer !== t.CloseBrace) return false;
    if (innermost.ofChoice) return next.tokenType === t.Colon;
    return next.tokenType === t.Equal || ([t.Input, t.Output, t.Share].includes(token.tokenType) && tokenMatcher(next, t.Name));
  }

  /** Reports the operator without an operand and stands an unknown expression behind it. */
  private finish(): void {
    const operator = this.prepared.at(-1)!;
    this.diagnostics.push(diagnostic("NAS1001", { title: `expected an expression after \`${operator.image}\``, at: this.spanOf(operator), label: "the line ends here" }));
    this.push(this.virtual(t.Elided));
  }

  /** An empty token behind the last one. */
  private virtual(type: TokenType): IToken {
    const last = this.prepared.at(-1)!;
    const offset = Math.min(endOf(last), this.source.text.length);
    const line = last.endLine ?? 1;
    const column = last.endColumn ?? 1;
    return createTokenInstance(type, "", offset, Math.max(offset - 1, 0), line, line, column, column);
  }

  /** Reports and closes all brackets above `depth` with virtual tokens. */
  private closeDownTo(depth: number, before: IToken | undefined): void {
    let reported = false;
    while (this.open.length > depth) {
      const bracket = this.open.pop()!;
      this.balanced = false;
      if (!reported) this.reportUnclosed(bracket, before);
      reported = true;
      this.push(this.virtual(bracket.closer));
    }
  }

  private reportUnclosed(bracket: OpenedBracket, before: IToken | undefined): void {
    const closer = t.spelling(bracket.closer);
    const last = this.prepared.at(-1) ?? bracket.token;
    const at = before === undefined ? { file: this.source.file, start: Math.max(0, endOf(last) - 1), end: endOf(last) } : this.spanOf(before);
    this.diagnostics.push(diagnostic("NAS1002", {
      title: `missing \`${closer}\``,
      at,
      label: before === undefined ? `the file ends without \`${closer}\`` : `\`${closer}\` is missing before this`,
      causes: [{ span: this.spanOf(bracket.token), text: `this \`${bracket.token.image}\` is never closed` }],
    }));
  }

  /** Replaces the bracket at `at` and all inside it by one token; returns the index of its end. */
  private cut(at: number): number {
    const first = this.tokens[at]!;
    let depth = 0;
    let end = at;
    for (; end < this.tokens.length; end++) {
      const { tokenType } = this.tokens[end]!;
      if (closerOf.has(tokenType)) depth += 1;
      else if (closers.has(tokenType) && --depth === 0) break;
    }
    const last = this.tokens[Math.min(end, this.tokens.length - 1)]!;
    this.diagnostics.push(diagnostic("NAS1007", {
      title: `nested more than ${nestingLimit} levels deep`, at: this.spanOf(first), label: "this level is one too many",
      help: "name the inner parts with assignments or blocks",
    }));
    const text = this.source.text.slice(first.startOffset, endOf(last));
    this.push(createTokenInstance(t.Elided, text, first.startOffset, endOf(last) - 1, first.startLine ?? 1, last.endLine ?? 1, first.startColumn ?? 1, last.endColumn ?? 1));
    return end;
  }

  /**
   * `space Name {`, `block Name (`, `const NAME =` and so on, first on a line and indented no more than the declaration that is still
   * open: it means that a closing bracket is missing before it. Outside of all brackets the word is enough.
   */
  private startsDeclaration(at: number, token: IToken): boolean {
    if (token.startLine === this.lastLine) return false;
    const outermost = this.open[0];
    if (outermost !== undefined && (token.startColumn ?? 1) > this.indentationOf(outermost.token)) return false;
    const second = this.tokens[at + 1]?.tokenType;
    const third = this.tokens[at + 2]?.tokenType;
    if (outermost === undefined && (token.tokenType === t.Import || token.tokenType === t.Const)) return true;
    if (outermost === undefined && second === t.Identifier && [t.Block, t.Architecture, t.Space, t.Accelerator, t.Search].includes(token.tokenType)) return true;
    switch (token.tokenType) {
      case t.Import: return second === t.OpenBrace;
      case t.Const: return third === t.Equal;
      case t.Block: return third === t.OpenParenthesis && second === t.Identifier;
      case t.Architecture: return third === t.Of && second === t.Identifier;
      case t.Space: case t.Accelerator: case t.Search: return third === t.OpenBrace && second === t.Identifier;
      default: return false;
    }
  }

  private spanOf(token: IToken): Span {
    return { file: this.source.file, start: token.startOffset, end: endOf(token) };
  }
}

/** Tokens with balanced brackets, each knowing its place, and what was wrong with the brackets. */
export function prepareTokens(tokens: readonly IToken[], source: Source): { readonly tokens: IToken[]; readonly diagnostics: readonly Diagnostic[] } {
  let preparation = new TokenPreparation(tokens, source, false);
  preparation.run();
  if (!preparation.balanced) {
    preparation = new TokenPreparation(tokens, source, true);
    preparation.run();
  }
  return { tokens: preparation.prepared, diagnostics: preparation.diagnostics };
}
