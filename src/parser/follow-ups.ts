/**
 * Leaves out follow-up errors: one mistake should be one message. What the lexer and the bracket check found is certain; an error of the
 * grammar on a line that already has one is most likely its consequence.
 */
import type { Diagnostic, Source } from "../diagnostics/model.js";
import { lineStarts, positionAt } from "../diagnostics/positions.js";

export interface FoundErrors {
  /** Of characters and brackets: certain, and the cause of others. */
  readonly causes: readonly Diagnostic[];
  /** Of the grammar: possibly consequences. */
  readonly likely: readonly Diagnostic[];
  /** Of literals and operators: certain, and the cause of nothing. */
  readonly independent: readonly Diagnostic[];
}

/** What to report, in the order of the text. */
export function withoutFollowUps({ causes, likely, independent }: FoundErrors, source: Source): readonly Diagnostic[] {
  if (causes.length + likely.length + independent.length < 2) return [...causes, ...likely, ...independent];
  const starts = lineStarts(source.text);
  const startOf = (one: Diagnostic): number => one.labels[0]?.span.start ?? 0;
  const lineOf = (one: Diagnostic): number => positionAt(starts, startOf(one)).line;
  const linesTaken = new Set(causes.map(lineOf));
  const seen = new Set<string>();
  const kept = [...causes.filter((one) => isFirst(`${lineOf(one)} ${one.title}`, seen)), ...independent];
  for (const one of [...likely].sort((a, b) => startOf(a) - startOf(b))) {
    const line = lineOf(one);
    if (linesTaken.has(line)) continue;
    linesTaken.add(line);
    kept.push(one);
  }
  return kept.sort((a, b) => startOf(a) - startOf(b));
}

/** Whether a key comes for the first time; of equal messages on one line the first is enough. */
function isFirst(key: string, seen: Set<string>): boolean {
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
