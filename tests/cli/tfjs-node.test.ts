/** The engine `node`: what is said where tfjs-node cannot be had, and a run on it where it can. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tfjsNodeProblem } from "../runtime/engine/tested-engines.js";
import { whereHere } from "../where-here.js";
import { inTemporaryFolder, json, nasc, startCli, studyOf, TINY, writeProgram } from "./run-cli.js";

const nascIn = (env: NodeJS.ProcessEnv, ...given: readonly string[]): ReturnType<typeof nasc> => startCli(given, { env }).finished;

/** A package that does not load. */
function brokenPackage(folder: string): string {
  const place = join(folder, "broken");
  mkdirSync(place);
  writeFileSync(join(place, "package.json"), '{ "name": "broken", "version": "1.0.0", "main": "index.js" }');
  writeFileSync(join(place, "index.js"), 'throw new Error("The native addon cannot be found.\\nTry something.");');
  return place;
}

describe("tfjs-node that cannot be had", () => {
  it("is an error where it was asked for", () => inTemporaryFolder(async (folder) => {
    const program = writeProgram(folder, TINY);
    const search = (place: string, ...more: string[]): ReturnType<typeof nasc> => nascIn({ NASC_TFJS_NODE: place }, "search", program, "--out", join(folder, "run"), "--engine", "node", ...more);
    const nowhere = join(folder, "nowhere");
    expect(await search(nowhere)).toMatchObject({ code: 4, stderr: expect.stringMatching(/NAS6033[^]*nowhere, where no package can be loaded/) });
    expect(await search(brokenPackage(folder))).toMatchObject({ code: 4, stderr: expect.stringMatching(/NAS6033[^]*does not load: The native addon cannot be found\.\n/) });
    expect(await search(nowhere, "--deterministic")).toMatchObject({ code: 4, stderr: expect.stringMatching(/NAS6033[^]*same bits on every machine/) });
  }), 60_000);

  it("is no fault of the machine, but doctor says why", () => inTemporaryFolder(async (folder) => {
    const { code, stdout } = await nascIn({ NASC_TFJS_NODE: brokenPackage(folder) }, "doctor", "--json");
    expect(code).toBe(0);
    expect(json(stdout).findings).toContainEqual({ name: "tfjs-node", state: "note", detail: expect.stringContaining("The native addon cannot be found.; so") });
  }));

  it("is an unknown engine by another name", async () => {
    expect(await nasc("search", "x.nas", "--engine", "nod")).toMatchObject({ code: 2, stderr: expect.stringContaining("wasm, node or cpu") });
  });
});

whereHere("a run on tfjs-node", tfjsNodeProblem(), () => describe("a run on tfjs-node", () => {
  it("does not depend on the number of workers, and a resumed one goes on with it", () => inTemporaryFolder(async (folder) => {
    const program = writeProgram(folder, TINY);
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    expect(await nasc("search", program, "--out", whole, "--engine", "node", "--workers", "0")).toMatchObject({ code: 0 });
    expect(await nasc("train", program, "--out", parts, "--engine", "node")).toMatchObject({ code: 0 });
    const resumed = await nasc("search", program, "--out", parts, "--resume", "--workers", "2");
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining("tfjs-node") });
    expect(resumed.stderr).not.toContain("NAS7010");
    expect(studyOf(parts)).toEqual(studyOf(whole));
  }), 120_000);
}));
