/** Finds the `///` lines directly above a declaration: the last run of them between the declaration and the token before it. */
import type { IToken } from "chevrotain";
import { DocumentationComment } from "./tokens.js";

/** For comments and tokens in text order; the answer is the text without the slashes and one leading blank. */
export function documentationFinder(comments: readonly IToken[], tokens: readonly IToken[]): (offset: number) => string | undefined {
  const documentation = comments.filter((comment) => comment.tokenType === DocumentationComment);
  return (offset) => {
    const previous = tokens[firstAtOrAfter(tokens, offset) - 1];
    const lines: string[] = [];
    let line: number | undefined;
    for (let at = firstAtOrAfter(documentation, offset) - 1; at >= 0; at--) {
      const comment = documentation[at]!;
      if (previous !== undefined && comment.startOffset < previous.startOffset) break;
      if (previous?.endLine !== undefined && comment.startLine === previous.endLine) break;
      if (line !== undefined && comment.startLine !== line - 1) break;
      line = comment.startLine;
      lines.unshift(comment.image.slice(3).replace(/^ /, "").trimEnd());
    }
    return lines.length === 0 ? undefined : lines.join("\n");
  };
}

/** The index of the first token that starts at or after `offset`. */
export function firstAtOrAfter(tokens: readonly IToken[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.startOffset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
