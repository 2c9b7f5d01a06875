/**
 * The parser's front door: text in, program and diagnostics out, whatever the text is. Everything that is wrong with the syntax of a file
 * comes back in one call, in the order of the text, follow-up errors left out.
 */
import type { IToken } from "chevrotain";
import { diagnostic } from "../diagnostics/model.js";
import type { Diagnostic, Source } from "../diagnostics/model.js";
import type { Program } from "./ast.js";
import { buildProgram } from "./build-program.js";
import type { Building } from "./cst.js";
import { documentationFinder, firstAtOrAfter } from "./documentation.js";
import { NasGrammar } from "./grammar.js";
import { lex } from "./lexer.js";
import { prepareTokens } from "./prepare-tokens.js";
import { syntaxError } from "./syntax-errors.js";
import { withoutFollowUps } from "./follow-ups.js";

const grammar = new NasGrammar();

/** Never throws. The program holds what could be understood; diagnostics are empty exactly when all of it could. */
export function parse(source: Source): { readonly program: Program; readonly diagnostics: readonly Diagnostic[] } {
  const lexed = lex(source);
  const prepared = prepareTokens(lexed.tokens, source);
  const independent: Diagnostic[] = [];
  const likely: Diagnostic[] = [];
  const building: Building = { source, diagnostics: independent, documentationBefore: documentationFinder(lexed.comments, prepared.tokens) };
  const program = understand(prepared.tokens, building, likely);
  return { program, diagnostics: withoutFollowUps({ causes: [...lexed.diagnostics, ...prepared.diagnostics], likely, independent }, source) };
}

/** Tokens to a program; errors of the grammar go to `likely`, errors of literals and operators to `building`. */
function understand(tokens: IToken[], building: Building, likely: Diagnostic[]): Program {
  const { file, text } = building.source;
  try {
    grammar.input = tokens;
    const tree = grammar.program();
    for (const error of grammar.errors) likely.push(syntaxError(error, building.source, (offset) => tokens[firstAtOrAfter(tokens, offset) - 1]));
    return buildProgram(tree, building);
  } catch (error) {
    // Brackets are limited before parsing; endless prefixes (`choose choose choose ...`) can still exhaust the stack.
    if (!(error instanceof RangeError)) throw error;
    const all = { file, start: 0, end: text.length };
    building.diagnostics.push(diagnostic("NAS1007", { title: "the file is nested too deeply to be read", at: { ...all, end: Math.min(1, text.length) }, label: "in this file" }));
    return { file, declarations: [], span: all };
  }
}
