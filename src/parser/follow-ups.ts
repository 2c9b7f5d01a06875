/**
 * Leaves out follow-up errors: one mistake should be one message. What the lexer and the bracket check found is certain; an error of the
 * grammar on a line that already has one is most likely its consequence.
 */
import type { Diagnostic, Source } from "../diagnostics/model.js";
import { lineStarts, positionAt } from "../diagnostics/positions.js";

export function withoutFollowUps(certain: readonly Diagnostic[], likely: readonly Diagnostic[], source: Source): readonly Diagnostic[] {
  if (certain.length === 0 && likely.length < 2) return likely;
  const starts = lineStarts(source.text);
  const lineOf = (offset: number): number => positionAt(starts, offset).line;
  const startOf = (one: Diagnostic): number => one.labels[0]?.span.start ?? 0;
  const linesTaken = new Set(certain.map((one) => lineOf(startOf(one))));
  const kept = [...certain];
  for (const one of [...likely].sort((a, b) => startOf(a) - startOf(b))) {
    const line = lineOf(startOf(one));
    if (linesTaken.has(line)) continue;
    linesTaken.add(line);
    kept.push(one);
  }
  return kept.sort((a, b) => startOf(a) - startOf(b));
}
