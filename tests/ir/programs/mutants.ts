/**
 * Damaged programs, and what must hold of the check whatever it is given: it does not throw, every frame lies inside a text that it
 * read, and it comes to an end. A mutant is a function of (seed, step) only.
 */
import { readdirSync, readFileSync } from "node:fs";
import { checkProgram } from "../../../src/ir/check.js";
import { parse } from "../../../src/parser/parse.js";
import { randomStream, type RandomStream } from "../../../src/random/stream.js";
import { mutate } from "../../parser/mutations.js";
import { readStandard } from "../check/programs.js";
import { randomProgram } from "./random-program.js";

/** Declarations above this are left out, and only small files are taken as a whole: a million mutants of the largest spaces would take days. */
const PART_LIMIT = 1500;

const read = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(".nas")).sort().map((name) => readFileSync(`${folder}/${name}`, "utf8"));
const files = [...read("samples"), ...read("std")];
const whole = ["samples/quickstart.nas", "samples/rank-check.nas", "samples/hybrid-fashion.nas", "std/accelerators.nas", "std/blocks.nas"].map((path) => readFileSync(path, "utf8"));

/** The declarations of a file, each a text of its own. */
function declarationsOf(text: string): readonly string[] {
  return parse({ file: "a.nas", text }).program.declarations.map(({ span }) => text.slice(span.start, span.end));
}

const parts = files.flatMap(declarationsOf).filter((text) => text.length <= PART_LIMIT);
const tokens = [...new Set(files.flatMap((text) => text.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?\w*|->|\.\.|[<>=!]=|\S/gu) ?? []))];
const STRANGE = ["\u{1f600}", "\u202e", "\u0000", "\ufeff", "\u00a0", "\u2028", "\ud800", "\u0301", "\u{10ffff}", "\uff11"];
const NUMBERS = ["0", "1", "-1", "3", "7", "64", "1000", "4096", "4097", "100000", "1e9", "1e308", "0.5", "2ms", "1K", "9007199254740993"];

const TINY = `const N = 3
block Body(x, width, kernel = 3) { return x -> conv(width, kernel = kernel) -> batch_norm -> relu }
space Tiny {
  input image: f32[8, 8, 1]
  width = choose { 4, 8 }
  x = image -> Body(width)
  for i in 1..choose 1..2 { x = x + (x -> choose mix { a: conv(width, kernel = choose { 1, 3 }), b: attention(heads = 2) if height(x) <= 8, c: zero }) }
  output classes = x -> global_pool -> dense(N)
  require width % 4 == 0
}
search Main { space Tiny  data glyphs { limit 100 }  explore random { population 4 }  maximize accuracy  minimize energy  subject to params <= 20K }
architecture One of Tiny { width = 4  mix[*] = a }
`;

/** Mostly small texts, so that a million mutants are checked in less than an hour. */
function original(random: RandomStream): string {
  const draw = random.integer(100);
  if (draw < 55) return parts[random.integer(parts.length)]!;
  if (draw < 89) return TINY;
  if (draw < 99) return randomProgram(random.child("program"), { combinations: 10, mischief: 0.1 }).text;
  return whole[random.integer(whole.length)]!;
}

function damageLines(text: string, random: RandomStream): string {
  const lines = text.split("\n");
  const [a, b] = [random.integer(lines.length), random.integer(lines.length)];
  switch (random.integer(4)) {
    case 0: lines.splice(a, 1); break;
    case 1: lines.splice(b, 0, lines[a]!); break;
    case 2: lines.splice(b, 0, ...lines.splice(a, 1)); break;
    default: [lines[a], lines[b]] = [lines[b]!, lines[a]!];
  }
  return lines.join("\n");
}

function damageToken(text: string, random: RandomStream): string {
  const found = [...text.matchAll(/[A-Za-z_]\w*|\d+(?:\.\d+)?\w*|->|\.\.|\S/gu)];
  const victim = found[random.integer(Math.max(1, found.length))];
  if (victim === undefined) return text;
  const isNumber = /^\d/u.test(victim[0]);
  const replacement = isNumber && random.integer(2) === 0 ? NUMBERS[random.integer(NUMBERS.length)]! : random.integer(3) === 0 ? found[random.integer(found.length)]![0] : tokens[random.integer(tokens.length)]!;
  return text.slice(0, victim.index) + replacement + text.slice(victim.index + victim[0].length);
}

