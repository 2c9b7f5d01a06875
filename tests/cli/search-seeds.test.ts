/** A search over several seeds through the real command line: as alone, after Ctrl-C and after kill -9. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inTemporaryFolder, json, nasc, readJson, startCli, studyOf, TINY, writeProgram } from "./run-cli.js";

interface Member { readonly hash: string; readonly accuracy: number; readonly costs: Record<string, number> }
interface Seeds { readonly seeds: readonly { readonly seed: number; readonly folder: string; readonly state: string; readonly best: Member }[]; readonly best: Record<string, { readonly mean: number; readonly count: number }>; readonly front: readonly (Member & { readonly seed: number })[] }

const SEEDS = [3, 4, 5];
let folder = "";
let program = "";
/** The study of each seed when it is searched alone. */
const alone = new Map<number, unknown>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nasc-seeds-"));
  program = writeProgram(folder, TINY.replace("population 6  generations 3", "population 4  generations 2"));
  for (const seed of SEEDS) {
    const run = join(folder, `alone-${seed}`);
    expect((await nasc("search", program, "--seed", String(seed), "--out", run, "--workers", "0", "--quiet")).code).toBe(0);
    alone.set(seed, studyOf(run));
  }
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const expectAsAlone = (run: string): void => { for (const seed of SEEDS) expect(studyOf(join(run, `seed-${seed}`))).toEqual(alone.get(seed)); };

describe("a search over several seeds", () => {
  it("gives each seed what it gets alone, and compares them", async () => {
    const run = join(folder, "run");
    const { code, stdout, stderr } = await nasc("search", program, "--seeds", "3", "--out", run, "--workers", "2");
    expect([code, stderr]).toEqual([0, expect.stringContaining("seed 5: finished")]);
    expect(stdout).toContain("front of all");
    expectAsAlone(run);
    const { seeds, best, front } = readJson(join(run, "seeds.json")) as unknown as Seeds;
    const paretos = SEEDS.map((seed) => readJson(join(run, `seed-${seed}`, "pareto.json")) as unknown as { readonly members: readonly Member[] });
    expect(seeds.map(({ seed, folder: name, state, best: { hash } }) => [seed, name, state, hash])).toEqual(SEEDS.map((seed, index) => [seed, `seed-${seed}`, "finished", paretos[index]!.members[0]!.hash]));
    expect(best["accuracy"]!.mean).toBeCloseTo(paretos.reduce((sum, { members }) => sum + members[0]!.accuracy, 0) / 3, 12);
    const all = paretos.flatMap(({ members }) => members);
    const beaten = ({ accuracy, costs }: Member): boolean => all.some((other) => other.accuracy >= accuracy && other.costs["energy"]! <= costs["energy"]! && (other.accuracy > accuracy || other.costs["energy"]! < costs["energy"]!));
    expect(front.map(({ hash, accuracy }) => `${hash} ${accuracy}`).sort()).toEqual(all.filter((member) => !beaten(member)).map(({ hash, accuracy }) => `${hash} ${accuracy}`).sort());
    for (const seed of SEEDS) expect(existsSync(join(run, `seed-${seed}`, "report.html"))).toBe(true);
    expect((await nasc("study", join(run, "seed-4"), "--json")).code).toBe(0);

    const refused = await nasc("search", program, "--seeds", "2", "--out", run);
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining("NAS7006")]);
    // Going on with what is finished asks for nothing new.
    const again = await nasc("search", program, "--seeds", "3", "--out", run, "--workers", "2", "--resume", "--json");
    expect(again.code).toBe(0);
    const lines = again.stdout.trim().split("\n").map(json);
    expect(lines.filter(({ event }) => (event as { kind?: string } | undefined)?.kind === "trial")).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ ok: true, state: "finished", seeds: { seeds: SEEDS.map((seed) => ({ seed })) } });
    expectAsAlone(run);
  }, 180_000);

  it("goes on to the same studies after kill -9, with one seed more", () => inTemporaryFolder(async (place) => {
    const run = join(place, "run");
    const { child, finished } = startCli(["search", program, "--seeds", "2", "--out", run, "--workers", "2", "--json"]);
    child.stdout!.on("data", (chunk: Buffer) => { if (chunk.toString().includes('"kind":"trial"')) child.kill("SIGKILL"); });
    expect((await finished).code).toBe(null);
    // The processes of the seeds end with the main one; until then they hold the lock of their study.
    const resumed = await nasc("search", program, "--seeds", "3", "--out", run, "--workers", "2", "--resume", "--quiet");
    expect([resumed.code, resumed.stderr]).toEqual([0, ""]);
    expectAsAlone(run);
  }), 180_000);

  it("saves at Ctrl-C, says how to go on, and goes on", () => inTemporaryFolder(async (place) => {
    const run = join(place, "run");
    const { child, finished } = startCli(["search", program, "--seeds", "3", "--out", run, "--workers", "3"]);
    // A second signal would mean: leave at once.
    child.stderr!.once("data", () => child.kill("SIGINT"));
    const stopped = await finished;
    expect([stopped.code, stopped.stderr]).toEqual([130, expect.stringMatching(/go on with: .*--resume.*--seeds 3/)]);
    expect((await nasc("search", program, "--seeds", "3", "--out", run, "--resume", "--quiet")).code).toBe(0);
    expectAsAlone(run);
  }), 180_000);

  it("takes whole numbers of seeds only", async () => {
    for (const seeds of ["0", "1.5", "many"]) expect((await nasc("search", program, "--seeds", seeds)).code).toBe(2);
  });
});
