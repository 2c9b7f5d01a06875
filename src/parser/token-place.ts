/**
 * What the grammar knows about a token besides its type: how deep it stands and whether it opens its line. Worked out once per file
 * (`prepare-tokens.ts`) and carried on the token, so that line-sensitive rules and recovery look nothing up.
 */
import type { IToken } from "chevrotain";

export interface TokenPlace {
  /** Open brackets around the token; an opening or closing bracket counts as standing outside of itself. */
  readonly depth: number;
  readonly firstOnLine: boolean;
  /** The innermost bracket around it is the `{` of a choice: an `if` here guards the alternative. */
  readonly inChoice: boolean;
  /** A declaration begins here (at depth 0). */
  readonly startsDeclaration: boolean;
}

const nowhere: TokenPlace = { depth: 0, firstOnLine: false, inChoice: false, startsDeclaration: false };

export function placeOf(token: IToken): TokenPlace {
  const place = token.payload as TokenPlace | undefined;
  return place ?? nowhere;
}

/** One past the last character; virtual tokens are empty. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}
