/** The package as a user gets it: packed, installed into an empty project elsewhere, and run there. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { inTemporaryFolder, TINY, writeProgram } from "../cli/run-cli.js";

it("an installed package searches a program of another folder, std and samples included", () => inTemporaryFolder(async (folder) => {
  const npm = (arguments_: readonly string[], cwd: string): string => execFileSync("npm", [...arguments_], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  npm(["pack", "--ignore-scripts", "--pack-destination", folder], resolve("."));
  const [archive] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  const project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "elsewhere", version: "1.0.0", private: true }));
  npm(["install", join(folder, archive!)], project);
  const program = writeProgram(project, `import { ConvBN } from "std/blocks"\n${TINY.replace("conv(width, kernel = choose { 1, 3 }) -> batch_norm", "ConvBN(width, kernel = choose { 1, 3 })")}`);
  execFileSync("npx", ["nasc", "search", program, "--out", "run", "--quiet"], { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
  expect(existsSync(join(project, "run", "report.html"))).toBe(true);
  expect(execFileSync("npx", ["nasc", "check", join(project, "node_modules/nasc/samples/quickstart.nas")], { cwd: project, encoding: "utf8" })).toContain("well-formed");
}), 600_000);
