/**
 * A million damaged programs through parser and check: nothing throws, every frame lies inside its file, nothing hangs.
 * NASC_MUTATIONS sets how many, NASC_FIRST_MUTATION where to begin.
 */
import { describe, expect, it } from "vitest";
import { checkMutants, mutant, type MutationReport } from "../ir/programs/mutants.js";

const COUNT = Number(process.env.NASC_MUTATIONS ?? 1_000_000);
const FIRST = Number(process.env.NASC_FIRST_MUTATION ?? 0);
const CHUNK = 10_000;

describe("damaged programs", () => {
  it(`are checked without throwing (${COUNT} mutants)`, async () => {
    const started = performance.now();
    const reports: MutationReport[] = [];
    for (let done = 0; done < COUNT; done += CHUNK) {
      reports.push(checkMutants(3, FIRST + done, Math.min(CHUNK, COUNT - done), () => performance.now()));
      const total = (of: (report: MutationReport) => number): number => reports.reduce((sum, report) => sum + of(report), 0);
      const seconds = (performance.now() - started) / 1000;
      const checked = Math.min(done + CHUNK, COUNT);
      console.log(`${checked} mutants in ${seconds.toFixed(0)} s (${(checked / seconds).toFixed(0)} per second): ${total(({ parsed }) => parsed)} parse, ${total(({ accepted }) => accepted)} are accepted, ${total(({ complaints }) => complaints.length)} complaints`);
      // What was printed is shown while the rest goes on.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const slowest = reports.flatMap((report) => report.slowest).sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 5);
    for (const { milliseconds, step } of slowest) console.log(`mutant ${step}: ${milliseconds.toFixed(0)} ms, ${mutant(3, step).length} characters`);
    expect(reports.flatMap(({ complaints }) => complaints).slice(0, 10)).toEqual([]);
  });
});
