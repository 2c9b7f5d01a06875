/** `nasc check` keeps its promise: compared with every architecture of small random programs, gone through one by one. */
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/random/stream.js";
import { examine } from "./examine.js";
import { randomProgram } from "./random-program.js";

const PROGRAMS = Number(process.env.NASC_PROGRAMS ?? 60);
const FIRST = Number(process.env.NASC_FIRST_PROGRAM ?? 0);

describe("random programs", () => {
  it("are accepted exactly where every architecture is well-formed, and counted exactly", () => {
    const complaints: string[] = [];
    const tally = { accepted: 0, refused: 0, enumerated: 0, architectures: 0 };
    for (let step = FIRST; step < FIRST + PROGRAMS; step++) {
      const { text } = randomProgram(randomStream(11, "random program", step), { combinations: Number(process.env.NASC_COMBINATIONS ?? 300), mischief: 0.2 });
      let found;
      try { found = examine(text, step); } catch (error) { complaints.push(`program ${step} throws ${String(error instanceof Error ? error.stack?.slice(0, 600) : error)}\n${text}`); continue; }
      tally[found.verdict]++;
      if (found.architectures > 0) tally.enumerated++;
      tally.architectures += found.architectures;
      if (found.complaints.length > 0) complaints.push(`program ${step} (${found.verdict}): ${found.complaints.join("\n")}\n${found.codes.join("\n")}\n${text}`);
    }
    if (process.env.NASC_PROGRAMS !== undefined) console.log(JSON.stringify(tally), complaints.length, "complaints\n\n", complaints.slice(0, Number(process.env.NASC_SHOW ?? 4)).join("\n\n-----\n"));
    expect(complaints.slice(0, 3)).toEqual([]);
    expect(tally.accepted).toBeGreaterThan(PROGRAMS / 4);
    expect(tally.refused).toBeGreaterThan(PROGRAMS / 20);
  });
});
