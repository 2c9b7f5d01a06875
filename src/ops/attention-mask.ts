/**
 * Fixed masks of attention: which keys a query attends to whatever the input is. A mask is given by a pattern, or by runs of pruned and
 * kept entries in a text (`nasc mask` writes such texts from measured attention maps).
 */
import type { AttributeValue, EnumerationMember } from "./operator.js";

/** One head: kept[row * keys + column] is 1 where the query of the row attends to the key of the column. */
export interface HeadMask { readonly queries: number; readonly keys: number; readonly kept: Uint8Array }

export type MaskResult = { readonly heads: readonly HeadMask[] } | { readonly problem: string };

/** Entries kept in each column: the degree of each key. */
export function columnDegrees({ queries, keys, kept }: HeadMask): readonly number[] {
  const degrees = new Array<number>(keys).fill(0);
  for (let row = 0; row < queries; row++) for (let column = 0; column < keys; column++) degrees[column]! += kept[row * keys + column]!;
  return degrees;
}

export const keptEntries = ({ kept }: HeadMask): number => kept.reduce((sum, each) => sum + each, 0);

/** The first query that attends to nothing; undefined where all attend to something. */
export function emptyRow({ queries, keys, kept }: HeadMask): number | undefined {
  for (let row = 0; row < queries; row++) if (!kept.subarray(row * keys, (row + 1) * keys).includes(1)) return row;
  return undefined;
}

/** The first `global` keys for every query, and `entries` more along the wrapped diagonals of the rest, nearest first. */
export function bandedMask(queries: number, keys: number, global: number, entries: number): MaskResult {
  const rest = keys - global;
  if (global > keys) return { problem: `${global} global keys of ${keys}` };
  if (entries > queries * rest) return { problem: `${entries} entries in ${queries} x ${rest} places` };
  const kept = new Uint8Array(queries * keys);
  for (let row = 0; row < queries; row++) kept.fill(1, row * keys, row * keys + global);
  for (let entry = 0; entry < entries; entry++) {
    const row = entry % queries;
    kept[row * keys + global + ((row + rest - (global % rest) + Math.floor(entry / queries)) % rest)] = 1;
  }
  return { heads: [{ queries, keys, kept }] };
}

/** `197x197 0 394 1 2 / ...`: sizes, then for each head the lengths of runs, pruned first. */
export function writeMask(heads: readonly HeadMask[]): string {
  const [first] = heads;
  if (first === undefined) return "";
  const runs = ({ kept }: HeadMask): string => {
    const lengths: number[] = [];
    let value = 0;
    let length = 0;
    for (const each of kept) {
      if (each === value) { length++; continue; }
      lengths.push(length);
      value = each;
      length = 1;
    }
    return [...lengths, length].join(" ");
  };
  return `${first.queries}x${first.keys} ${heads.map(runs).join(" / ")}`;
}

export function readMask(text: string): MaskResult {
  const form = /^(\d{1,6})x(\d{1,6}) ([\d /]+)$/.exec(text);
  if (form === null) return { problem: "the text is not `ROWSxCOLUMNS run run ...`" };
  const [queries, keys] = [Number(form[1]), Number(form[2])];
  const heads: HeadMask[] = [];
  for (const part of form[3]!.split("/")) {
    const lengths = part.trim().split(/ +/).map(Number);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    if (total !== queries * keys) return { problem: `the runs of head ${heads.length} cover ${total} entries of ${queries} x ${keys}` };
    const kept = new Uint8Array(total);
    lengths.reduce((at, length, run) => { if (run % 2 === 1) kept.fill(1, at, at + length); return at + length; }, 0);
    heads.push({ queries, keys, kept });
  }
  return { heads };
}

const whole = (name: string, summary: string, defaultValue?: AttributeValue) => ({ name, summary, type: { kind: "integer", minimum: 0 }, ...(defaultValue === undefined ? {} : { defaultValue }) } as const);

export const maskMembers: readonly EnumerationMember[] = [
  { name: "all", summary: "Every query attends to every key." },
  {
    name: "banded", summary: "The first `global` keys for every query, and `entries` more along the diagonals of the rest.",
    parameters: [whole("global", "Keys that all queries attend to.", 1), whole("entries", "Entries kept outside the global keys.", 0)],
  },
  { name: "kept", summary: "Measured: a text of runs, as `nasc mask` writes it; one head for all, or one for each.", parameters: [{ name: "runs", summary: "Sizes, then lengths of pruned and kept runs; heads apart by `/`.", type: { kind: "text" } }] },
];

/** The masks of `heads` heads; undefined where everything is kept. */
export function maskOf(symbol: { readonly tag: string; readonly arguments: Readonly<Record<string, AttributeValue>> }, heads: number, queries: number, keys: number): MaskResult | undefined {
  if (symbol.tag === "all") return undefined;
  const { global = 1, entries = 0, runs = "" } = symbol.arguments;
  const given = symbol.tag === "kept" ? readMask(String(runs)) : bandedMask(queries, keys, Number(global), Number(entries));
  if ("problem" in given) return given;
  const [first] = given.heads;
  if (first!.queries !== queries || first!.keys !== keys) return { problem: `the mask is ${first!.queries} x ${first!.keys}, the scores ${queries} x ${keys}` };
  if (given.heads.length !== 1 && given.heads.length !== heads) return { problem: `the mask has ${given.heads.length} heads, the attention ${heads}` };
  const hollow = given.heads.map(emptyRow);
  const at = hollow.findIndex((row) => row !== undefined);
  if (at >= 0) return { problem: `query ${hollow[at]!} of head ${at} attends to nothing` };
  return { heads: given.heads.length === heads ? given.heads : Array.from({ length: heads }, () => first!) };
}
