/**
 * Writes samples/README.md: system by system the size of its space, our counts beside the stated ones, what runs and what is still to come.
 * Our figures come from the compiler, stated ones from `stated.ts`, the commands and what is missing from the samples' own headers.
 */
import { readdirSync } from "node:fs";
import { spaceQueries } from "../../src/ir/space-queries.js";
import type { CheckedProgram } from "../../src/ir/plan.js";
import { countsOf, netNamed, readSample, textOfSample } from "./sample.js";
import { stated, type Stated } from "./stated.js";
import { supernetParams } from "./supernet-params.js";

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9 };

/** One figure: what it is of, ours in the digits of the stated one, and the stated one. */
interface Figure { readonly kind: "size" | "params" | "MACs" | "supernet"; readonly of: string; readonly ours: string; readonly stated: string; readonly met: boolean }

/** What the table says of one sample. */
export interface SampleReport { readonly sample: string; readonly row: string; readonly details: string }

/** The published systems among the samples, by number. */
export function publishedSamples(): readonly string[] {
  return readdirSync("samples").filter((name) => /^\d\d-.*\.nas$/.test(name)).map((name) => name.replace(/\.nas$/, "")).sort();
}

/** `value` in as many digits, and the unit, as `pattern` has. */
export function inDigitsOf(value: number, pattern: string): string {
  const [digits, unit = ""] = pattern.split(" ");
  const decimals = digits!.split(".")[1]?.length ?? 0;
  const text = (value / UNITS[unit]!).toFixed(decimals);
  return `${digits!.includes(",") ? grouped(text) : text}${unit === "" ? "" : ` ${unit}`}`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A size in full where that can be read, else rounded. */
export function sizeText(size: bigint): string {
  const digits = String(size);
  return digits.length <= 15 ? grouped(digits) : `${digits[0]!}.${digits.slice(1, 4)}e${digits.length - 1}`;
}

/** The text of the comment that a sample begins with, as one line. */
function headerOf(sample: string): string {
  const lines = textOfSample(sample).split("\n");
  return lines.slice(0, lines.findIndex((line) => !line.startsWith("//"))).map((line) => line.slice(2).trim()).join(" ");
}

/** What its header says is missing: the sentence that begins so, up to the next full stop. */
export function stillToCome(header: string): string | undefined {
  return /(?:Still to come(?:, [^:]*)?|Not here(?: yet)?): (.*?)\.(?=\s|$)/.exec(header)?.[1] ?? /([^.]*?) (?:is|are) still to come\./.exec(header)?.[1]?.trim();
}

/** The constants that make it small enough to be trained at once, as its header names them. */
export function reducedSize(header: string): string | undefined {
  return /((?:-D \w+=\S+\s*)+)(?:is small enough|runs )/.exec(header)?.[1]?.trim();
}

function figuresOf(program: CheckedProgram, { sizes = {}, networks = {}, supernets = {} }: Stated): readonly Figure[] {
  const figures: Figure[] = [];
  const add = (kind: Figure["kind"], of: string, found: number, pattern: string): void => {
    const ours = inDigitsOf(found, pattern);
    figures.push({ kind, of, ours, stated: pattern, met: ours === pattern });
  };
  for (const [space, size] of Object.entries(sizes)) {
    const found = countOf(program, space);
    figures.push({ kind: "size", of: space, ours: sizeText(found), stated: sizeText(size), met: found === size });
  }
  for (const [name, { params, macs }] of Object.entries(networks)) {
    const found = countsOf(program, netNamed(program, name));
    if (params !== undefined) add("params", name, found.params, params);
    if (macs !== undefined) add("MACs", name, found.macs, macs);
  }
  for (const [space, params] of Object.entries(supernets)) add("supernet", space, supernetParams(program.spaces.get(space)!), params);
  return figures;
}

function countOf(program: CheckedProgram, space: string): bigint {
  const found = program.spaces.get(space);
  const count = found === undefined ? undefined : spaceQueries(found).count();
  if (count === undefined) throw new Error(`the size of ${space} is not known`);
  return count;
}

/** `params 7 / 7`, kind by kind. */
function tally(figures: readonly Figure[], { byTest = [], missed = [] }: Stated): string {
  const kinds = ["size", "params", "MACs", "supernet"] as const;
  const parts = kinds.flatMap((kind) => {
    const of = figures.filter((figure) => figure.kind === kind);
    return of.length === 0 ? [] : [`${kind} ${of.filter(({ met }) => met).length} / ${of.length}`];
  });
  const others = byTest.reduce((sum, [, count]) => sum + count, 0);
  const misses = missed.reduce((sum, [, count]) => sum + count, 0);
  if (others + misses > 0) parts.push(`others ${others} / ${others + misses}`);
  return parts.length === 0 ? "none stated" : parts.join(", ");
}

/** The row and the section of one sample. */
export function reportOf(sample: string): SampleReport {
  const number = sample.slice(0, 2);
  const entry = stated[number] ?? {};
  const program = readSample(sample);
  const header = headerOf(sample);
  const figures = figuresOf(program, entry);
  const sizes = [...program.spaces.keys()].map((space) => `${space} ${sizeText(countOf(program, space))}`).join("; ");
  const reduced = reducedSize(header);
  const runs = [`check, info, ${program.architectures.size} named network${program.architectures.size === 1 ? "" : "s"}`, ...(program.searches.size > 0 ? [`search${reduced === undefined ? "" : `, small with \`${reduced}\``}`] : [])].join("; ");
  const row = `| [${sample}](${sample}.nas) | ${sizes} | ${tally(figures, entry)} | ${runs} | ${stillToCome(header) ?? ""} |`;
  const lines = figures.map(({ kind, of, ours, stated: theirs, met }) => `| ${of} | ${kind} | ${ours} | ${theirs}${met ? "" : " (missed)"} |`);
  const table = lines.length === 0 ? [] : ["| | | ours | stated |", "| --- | --- | --- | --- |", ...lines, ""];
  const tests = (entry.byTest ?? []).map(([what, count]) => `- Counted by its test: ${what} (${count}).`);
  const misses = (entry.missed ?? []).map(([what, count, why]) => `- Not reproduced: ${what} (${count}): ${why}.`);
  const remarks = tests.length + misses.length === 0 ? [] : [...tests, ...misses, ""];
  const details = table.length + remarks.length === 0 ? "" : `## ${sample}\n\n${[...table, ...remarks].join("\n")}`;
  return { sample, row, details };
}

/** The whole file. */
export function samplesReadme(reports: readonly SampleReport[]): string {
  return `# Samples

Programs to start from (quickstart, mobile-hybrid, hybrid-fashion, co-search, rank-check), and published systems in the language.

Sizes count architectures in canonical form. "Counts" are figures reproduced / stated; sizes, parameters and MACs are set side by side below.
Parameters are what is trained, batch norm's scale and offset and biases included; a MAC is counted once, and norms, activations and pooling
not at all, unless said otherwise. Stated figures are those of publications, their code, or a recomputation of it. The fast suite checks every
sample without a warning, and trains and judges twenty networks of each for a step at its reduced size. The last column is what the sample's
header says is still to come.

This file is generated: \`UPDATE_SAMPLES_README=1 npx vitest run tests/samples/samples-readme.test.ts\`.

| system | sizes of its spaces | counts | runs today | still to come |
| --- | --- | --- | --- | --- |
${reports.map(({ row }) => row).join("\n")}

${reports.map(({ details }) => details).filter((details) => details !== "").join("\n")}`;
}
