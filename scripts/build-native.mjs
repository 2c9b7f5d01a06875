// Builds the C++ kernels into dist/runtime/native/nasc-kernels.node where there is a compiler. They are an extra: without a compiler, or
// with one that fails, nothing is built, nothing is said and nothing fails: the reason is kept for `nasc doctor` (`--verbose` tells it at
// once, `--force` builds what is up to date).
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, "src/runtime/native");
const folder = join(root, "dist/runtime/native");
const target = join(folder, "nasc-kernels.node");
const stamp = join(folder, "built-from.txt");
/** Why there are no C++ kernels; `native-pack.ts` reads it. */
const reason = join(folder, "not-built.txt");
/** Runs every kernel once; in a checkout that is not built yet there is only loading to try. */
const checker = join(root, "dist/bundle/check-native.js");
/** How long compilers may take in all; an install is not held up for long. */
const PATIENCE = process.argv.includes("--install") ? 20_000 : 90_000;

const units = [
  { file: "module.cc", flags: [] },
  { file: "pool.cc", flags: [] },
  { file: "variant-base.cc", flags: [] },
  ...(process.arch === "x64" ? [
    { file: "variant-avx2.cc", flags: ["-mavx2", "-mfma"] },
    { file: "variant-avx512.cc", flags: ["-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw", "-mavx2", "-mfma"] },
  ] : []),
];

function headers() {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("node-api-headers/package.json")), "include");
}

/** Of what the built file was made: sources, platform, compiler name; and whether its kernels were run. */
function origin(compiler) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch} ${compiler} ${existsSync(checker)}`);
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
  return hash.digest("hex");
}

function run(command, args, deadline) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"], timeout: Math.max(1, deadline - Date.now()), killSignal: "SIGKILL" });
    let said = "";
    child.stderr.on("data", (text) => { said += text; });
    child.on("error", reject);
    child.on("close", (code, signal) => { if (code === 0) resolve(); else reject(new Error(`${said.trim().split("\n")[0] || "no message"} (${signal === null ? `exit code ${code}` : `signal ${signal}`})`)); });
  });
}

/** A process of its own loads the file and runs its kernels: a crash costs nothing. */
async function check(file, deadline) {
  try {
    await run(process.execPath, existsSync(checker) ? [checker, file] : ["-e", `require(${JSON.stringify(file)})`], deadline);
  } catch (error) {
    throw new Error(`what it built does not work: ${error.message}`);
  }
}

/** The built file must work in this Node before it takes the place of an older one. */
async function build(compiler, deadline) {
  const [command, ...options] = compiler.split(/\s+/);
  mkdirSync(folder, { recursive: true });
  const place = mkdtempSync(join(folder, "build-"));
  try {
    const common = [...options, "-std=c++17", "-O2", "-fPIC", "-fvisibility=hidden", "-w", `-I${headers()}`, "-c"];
    await Promise.all(units.map(({ file, flags }) => run(command, [...common, ...flags, join(sources, file), "-o", join(place, `${file}.o`)], deadline)));
    const made = join(place, "nasc-kernels.node");
    const link = process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"];
    await run(command, [...options, ...link, ...units.map(({ file }) => join(place, `${file}.o`)), "-pthread", "-o", made], deadline);
    await check(made, deadline);
    renameSync(made, target);
    writeFileSync(stamp, origin(compiler));
    rmSync(reason, { force: true });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function whyNot(problems) {
  const missing = problems.filter(({ error }) => error.code === "ENOENT");
  const failed = problems.filter(({ error }) => error.code !== "ENOENT").map(({ compiler, error }) => `${compiler}: ${error.message}`);
  return failed.length > 0 ? failed.join("; ") : `no C++ compiler was found (${missing.map(({ compiler }) => compiler).join(", ")})`;
}

/** Builds unless what is there is up to date; tells what happened. Never throws. */
export async function buildNative({ force = false } = {}) {
  if (process.platform === "win32") return "no C++ kernels: not built on Windows";
  const asked = (process.env.CXX ?? "").trim();
  const compilers = asked === "" ? ["g++", "clang++", "c++"] : [asked];
  const deadline = Date.now() + PATIENCE;
  const problems = [];
  for (const compiler of compilers) {
    try {
      if (!force && existsSync(target) && existsSync(stamp) && readFileSync(stamp, "utf8") === origin(compiler)) return `C++ kernels are up to date: ${target}`;
      await build(compiler, deadline);
      return `C++ kernels: ${target} (${compiler})`;
    } catch (error) {
      problems.push({ compiler, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  const why = whyNot(problems);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(reason, why);
  } catch {
    // A folder that cannot be written to has no kernels either.
  }
  return `no C++ kernels: ${why}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outcome = await buildNative({ force: process.argv.includes("--force") }).catch((error) => `no C++ kernels: ${String(error)}`);
  if (process.argv.includes("--verbose")) console.log(outcome);
}
