/**
 * Damages text the way people and editors do: deletes, doubles, swaps and inserts pieces, cuts the file off. A mutation is a function of
 * (seed, step) only. Shared by the fast property test and the slow one.
 */
import { randomStream } from "../../src/random/stream.js";

const pieces = [
  "{", "}", "(", ")", "[", "]", "->", "=", "==", ",", ":", ".", "..", "#", "*", "-", "\"", "/*", "//", "///", "\n", " ", "\t", "\r\n", ";", "?", "&&", "\u00e9", "\ud83d", "\u0000",
  "choose", "adapt", "if", "else", "for", "in", "require", "return", "const X = 1\n", "\nspace S {", "input", "output", "share", "weights", "through", "by", "of", "on", "not", "and",
  "none", "true", "12x14", "1.2.3", "3ms", "9zz", "1e999", "x", "subject to", "import {", "mix[*]", "choose {", "if a {", "else {", "f(", "...",
];

/** One to four damages to `text`. */
export function mutate(text: string, seed: number, step: number): string {
  const random = randomStream(seed, "mutation", step);
  const below = (limit: number): number => random.integer(limit);
  let result = text;
  for (let damage = 1 + below(4); damage > 0; damage--) {
    const at = below(result.length + 1);
    const length = 1 + below(below(4) === 0 ? 60 : 6);
    switch (below(6)) {
      case 0: result = result.slice(0, at) + result.slice(at + length); break;
      case 1: result = result.slice(0, at) + pieces[below(pieces.length)]! + result.slice(at); break;
      case 2: result = result.slice(0, at) + result.slice(at, at + length) + result.slice(at); break;
      case 3: result = result.slice(0, at) + pieces[below(pieces.length)]! + result.slice(at + length); break;
      case 4: {
        const from = below(result.length + 1);
        result = result.slice(0, at) + result.slice(from, from + length) + result.slice(at);
        break;
      }
      default: if (below(8) === 0) result = result.slice(0, at);
        else result = result.slice(0, at) + result.slice(at, at + 1).toUpperCase() + result.slice(at + 1);
    }
  }
  return result;
}
