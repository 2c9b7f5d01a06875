/**
 * Installing never fails for want of a compiler: the packed package in an empty project, and a clean clone, with no compiler, with one
 * that fails or writes rubbish, with one whose kernels crash or compute something else, and with no network but the package registry. In
 * each, a program is searched, and `nasc doctor` says which kernels were chosen and why.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { json, writeProgram } from "../cli/run-cli.js";

const LIMIT = 900_000;
const folder = mkdtempSync(join(tmpdir(), "nasc-install-"));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

type Environment = Readonly<Record<string, string>>;

const run = (command: string, arguments_: readonly string[], cwd: string, env: Environment = {}): string =>
  execFileSync(command, [...arguments_], { cwd, env: { ...process.env, NO_COLOR: "1", ...env }, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

const onPath = (program: string): string | undefined => (process.env["PATH"] ?? "").split(delimiter).map((place) => join(place, program)).find((file) => existsSync(file));

/** A PATH with nothing on it but what an installation needs. */
function bareEnvironment(): Environment {
  const place = join(folder, "bare-path");
  mkdirSync(place);
  for (const program of ["node", "npm", "npx", "sh", "git", "env"]) {
    const found = onPath(program);
    if (found !== undefined) symlinkSync(found, join(place, program));
  }
  return { PATH: place, CXX: "" };
}
const bare = bareEnvironment();

/** An environment in which C++ is compiled by this shell script. */
function compiler(name: string, text: string): Environment {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return { CXX: file };
}

/** g++, but `what` in the SGD kernel is taken for `by`. */
const changedKernel = (name: string, what: string, by: string): Environment => compiler(name, `copy=$(mktemp -d)
for argument do
  shift
  case $argument in *.cc)
    cp "$(dirname "$argument")"/* "$copy"
    sed -i 's/${what}/${by}/' "$copy/elementwise.h"
    argument=$copy/$(basename "$argument") ;;
  esac
  set -- "$@" "$argument"
done
g++ "$@"
code=$?
rm -rf "$copy"
exit $code`);

const crash = join(folder, "crash.h");
writeFileSync(crash, "__attribute__((constructor)) static void crash() { __builtin_trap(); }\n");

const STEP = "p - rate \\* next";
const gcc = onPath("g++") === undefined ? [] : [
  { name: "a compiler whose library crashes when it is loaded", env: () => compiler("crashing", `exec g++ -include ${crash} "$@"`), says: /what it built does not work: .*signal SIG/ },
  { name: "a compiler whose kernels crash", env: () => changedKernel("crashing-kernel", STEP, "(__builtin_trap(), p)"), says: /what it built does not work: .*signal SIG/ },
  { name: "a compiler whose kernels compute something else", env: () => changedKernel("wrong", STEP, "p + rate * next"), says: /what it built does not work: its \w+ kernels fail their self-test: updates differ/ },
];

/** `says`: what doctor gives as the reason for AssemblyScript kernels. */
const variants: readonly { readonly name: string; readonly env: () => Environment; readonly says: RegExp }[] = [
  { name: "no compiler", env: () => bare, says: /not built: no C\+\+ compiler was found \(g\+\+, clang\+\+, c\+\+\)/ },
  { name: "a compiler that does not exist", env: () => ({ CXX: join(folder, "nowhere") }), says: /no C\+\+ compiler was found \(.*nowhere\)/ },
  { name: "a compiler that fails", env: () => compiler("failing", "echo 'internal error: out of order' >&2\nexit 1"), says: /failing: internal error: out of order \(exit code 1\)/ },
  { name: "a compiler that writes rubbish", env: () => compiler("rubbish", 'for argument do [ "$last" = -o ] && echo rubbish > "$argument"; last=$argument; done'), says: /rubbish: what it built does not work: / },
  ...gcc,
];

/** Nothing but the registry can be reached by what honours the usual variables. */
function registryOnly(): Environment {
  const nowhere = "http://127.0.0.1:9";
  const host = new URL(run("npm", ["config", "get", "registry"], folder).trim()).hostname;
  return { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, http_proxy: nowhere, https_proxy: nowhere, NO_PROXY: host, no_proxy: host, npm_config_noproxy: host };
}

function doctor(command: string, arguments_: readonly string[], cwd: string, env: Environment = {}): string {
  const { findings } = json(run(command, [...arguments_, "doctor", "--json"], cwd, env)) as { readonly findings: readonly { readonly name: string; readonly state: string; readonly detail: string }[] };
  expect(findings.filter(({ state }) => state === "problem")).toEqual([]);
  return findings.filter(({ name }) => name === "engine").map(({ detail }) => detail).join("\n");
}

function searched(command: string, arguments_: readonly string[], project: string, program: string, env: Environment = {}): void {
  run(command, [...arguments_, "search", program, "--out", join(project, "run"), "--quiet"], project, env);
  expect(existsSync(join(project, "run", "report.html"))).toBe(true);
}

describe("the packed package", () => {
  let archive = "";
  beforeAll(() => {
    run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], resolve("."));
    archive = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz"))!);
  }, LIMIT);

  let projects = 0;
  function installed(env: Environment): string {
    const project = join(folder, `project-${projects++}`);
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "elsewhere", version: "1.0.0", private: true }));
    run("npm", ["install", archive], project, env);
    return project;
  }

  it.each(variants)("installs and searches with $name", ({ env, says }) => {
    const project = installed(env());
    const said = doctor("npx", ["nasc"], project);
    expect(said).toMatch(/AssemblyScript/);
    expect(said).toMatch(says);
    searched("npx", ["nasc"], project, writeProgram(project));
  }, LIMIT);

  it("installs and searches with no network but the registry, the quickstart, too", () => {
    const project = installed(registryOnly());
    const said = doctor("npx", ["nasc"], project);
    expect(said).toMatch(gcc.length > 0 ? /C\+\+ kernels \(\w+\), \d+ threads?/ : /no C\+\+ compiler was found/);
    searched("npx", ["nasc"], project, join(project, "node_modules/nasc/samples/quickstart.nas"));
  }, LIMIT);
});

it("a clean clone installs and searches with no compiler and no network but the registry", () => {
  const clone = join(folder, "clone");
  run("git", ["clone", "--quiet", resolve("."), clone], folder);
  const env = { ...registryOnly(), ...bare };
  run("npm", ["ci"], clone, env);
  // In a checkout, the first npx of its own command runs the package's scripts once more.
  const said = doctor("npx", ["nasc"], clone, env);
  expect(said).toMatch(/AssemblyScript/);
  expect(said).toMatch(/no C\+\+ compiler was found/);
  searched("npx", ["nasc"], clone, writeProgram(clone), env);
}, LIMIT);
