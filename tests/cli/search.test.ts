/** The main job through the real command line on a tiny space: search, resume, derive, export, report. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { inTemporaryFolder, json, nasc, readJson, startCli, studyOf, TINY, writeProgram } from "./run-cli.js";

describe("a search from start to use", () => {
  let folder = "";
  let program = "";
  let run = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "nasc-search-"));
    program = writeProgram(folder);
    run = join(folder, "run");
    const { code, stdout, stderr } = await nasc("search", program, "--out", run, "--workers", "1");
    expect([code, stderr]).toEqual([0, expect.stringContaining("supernet")]);
    expect(stdout).toContain("report:");
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("leaves everything in one folder", () => {
    for (const name of ["study.sqlite", "pareto.json", "program.json", "report.html", "supernet.weights"]) expect(existsSync(join(run, name))).toBe(true);
    const pareto = readJson(join(run, "pareto.json")) as { members: { network: string; weights: string }[]; counts: { trials: number } };
    expect(pareto.counts.trials).toBe(18);
    expect(pareto.members.length).toBeGreaterThan(0);
    for (const { network, weights } of pareto.members) expect([existsSync(join(run, network)), existsSync(join(run, weights))]).toEqual([true, true]);
  });

  it("draws a report that needs nothing else", () => {
    const report = readFileSync(join(run, "report.html"), "utf8");
    expect(report).toContain("<svg");
    expect(report).not.toMatch(/NaN|undefined|<link|src="http/);
  });

  it("gives the same study with two workers, and without any", async () => {
    for (const workers of ["0", "2"]) {
      const again = join(folder, `run-${workers}`);
      expect((await nasc("search", program, "--out", again, "--workers", workers, "--quiet")).code).toBe(0);
      expect(studyOf(again)).toEqual(studyOf(run));
    }
  }, 120_000);

  it("refuses to overwrite, and resumes a finished run without new work", async () => {
    const refused = await nasc("search", program, "--out", run);
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain("NAS7006");
    const before = studyOf(run);
    expect((await nasc("search", program, "--out", run, "--resume")).code).toBe(0);
    expect(studyOf(run)).toEqual(before);
  }, 60_000);

  it("refuses the study of another space and leaves it alone", async () => {
    const before = studyOf(run);
    const other = join(folder, "other.nas");
    writeFileSync(other, TINY.replace("{ 4, 8 }", "{ 4, 8, 12 }"));
    const { code, stderr } = await nasc("search", other, "--out", run, "--resume");
    expect(code).toBe(5);
    expect(stderr).toContain("NAS7001");
    expect(studyOf(run)).toEqual(before);
    expect(readJson(join(run, "program.json")).file).toBe(program);
  }, 60_000);

  it("derives the chosen network beside a declared one", async () => {
    const { code, stdout } = await nasc("derive", run, "--architecture", "Plain", "--from", "scratch", "--quiet");
    expect(code).toBe(0);
    expect(stdout).toContain("test accuracy");
    expect(stdout).toMatch(/chosen takes [\d.]+ % of the energy of Plain/);
    expect(readdirSync(join(run, "derived")).filter((name) => name.endsWith(".json")).length).toBeGreaterThanOrEqual(1);
    // Training once more in another way is another training, not a damaged one.
    const longer = await nasc("derive", run, "--from", "scratch", "--epochs", "2", "--json");
    expect([longer.code, (json(longer.stdout).networks as { epochs: number }[])[0]!.epochs]).toEqual([0, 2]);
  }, 60_000);

  it("exports a model", async () => {
    const out = join(folder, "model");
    const { code } = await nasc("export", run, "--out", out);
    expect(code).toBe(0);
    const model = readJson(join(out, "model.json"));
    expect(Object.keys(model)).toEqual(expect.arrayContaining(["format", "modelTopology", "weightsManifest"]));
    expect((await nasc("export", run, "--format", "typescript", "--out", out)).code).toBe(0);
    expect((await nasc("export", run, "--merge", "--out", join(folder, "merged"))).code).toBe(0);
    const tensors = (manifest: unknown): number => (manifest as { weights: unknown[] }[]).reduce((sum, { weights }) => sum + weights.length, 0);
    expect(tensors(readJson(join(folder, "merged", "model.json")).weightsManifest)).toBeLessThan(tensors(model.weightsManifest));
    const unknown = await nasc("export", run, "--network", "zzzz", "--out", out);
    expect(unknown.stderr).toContain("NAS9006");
  });

  it("lists the study and redraws the report", async () => {
    const listed = await nasc("study", run, "--json");
    expect((json(listed.stdout).trials as unknown[]).length).toBe(18);
    expect((await nasc("report", run, "--out", join(folder, "again.html"))).code).toBe(0);
    expect(existsSync(join(folder, "again.html"))).toBe(true);
  });
});

describe("a search that is interrupted", () => {
  it("saves at Ctrl-C, says how to go on, and goes on to the same study", () => inTemporaryFolder(async (folder) => {
    const program = writeProgram(folder);
    const whole = join(folder, "whole");
    expect((await nasc("search", program, "--out", whole, "--workers", "0", "--quiet")).code).toBe(0);
    const run = join(folder, "run");
    const { child, finished } = startCli(["search", program, "--out", run, "--workers", "1"]);
    child.stderr!.on("data", (chunk: Buffer) => { if (chunk.toString().includes("run folder")) child.kill("SIGINT"); });
    const stopped = await finished;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain("--resume");
    expect((await nasc("search", program, "--out", run, "--workers", "1", "--resume", "--quiet")).code).toBe(0);
    expect(studyOf(run)).toEqual(studyOf(whole));
  }), 120_000);

  it("trains the supernet alone, and searches it later", () => inTemporaryFolder(async (folder) => {
    const program = writeProgram(folder);
    const run = join(folder, "run");
    const trained = await nasc("train", program, "--out", run);
    expect(trained.code).toBe(0);
    expect(existsSync(join(run, "supernet.weights"))).toBe(true);
    expect((await nasc("search", program, "--out", run, "--resume", "--workers", "0", "--quiet")).code).toBe(0);
  }), 120_000);
});