function nest(text: string, random: RandomStream): string {
  const at = random.integer(text.length + 1);
  const depth = 1 + random.integer(random.integer(20) === 0 ? 2000 : 12);
  const [open, close] = ([["(", ")"], ["[", "]"], ["{", "}"], ["if a { ", " } else { 1 }"], ["choose { ", " }"], ["f(", ")"], ["-", ""], ["not ", ""], ["x -> (", ")"], ["for i in 1..2 { ", " }"]] as const)[random.integer(10)]!;
  return `${text.slice(0, at)}${open.repeat(depth)}${random.integer(2) === 0 ? "1" : ""}${random.integer(4) === 0 ? "" : close.repeat(depth)}${text.slice(at)}`;
}

/** One to three damages to a program or a part of one. */
export function mutant(seed: number, step: number): string {
  const random = randomStream(seed, "mutant", step);
  let text = original(random);
  for (let damage = 1 + random.integer(3); damage > 0; damage--) {
    const at = random.integer(text.length + 1);
    switch (random.integer(8)) {
      case 0: case 1: text = mutate(text, seed + damage, step); break;
      case 2: text = damageLines(text, random); break;
      case 3: case 4: case 5: text = damageToken(text, random); break;
      case 6: text = text.slice(0, at) + STRANGE[random.integer(STRANGE.length)]! + text.slice(at); break;
      default: text = nest(text, random);
    }
  }
  return text;
}

export interface Checked { readonly complaints: readonly string[]; readonly parses: boolean; readonly accepted: boolean }

/** Parses and checks a text. */
export function checkMutant(text: string): Checked {
  try {
    const { diagnostics, sources, program } = checkProgram({ source: { file: "main.nas", text }, readImport: readStandard, constants: new Map() });
    const complaints: string[] = [];
    for (const { code, title, labels } of diagnostics) {
      if (title.length > 70) complaints.push(`${code} has a title of ${title.length} characters: ${title}`);
      for (const { span } of labels) {
        const source = sources.get(span.file);
        if (source === undefined) complaints.push(`${code} points into \`${span.file}\`, which was not read`);
        else if (!(span.start >= 0 && span.start <= span.end && span.end <= source.length)) complaints.push(`${code} points to ${span.start}..${span.end} of ${source.length}`);
      }
    }
    return { complaints, parses: !diagnostics.some(({ code }) => code.startsWith("NAS1")), accepted: program !== undefined };
  } catch (error) {
    return { complaints: [`throws ${error instanceof Error ? error.stack?.split("\n").slice(0, 4).join(" ") ?? "" : String(error)}`], parses: false, accepted: false };
  }
}

export interface MutationReport {
  readonly complaints: readonly string[];
  readonly parsed: number;
  readonly accepted: number;
  /** Milliseconds and step, slowest first. */
  readonly slowest: readonly { readonly milliseconds: number; readonly step: number }[];
}

export function checkMutants(seed: number, first: number, count: number, now: () => number, onStep: (step: number) => void = () => undefined): MutationReport {
  const complaints: string[] = [];
  let slowest: { readonly milliseconds: number; readonly step: number }[] = [];
  let [parsed, accepted] = [0, 0];
  for (let step = first; step < first + count; step++) {
    const text = mutant(seed, step);
    const before = now();
    const checked = checkMutant(text);
    const milliseconds = now() - before;
    if (slowest.length < 5 || milliseconds > slowest.at(-1)!.milliseconds) slowest = [...slowest, { milliseconds, step }].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 5);
    if (checked.parses) parsed++;
    if (checked.accepted) accepted++;
    if (checked.complaints.length > 0) complaints.push(`mutant ${step}: ${checked.complaints[0]!}`);
    onStep(step);
  }
  return { complaints, parsed, accepted, slowest };
}
