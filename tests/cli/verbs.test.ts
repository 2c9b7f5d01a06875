/** Every verb that needs no training, through the real command line: streams, exit codes, help, machine output. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inTemporaryFolder, json, nasc, writeProgram } from "./run-cli.js";

const VERBS = ["check", "info", "compile", "cost", "train", "search", "derive", "export", "report", "study", "mask", "explain", "doctor"];

describe("the command line", () => {
  it("has help for every verb, on stdout, with success", async () => {
    const all = await nasc("--help");
    expect(all.code).toBe(0);
    for (const verb of VERBS) expect(all.stdout).toMatch(new RegExp(`^  ${verb}\\b`, "m"));
    for (const verb of VERBS) {
      const { code, stdout, stderr } = await nasc(verb, "--help");
      expect([verb, code, stderr]).toEqual([verb, 0, ""]);
      expect(stdout).toContain("--json");
    }
  });

  it("refuses what it does not know, with a near name and exit code 2", async () => {
    const verb = await nasc("serch", "x.nas");
    expect(verb.code).toBe(2);
    expect(verb.stderr).toContain("Did you mean search?");
    const option = await nasc("check", "--jsn", "x.nas");
    expect(option.code).toBe(2);
    expect((await nasc("search", "x.nas", "--seed", "-1")).code).toBe(2);
  });

  it("says what is wrong with a missing file", () => inTemporaryFolder(async (folder) => {
    writeProgram(folder);
    const { code, stdout, stderr } = await nasc("check", join(folder, "tny.nas"));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("NAS9001");
    expect(stderr).toContain("tiny.nas");
  }));

  it("checks the samples", async () => {
    const { code, stdout } = await nasc("check", "samples/quickstart.nas", "samples/hybrid-fashion.nas", "samples/rank-check.nas");
    expect(code).toBe(0);
    expect(stdout).toContain("every architecture of every space is well-formed");
  });

  it("reports errors on stderr and as JSON", () => inTemporaryFolder(async (folder) => {
    const file = writeProgram(folder, "space S {\n  input image: f32[8, 8, 1]\n  output y = image -> conv(wdth) -> cnv(3)\n}\n");
    const text = await nasc("check", file);
    expect([text.code, text.stdout]).toEqual([1, ""]);
    expect(text.stderr).toContain("wdth");
    expect(text.stderr).not.toMatch(/\n\s+at /);
    const machine = await nasc("check", file, "--json");
    expect([machine.code, machine.stderr]).toEqual([1, ""]);
    const document = json(machine.stdout);
    expect(document).toMatchObject({ schema: "nasc/1", verb: "check", ok: false });
    expect((document.diagnostics as { code: string }[]).map(({ code }) => code.slice(0, 3))).toContain("NAS");
  }));

  it("replaces constants by -D", () => inTemporaryFolder(async (folder) => {
    const file = writeProgram(folder, "const WIDTH = 4\nspace S {\n  input image: f32[8, 8, 1]\n  output y = image -> conv(choose 1..WIDTH) -> global_pool\n}\n");
    const size = async (...more: string[]): Promise<unknown> => (json((await nasc("info", file, "--json", ...more)).stdout).spaces as { count: unknown }[])[0]!.count;
    expect(await size()).toBe("4");
    expect(await size("-D", "WIDTH=7")).toBe("7");
    const wrong = await nasc("check", file, "-D", "WDTH=7");
    expect(wrong.code).not.toBe(0);
    expect(wrong.stderr).toContain("WIDTH");
  }));

  it("shows exact sizes and bounds", () => inTemporaryFolder(async (folder) => {
    const { code, stdout } = await nasc("info", writeProgram(folder));
    expect(code).toBe(0);
    // 2 widths, and per round conv at 2 kernels, shift, add or skip.
    expect(stdout).toContain("50 distinct architectures");
    expect(stdout).toContain("exact");
  }));

  it("draws what runs when on chunks that it has sized for the network", () => inTemporaryFolder(async (folder) => {
    const picture = join(folder, "period.svg");
    const { code, stdout } = await nasc("cost", "samples/02-nasa.nas", "--search", "Sized", "--architecture", "Shipped", "--timeline", picture, "--json");
    expect(code).toBe(0);
    const { pipeline, totals } = json(stdout) as { pipeline: { chunks: { name: string; elements: number }[]; period: number; sizing: { settled: boolean } }; totals: { period: number } };
    expect(pipeline.period).toBe(totals.period);
    // The area of 168 multiplying elements, at 1.88 others for each.
    const [mac, shift, adder] = pipeline.chunks.map(({ elements }) => elements);
    expect(mac! + (shift! + adder!) / 1.88).toBeLessThanOrEqual(168);
    expect(mac! + (shift! + adder!) / 1.88).toBeGreaterThan(160);
    expect(readFileSync(picture, "utf8")).toContain("<svg");
  }));

  it("prices a network by layer, rows that sum to the totals", () => inTemporaryFolder(async (folder) => {
    const file = writeProgram(folder);
    const { code, stdout } = await nasc("cost", file, "--architecture", "Plain", "--json");
    expect(code).toBe(0);
    const document = json(stdout) as { rows: Record<string, number>[]; totals: Record<string, number> };
    for (const metric of ["params", "macs", "shifts", "adds", "energy", "latency"]) expect(document.rows.reduce((sum, row) => sum + row[metric]!, 0)).toBeCloseTo(document.totals[metric]!, 12);
    const fixed = await nasc("cost", file, "--fix", "width=8", "--fix", "mix[*]=conv", "--fix", "mix[*].kernel=3", "--json");
    expect(json(fixed.stdout).hash).toBe(json(stdout).hash);
    const twice = json((await nasc("cost", file, "--architecture", "Plain", "--counting", "flops", "--json")).stdout).counted;
    expect(twice).toMatchObject({ params: document.totals["params"], counting: expect.stringContaining("flops") });
    expect((await nasc("cost", file, "--architecture", "Plain", "--counting", "flop")).stderr).toContain("did you mean `flops`");
    const unknown = await nasc("cost", file, "--fix", "wdth=8");
    expect(unknown.code).not.toBe(0);
    expect(unknown.stderr).toContain("width");
  }));

  it("compiles a space and a network into files", () => inTemporaryFolder(async (folder) => {
    const out = join(folder, "out");
    const { code, stdout } = await nasc("compile", writeProgram(folder), "--out", out, "--architecture", "Plain");
    expect(code).toBe(0);
    const files = stdout.trim().split("\n");
    expect(files.every((file) => existsSync(file))).toBe(true);
    expect(files.some((file) => file.endsWith(".ts"))).toBe(true);
    expect(readFileSync(join(out, "decisions.txt"), "utf8")).toContain("mix[2].kernel");
    expect(readFileSync(join(out, "costs-Edge.txt"), "utf8")).toContain("mix");
  }));

  it("refuses an output folder that cannot be made", () => inTemporaryFolder(async (folder) => {
    const file = writeProgram(folder);
    const compiled = await nasc("compile", file, "--out", join(file, "below-a-file"));
    expect(compiled.code).toBe(5);
    expect(compiled.stderr).toContain("NAS9008");
    const searched = await nasc("search", file, "--out", join(file, "below-a-file"));
    expect(searched.code).toBe(5);
    expect(searched.stderr).toContain("NAS7004");
  }));

  it("explains codes", async () => {
    const page = await nasc("explain", "nas9001");
    expect(page.stdout).toContain("file-not-readable");
    expect((await nasc("explain", "NAS9999")).code).toBe(2);
    expect((await nasc("explain")).stdout).toContain("NAS6004");
  });

  it("finds the machine in order", async () => {
    const { code, stdout } = await nasc("doctor", "--json");
    expect(code).toBe(0);
    expect((json(stdout).findings as { state: string }[]).filter(({ state }) => state === "problem")).toEqual([]);
  });

  it("keeps colour out of pipes unless forced", async () => {
    expect((await nasc("explain", "NAS9001")).stdout).not.toContain("\u001b[");
    expect((await nasc("explain", "NAS9001", "--color")).stdout).toContain("\u001b[");
  });

  it("says of a folder that is no run that it is none", () => inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, "study.sqlite"), "not a database, but long enough to look like one".repeat(40));
    for (const verb of ["derive", "report"]) {
      const { code, stderr } = await nasc(verb, folder);
      expect([verb, code]).not.toEqual([verb, 0]);
      expect(stderr).toMatch(/NAS9005|NAS7/);
    }
    const study = await nasc("study", folder);
    expect(study.code).toBe(5);
    expect(study.stderr).toContain("NAS7002");
  }));
});
