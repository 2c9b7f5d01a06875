/** The second and third promise together: `kill -9` at random moments, resumed each time, gives the study of an uninterrupted run. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { randomStream } from "../../src/random/stream.js";
import { inTemporaryFolder, nasc, startCli, studyOf, writeProgram } from "../cli/run-cli.js";

const KILLS = 20;

/** Kills a run after `milliseconds`; true if it had been still running. */
async function killAfter(arguments_: readonly string[], milliseconds: number): Promise<boolean> {
  const { child, finished } = startCli(arguments_);
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  const { code } = await finished;
  clearTimeout(timer);
  return code === null;
}

it(`${KILLS} searches killed at random moments and resumed equal the uninterrupted one`, () => inTemporaryFolder(async (folder) => {
  const program = writeProgram(folder);
  const whole = join(folder, "whole");
  const started = Date.now();
  expect((await nasc("search", program, "--out", whole, "--workers", "2", "--quiet")).code).toBe(0);
  const duration = Date.now() - started;
  const expected = studyOf(whole);
  const random = randomStream(7, "kill");
  let killed = 0;
  for (let round = 0; killed < KILLS && round < 3 * KILLS; round++) {
    const run = join(folder, `run-${round}`);
    const search = ["search", program, "--out", run, "--workers", "2", "--quiet", "--resume"];
    if (!(await killAfter(search, 200 + random.uniform() * duration))) continue;
    killed++;
    // Some rounds are killed a second time while they resume.
    if (random.uniform() < 0.3) await killAfter(search, 200 + random.uniform() * duration);
    const resumed = await nasc(...search);
    expect([round, resumed.code, resumed.stderr]).toEqual([round, 0, ""]);
    expect(existsSync(join(run, "pareto.json"))).toBe(true);
    expect(studyOf(run)).toEqual(expected);
  }
  expect(killed).toBe(KILLS);
}), 1_800_000);
