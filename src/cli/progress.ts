/**
 * Progress of long work: on a terminal one line that is rewritten, elsewhere a line every few seconds. Never slows the work down.
 */

const TERMINAL_MILLISECONDS = 100;
const LOG_MILLISECONDS = 10_000;

export class ProgressLine {
  private shown = 0;
  private last = Number.NEGATIVE_INFINITY;

  constructor(private readonly quiet: boolean, private readonly stream: NodeJS.WriteStream = process.stderr) {}

  private get interactive(): boolean {
    return this.stream.isTTY === true && (process.env.CI ?? "") === "";
  }

  /** Shows `text`, unless the last one was just now. `now` ends a stretch of work and is always shown. */
  update(text: string, now = false): void {
    if (this.quiet) return;
    const time = performance.now();
    if (!now && time - this.last < (this.interactive ? TERMINAL_MILLISECONDS : LOG_MILLISECONDS)) return;
    this.last = time;
    if (!this.interactive) { this.stream.write(`${text}\n`); return; }
    const line = text.slice(0, Math.max(20, (this.stream.columns ?? 100) - 1));
    this.stream.write(`\r${line.padEnd(this.shown)}`);
    this.shown = line.length;
  }

  /** Clears the line, so that other output starts at its beginning. */
  clear(): void {
    if (this.interactive && this.shown > 0) this.stream.write(`\r${" ".repeat(this.shown)}\r`);
    this.shown = 0;
  }
}

/** `#####.....` */
export function bar(share: number, width = 20): string {
  const filled = Math.max(0, Math.min(width, Math.round(share * width)));
  return "#".repeat(filled) + ".".repeat(width - filled);
}
