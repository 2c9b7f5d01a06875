/** A million damaged programs through parser and check: nothing throws, every frame lies inside its file, nothing hangs. NASC_MUTATIONS sets how many, NASC_FIRST_MUTATION where to begin. */
import { describe, expect, it } from "vitest";
import { checkMutants, mutant } from "../ir/programs/mutants.js";

const COUNT = Number(process.env.NASC_MUTATIONS ?? 1_000_000);
const FIRST = Number(process.env.NASC_FIRST_MUTATION ?? 0);

describe("damaged programs", () => {
  it(`are checked without throwing (${COUNT} mutants)`, () => {
    const started = performance.now();
    const { complaints, parsed, accepted, slowest } = checkMutants(3, FIRST, COUNT, () => performance.now());
    const seconds = (performance.now() - started) / 1000;
    console.log(`${COUNT} mutants in ${seconds.toFixed(0)} s (${(COUNT / seconds).toFixed(0)} per second): ${parsed} parse, ${accepted} are accepted, ${complaints.length} complaints`);
    for (const { milliseconds, step } of slowest) console.log(`  mutant ${step}: ${milliseconds.toFixed(0)} ms, ${mutant(3, step).length} characters`);
    expect(complaints.slice(0, 10)).toEqual([]);
  });
});
