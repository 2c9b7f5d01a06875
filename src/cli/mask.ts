/** `nasc mask`: fixed masks of attention from measured maps, as constants that a program can import. */
import { Command } from "commander";
import { readArray, type NumberArray } from "../data/npy.js";
import { readDataFile } from "../data/read-file.js";
import { diagnostic, failure, success, type Result } from "../diagnostics/model.js";
import { columnDegrees, keptEntries, writeMask, type HeadMask } from "../ops/attention-mask.js";
import { maskOfMap, splitDegrees, type MaskRule } from "../ops/mask-rules.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { naturalNumber, positiveNumber } from "./options.js";
import { writeOutput } from "./run-folder.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import { grouped, textTable } from "./table.js";
import type { Terminal } from "./terminal.js";

interface MaskOptions extends GlobalOptions { readonly information?: number; readonly share?: number; readonly deviation?: number; readonly exact?: boolean; readonly classToken: boolean; readonly above: number; readonly out?: string }

function ruleOf({ information, share, deviation, exact }: MaskOptions): Result<MaskRule | undefined> {
  const rules: readonly MaskRule[] = [
    ...(information === undefined ? [] : [{ kind: "information", threshold: information, extra: exact === true ? 0 : 1 } as const]),
    ...(share === undefined ? [] : [{ kind: "share", share } as const]), ...(deviation === undefined ? [] : [{ kind: "deviation", factor: deviation } as const]),
  ];
  return rules.length > 1 ? failure(diagnostic("NAS9002", { title: "a mask is made by one rule", why: `${rules.map(({ kind }) => `--${kind}`).join(" and ")} are given`, help: "leave all but one out" })) : success(rules[0]);
}

/** By layer, then by head. */
function masksOf({ shape, boolean, values }: NumberArray, rule: MaskRule | undefined, classToken: boolean): Result<readonly (readonly HeadMask[])[]> {
  const [layers, heads, queries, keys] = shape;
  if (shape.length !== 4 || layers === undefined || heads === undefined || queries === undefined || keys === undefined || shape.includes(0)) return failure(diagnostic("NAS6017", { title: "the array is not one of masks or maps", why: `its shape is [${shape.join(", ")}]; wanted are layers, heads, queries and keys` }));
  if (boolean !== (rule === undefined)) return failure(diagnostic("NAS9002", { title: boolean ? "a mask needs no rule" : "maps of attention need a rule", why: `the file holds ${boolean ? "booleans: what is pruned is said already" : "numbers: what is pruned is for a rule to say"}`, help: boolean ? "leave the rule out" : "for example --information 0.186" }));
  const size = queries * keys;
  return success(Array.from({ length: layers }, (_, layer) => Array.from({ length: heads }, (_head, head): HeadMask => {
    const part = values.subarray((layer * heads + head) * size, (layer * heads + head + 1) * size);
    return rule === undefined ? { queries, keys, kept: Uint8Array.from(part, (pruned) => (pruned === 0 ? 1 : 0)) } : maskOfMap({ queries, keys, weights: Float64Array.from(part) }, rule, classToken);
  })));
}

const programText = (file: string, masks: readonly (readonly HeadMask[])[]): string =>
  `// Fixed masks of attention by layer, from ${file}: masked_attention(q, k, v, mask = kept(MASKS[i]))\nconst MASKS = [\n${masks.map((heads) => `  ${JSON.stringify(writeMask(heads))},\n`).join("")}]\n`;

async function mask(terminal: Terminal, file: string, options: MaskOptions): Promise<ExitCode> {
  const rule = ruleOf(options);
  if (!rule.ok) return fail(terminal, "mask", rule.diagnostics);
  const data = await readDataFile(file);
  if (!data.ok) return fail(terminal, "mask", data.diagnostics);
  const array = readArray(data.value.bytes);
  if (!array.ok) return fail(terminal, "mask", array.diagnostics);
  const masks = masksOf(array.value, rule.value, options.classToken);
  if (!masks.ok) return fail(terminal, "mask", masks.diagnostics);
  const layers = masks.value.map((heads) => heads.map((head) => ({ entries: keptEntries(head), ...splitDegrees(columnDegrees(head), options.above) })));
  const all = layers.flat();
  const total = (of: (head: { entries: number; globalTokens: number; sparseEntries: number }) => number): number => all.reduce((sum, head) => sum + of(head), 0);
  const [entries, beside] = [total((head) => head.entries), total(({ sparseEntries }) => sparseEntries)];
  const sparsity = 1 - entries / array.value.shape.reduce((product, extent) => product * extent, 1);
  const list = (heads: readonly number[]): string => heads.map(grouped).join(" ");
  for (const line of textTable([{ title: "layer", align: "right" }, { title: "kept entries of each head" }, { title: "dense keys" }, { title: "entries beside them" }],
    layers.map((heads, layer) => [String(layer), list(heads.map((head) => head.entries)), list(heads.map(({ globalTokens }) => globalTokens)), list(heads.map(({ sparseEntries }) => sparseEntries))]))) terminal.result(line);
  terminal.result(`${grouped(entries)} entries kept, ${(100 * sparsity).toFixed(2)} % pruned; ${grouped(total(({ globalTokens }) => globalTokens))} dense keys (more than ${options.above} queries) with ${grouped(entries - beside)} of them, ${grouped(beside)} beside`);
  if (options.out !== undefined) {
    const written = writeOutput(options.out, programText(file, masks.value));
    if (!written.ok) return fail(terminal, "mask", written.diagnostics);
    terminal.result(options.out);
  }
  terminal.document("mask", { layers, entries, sparsity, above: options.above, ...(options.out === undefined ? {} : { out: options.out }) });
  return exitCodes.success;
}

export function maskCommand(session: Session): Command {
  return new Command("mask")
    .summary("make fixed masks of attention from measured maps")
    .description("Reads attention maps averaged over data, or masks, [layers, heads, queries, keys] in a NumPy file, says what they keep, and writes them as a constant for `masked_attention`.")
    .argument("<file>", ".npy file: floats (maps), or booleans (masks, true is pruned)")
    .option("--information <T>", "keep the largest entries of a row whose sum reaches T, and one more", positiveNumber)
    .option("--share <S>", "keep this share of each row", positiveNumber)
    .option("--deviation <C>", "keep entries above a row's mean by C of its deviations", positiveNumber)
    .option("--exact", "with --information: not one more than needed")
    .option("--no-class-token", "do not keep the first row and column whole")
    .option("--above <N>", "keys that more queries attend to are dense", naturalNumber, 50)
    .option("--out <FILE>", "a .nas file for the masks")
    .action((file: string, options: MaskOptions) => session.run("mask", options, (terminal) => mask(terminal, file, options)));
}
