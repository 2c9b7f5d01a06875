/**
 * Thousands of random programs against all their architectures, and hundreds of them on the engine; the small version is in
 * `tests/ir/programs`. NASC_PROGRAMS and NASC_RUNS set how many, NASC_SEED which.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { randomStream } from "../../src/random/stream.js";
import type { Engine } from "../../src/runtime/engine.js";
import { examine } from "../ir/programs/examine.js";
import { randomProgram } from "../ir/programs/random-program.js";
import { runSpace } from "../runtime/whole/run-space.js";
import { engineForTests } from "../runtime/train/fixtures.js";

const PROGRAMS = Number(process.env.NASC_PROGRAMS ?? 5000);
const RUNS = Number(process.env.NASC_RUNS ?? 600);
const SEED = Number(process.env.NASC_SEED ?? 21);

describe("random programs", () => {
  let engine: Engine;
  beforeAll(async () => { engine = await engineForTests(); });

  it(`are accepted exactly where every architecture is well-formed (${PROGRAMS} programs, ${RUNS} of them run)`, async () => {
    const complaints: string[] = [];
    const tally = { accepted: 0, refused: 0, enumerated: 0, architectures: 0, networks: 0, run: 0 };
    for (let step = 0; step < PROGRAMS; step++) {
      // Every eighth program is larger than can be gone through, and is only sampled.
      const combinations = step % 8 === 7 ? 100_000 : step % 2 === 0 ? 60 : 1000;
      const { text } = randomProgram(randomStream(SEED, "random program", step), { combinations, mischief: 0.2 });
      const complain = (what: string): void => { complaints.push(`seed ${SEED}, program ${step}: ${what}\n${text}`); };
      try {
        const { verdict, space, nets, architectures, networks, complaints: found } = examine(text, step);
        tally[verdict]++;
        if (architectures > 0) tally.enumerated++;
        tally.architectures += architectures;
        tally.networks += networks ?? 0;
        if (found.length > 0) complain(found.join("\n"));
        if (space === undefined || step >= RUNS) continue;
        tally.run++;
        const problems = await runSpace(engine, space, nets.slice(0, 2), step);
        if (problems.length > 0) complain(problems.join("\n"));
      } catch (error) {
        complain(`throws ${error instanceof Error ? error.stack?.split("\n").slice(0, 6).join("\n") ?? "" : String(error)}`);
      }
    }
    console.log(JSON.stringify(tally));
    expect(complaints.slice(0, 5)).toEqual([]);
    expect(tally.accepted).toBeGreaterThan(PROGRAMS / 4);
    expect(tally.refused).toBeGreaterThan(PROGRAMS / 20);
  });
});
