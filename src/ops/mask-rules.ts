/**
 * Masks from attention maps averaged over data, and the reordering of tokens that puts the keys of many queries first. Rules and
 * reordering as in GATECH-EIC/ViTCoD (dossier 06).
 */
import { columnDegrees, type HeadMask } from "./attention-mask.js";

/** Weights of one head, [queries, keys] row by row, rows summing to about 1. */
export interface AttentionMap { readonly queries: number; readonly keys: number; readonly weights: Float64Array | Float32Array | readonly number[] }

export type MaskRule =
  /** The fewest entries of a row, largest first, whose sum reaches `threshold`; the released code keeps one more. */
  | { readonly kind: "information"; readonly threshold: number; readonly extra: 0 | 1 }
  /** A fixed share of each row, at least one entry. */
  | { readonly kind: "share"; readonly share: number }
  /** Entries above the row's mean by so many of its standard deviations. */
  | { readonly kind: "deviation"; readonly factor: number };

/** Columns of one row that a rule keeps. */
export function keptOfRow(row: readonly number[], rule: MaskRule): readonly number[] {
  const order = row.map((_, column) => column).sort((a, b) => row[b]! - row[a]! || a - b);
  switch (rule.kind) {
    case "information": {
      let sum = 0;
      let needed = 0;
      // A sum of many thirds and tenths may miss its threshold by the last bits.
      while (needed < row.length && sum < rule.threshold - 1e-12) sum += row[order[needed++]!]!;
      return order.slice(0, Math.max(1, needed + rule.extra));
    }
    case "share": return order.slice(0, Math.max(1, Math.round(rule.share * row.length)));
    case "deviation": {
      const mean = row.reduce((total, each) => total + each, 0) / row.length;
      const deviation = Math.sqrt(row.reduce((total, each) => total + (each - mean) * (each - mean), 0) / row.length);
      const above = order.filter((column) => row[column]! > mean + rule.factor * deviation);
      return above.length > 0 ? above : order.slice(0, 1);
    }
    default: { const never: never = rule; return never; }
  }
}

/** The mask of a map. The first token attends to all and is attended to by all (`classToken`), as the published masks have it. */
export function maskOfMap({ queries, keys, weights }: AttentionMap, rule: MaskRule, classToken = true): HeadMask {
  const kept = new Uint8Array(queries * keys);
  for (let row = 0; row < queries; row++) {
    for (const column of keptOfRow(Array.from(weights.slice(row * keys, (row + 1) * keys)), rule)) kept[row * keys + column] = 1;
    if (classToken) kept[row * keys] = 1;
  }
  if (classToken) kept.fill(1, 0, keys);
  return { queries, keys, kept };
}

export interface ReorderedMask {
  /** order[i]: the token that stands at place i. */
  readonly order: readonly number[];
  /** Keys of the denser part: the first so many. */
  readonly dense: number;
  readonly mask: HeadMask;
}

/** Keys that more than `above` queries attend to come first, by swaps of tokens; queries are swapped alike. For as many queries as keys. */
export function splitAndConquer(mask: HeadMask, above: number): ReorderedMask {
  const { keys } = mask;
  const global = columnDegrees(mask).flatMap((degree, column) => (degree > above ? [column] : []));
  const order = Array.from({ length: keys }, (_, token) => token);
  global.forEach((token, place) => { [order[place], order[token]] = [order[token]!, order[place]!]; });
  const kept = new Uint8Array(keys * keys);
  for (let row = 0; row < keys; row++) for (let column = 0; column < keys; column++) kept[row * keys + column] = mask.kept[order[row]! * keys + order[column]!]!;
  return { order, dense: global.length, mask: { queries: keys, keys, kept } };
}

/** Denser columns and entries outside them, of the degrees of a mask's keys. */
export function splitDegrees(degrees: readonly number[], above: number): { readonly globalTokens: number; readonly sparseEntries: number } {
  return { globalTokens: degrees.filter((degree) => degree > above).length, sparseEntries: degrees.reduce((sum, degree) => sum + (degree > above ? 0 : degree), 0) };
}
