/**
 * The parts of chevrotain that the parser uses, from the single file that its package ships beside the many: reading hundreds of small
 * files takes longer than checking a program. Where that file is missing, the package's own entry serves.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

type Chevrotain = typeof import("chevrotain");

async function load(): Promise<Chevrotain> {
  try {
    const entry = createRequire(import.meta.url).resolve("chevrotain");
    return await import(pathToFileURL(join(dirname(entry), "..", "chevrotain.mjs")).href) as Chevrotain;
  } catch {
    return import("chevrotain");
  }
}

export const { CstParser, EOF, Lexer, NonTerminal, Terminal, createToken, createTokenInstance, isRecognitionException, tokenLabel, tokenMatcher } = await load();
