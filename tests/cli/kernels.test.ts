/** Which kernels a run computes with: noted in its study, kept when it is resumed, and said where they cannot be. */
import { join } from "node:path";
import Database from "libsql";
import { expect, it } from "vitest";
import { STUDY_FILE } from "../../src/search/study.js";
import { inTemporaryFolder, nasc, TINY, studyOf, writeProgram } from "./run-cli.js";

it("a run begun with --deterministic goes on with the same kernels, also in its workers", () => inTemporaryFolder(async (folder) => {
  const program = writeProgram(folder, TINY);
  const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
  expect(await nasc("search", program, "--out", whole, "--deterministic", "--workers", "0")).toMatchObject({ code: 0 });
  expect(await nasc("train", program, "--out", parts, "--deterministic")).toMatchObject({ code: 0 });
  const resumed = await nasc("search", program, "--out", parts, "--resume", "--workers", "2");
  expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining("AssemblyScript SIMD kernels") });
  expect(studyOf(parts)).toEqual(studyOf(whole));
}), 120_000);

it("going on with other kernels is said", () => inTemporaryFolder(async (folder) => {
  const program = writeProgram(folder, TINY);
  const out = join(folder, "run");
  expect(await nasc("train", program, "--out", out)).toMatchObject({ code: 0 });
  const study = new Database(join(out, STUDY_FILE));
  study.prepare("UPDATE facts SET value = 'C++ avx4096' WHERE name = 'arithmetic'").run();
  study.close();
  expect(await nasc("search", program, "--out", out, "--resume")).toMatchObject({ code: 0, stderr: expect.stringMatching(/NAS7010[^]*begun with C\+\+ avx4096/) });
}), 120_000);
