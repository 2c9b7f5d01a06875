/** Near names for "did you mean": case first, then edit distance, then a shared part. */

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substituted = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let least = Math.min(substituted, last[column]! + 1, current[column - 1]! + 1);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) least = Math.min(least, beforeLast[column - 2]! + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}

/**
 * The candidates that `wanted` may have been meant as, nearest first, at most `limit`. A name that differs only in case always
 * counts; otherwise at most a third of the letters may differ, or one name may begin with the other.
 */
export function suggest(wanted: string, candidates: Iterable<string>, limit = 3): readonly string[] {
  const lower = wanted.toLowerCase();
  const scored: { readonly name: string; readonly score: number }[] = [];
  for (const name of new Set(candidates)) {
    if (name === wanted) continue;
    const other = name.toLowerCase();
    if (other === lower) { scored.push({ name, score: 0 }); continue; }
    const distance = editDistance(lower, other);
    const allowed = Math.max(1, Math.floor(Math.max(lower.length, other.length) / 3));
    if (distance <= allowed && distance < lower.length) scored.push({ name, score: distance });
    else if (lower.length >= 3 && (other.startsWith(lower) || (other.length >= 3 && lower.startsWith(other)))) scored.push({ name, score: allowed + 0.5 });
  }
  return scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1)).slice(0, limit).map(({ name }) => name);
}
