import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SearchPlan } from "../../src/ir/plan.js";
import { runSeeds, type RunSeedsOptions, type SeedResult } from "../../src/search/seed-pool.js";

let folder = "";
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "nasc-seeds-")); });
afterEach(() => rmSync(folder, { recursive: true }));

/** One seed after the other from 1 on, each behaving as `how` says. */
async function run(how: readonly string[], options: Partial<RunSeedsOptions> = {}): Promise<readonly SeedResult[]> {
  const setups = how.map((dataOverride, index) => ({ plan: {} as SearchPlan, seed: index + 1, outDir: join(folder, `seed-${index + 1}`), workers: 0, dataOverride }));
  const results = await runSeeds({ setups, parallel: 2, entry: resolve("tests/search/stub-seed.mjs"), ...options });
  if (!results.ok) throw new Error("no pool");
  return results.value;
}

const kinds = (results: readonly SeedResult[]): string[] => results.map(({ end }) => (end.kind === "failed" ? end.diagnostics.map(({ code }) => code).join() : end.kind));
const starts = (): string[] => readFileSync(join(folder, "starts"), "utf8").trim().split("\n").sort();

describe("the processes of seeds", () => {
  it("run every seed once and give the results in order, however many run at once", async () => {
    for (const parallel of [1, 2, 9]) {
      const ended: number[] = [];
      const results = await run(["", "", "", ""], { parallel, onEnd: ({ seed }) => ended.push(seed) });
      expect(results.map(({ seed, end }) => [seed, end.kind === "finished" && end.document])).toEqual([1, 2, 3, 4].map((seed) => [seed, { seed }]));
      expect(ended.sort()).toEqual([1, 2, 3, 4]);
      expect(starts()).toEqual([1, 2, 3, 4].map((seed) => `${seed} begins`));
      rmSync(join(folder, "starts"));
    }
  });

  it("that die are started again and go on; the third death is the last", async () => {
    expect(kinds(await run(["once", "always", ""]))).toEqual(["finished", "NAS7028", "finished"]);
    expect(starts()).toEqual(["1 begins", "1 resumes", "2 begins", "2 resumes", "2 resumes", "3 begins"]);
  });

  it("say how they died", async () => {
    const [result] = await run(["always"]);
    expect(result!.end.kind === "failed" && result!.end.diagnostics[0]!.why).toBe("at last with exit code 7: out of memory");
  });

  it("that fail do not keep the others from ending", async () => {
    expect(kinds(await run(["refuse", "", "refuse", ""]))).toEqual(["NAS6020", "finished", "NAS6020", "finished"]);
    expect(starts().length).toBe(4);
  });

  it("stop when they are told, and no others begin", async () => {
    const stopping = new AbortController();
    const results = await run(["wait", "wait", ""], { signal: stopping.signal, onEvent: () => stopping.abort() });
    expect(kinds(results)).toEqual(["stopped", "stopped", "stopped"]);
    expect(starts().filter((line) => line.startsWith("3"))).toEqual([]);
  });
});
