/** The pen of the random programs: lines, fresh names, and choices as long as the number of combinations allows more. */
import type { RandomStream } from "../../../src/random/stream.js";

/** Writes statements that give `x` a new meaning; says so where `x` is of the other kind afterwards. */
export type Stage = (w: Writer) => "map" | "tokens" | undefined;

const WIDTHS = [4, 8, 12] as const;
const ODD_WIDTHS = [6, 9, 10] as const;

export class Writer {
  readonly lines: string[] = [];
  readonly blocks: string[] = [];
  /** Names that stand for numbers of channels. */
  readonly widths: string[] = [];
  combinations = 1;
  stage = 0;
  private names = 0;
  private indent = 1;
  /** Rounds around what is written: a choice inside counts that often. */
  private rounds = 1;

  constructor(readonly random: RandomStream, private readonly limit: number, private readonly mischief: number) {}

  chance(probability: number): boolean { return this.random.uniform() < probability; }
  pick<T>(options: readonly T[]): T { return options[this.random.integer(options.length)]!; }
  between(low: number, high: number): number { return low + this.random.integer(high - low + 1); }
  wrong(): boolean { return this.chance(this.mischief); }
  fresh(prefix: string): string { return `${prefix}${++this.names}`; }
  line(text: string): void { this.lines.push("  ".repeat(this.indent) + text); }

  nested(rounds: number, body: () => void): void {
    this.indent++;
    this.rounds *= rounds;
    body();
    this.rounds /= rounds;
    this.indent--;
  }

  /** Whether `options` more options fit; they are then counted. */
  affords(options: number): boolean {
    const factor = options ** this.rounds;
    if (this.combinations * factor > this.limit) return false;
    this.combinations *= factor;
    return true;
  }

  /** One of some numbers: fixed, or left open. */
  value(options: readonly number[], open = 0.5): string {
    const distinct = [...new Set(options)].sort((a, b) => a - b);
    if (distinct.length < 2 || !this.chance(open) || !this.affords(distinct.length)) return String(this.pick(options));
    const step = distinct[1]! - distinct[0]!;
    const even = distinct.every((each, at) => each === distinct[0]! + at * step);
    if (even && this.chance(0.4)) return step === 1 ? `choose ${distinct[0]}..${distinct.at(-1)}` : `choose ${distinct[0]}..${distinct.at(-1)} by ${step}`;
    return `choose { ${distinct.join(", ")} }`;
  }

  /** A number of channels: a literal, a choice, or a name that is declared on the way. */
  width(): string {
    const options = this.wrong() ? ODD_WIDTHS : WIDTHS;
    if (this.widths.length > 0 && this.chance(0.3)) return this.pick(this.widths);
    if (!this.chance(0.4)) return this.value(options, 0.3);
    const name = this.fresh("width");
    this.line(`${name} = ${this.value(options, 0.9)}`);
    if (this.rounds === 1) this.widths.push(name);
    return name;
  }

  /** `label: alternative, ...` of the alternatives that fit. */
  alternatives(options: readonly string[], label: string): string {
    const least = options.length > 2 && this.chance(0.5) ? 3 : 2;
    const some = options.slice(0, Math.min(options.length, least));
    if (!this.affords(some.length)) return some[0]!;
    return `choose ${label} { ${some.map((option, at) => `${"abcdef"[at]}: ${option}`).join(", ")} }`;
  }

  shuffled<T>(items: readonly T[]): T[] { return this.random.shuffle([...items]); }
}
