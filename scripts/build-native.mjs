// Builds the C++ kernels into dist/runtime/native/nasc-kernels.node where there is a compiler. They are an extra: without a compiler, or
// with one that fails, nothing is built, nothing is said and nothing fails (`--verbose` tells why, `--force` builds what is up to date).
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

/** Of what the built file was made: sources, platform, compiler name. */
function origin(compiler) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch} ${compiler}`);
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
  return hash.digest("hex");
}

function run(command, args, deadline) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"], timeout: Math.max(1, deadline - Date.now()), killSignal: "SIGKILL" });
    let said = "";
    child.stderr.on("data", (text) => { said += text; });
    child.on("error", reject);
    child.on("close", (code) => { if (code === 0) resolve(); else reject(new Error(said.trim() || `${command} ended with ${code ?? "a signal"}`)); });
  });
}

/** The built file must load in this Node before it takes the place of an older one. */
async function build(compiler, deadline) {
  mkdirSync(folder, { recursive: true });
  const place = mkdtempSync(join(folder, "build-"));
  try {
    const common = ["-std=c++17", "-O2", "-fPIC", "-fvisibility=hidden", "-w", `-I${headers()}`, "-c"];
    await Promise.all(units.map(({ file, flags }) => run(compiler, [...common, ...flags, join(sources, file), "-o", join(place, `${file}.o`)], deadline)));
    const made = join(place, "nasc-kernels.node");
    const link = process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"];
    await run(compiler, [...link, ...units.map(({ file }) => join(place, `${file}.o`)), "-pthread", "-o", made], deadline);
    await run(process.execPath, ["-e", `require(${JSON.stringify(made)})`], deadline);
    renameSync(made, target);
    writeFileSync(stamp, origin(compiler));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Builds unless what is there is up to date; tells what happened. Never throws. */
export async function buildNative({ force = false } = {}) {
  if (process.platform === "win32") return "no C++ kernels: not built on Windows";
  const compilers = process.env.CXX === undefined || process.env.CXX === "" ? ["g++", "clang++", "c++"] : [process.env.CXX];
  const deadline = Date.now() + PATIENCE;
  const problems = [];
  for (const compiler of compilers) {
    try {
      if (!force && existsSync(target) && existsSync(stamp) && readFileSync(stamp, "utf8") === origin(compiler)) return `C++ kernels are up to date: ${target}`;
      await build(compiler, deadline);
      return `C++ kernels: ${target} (${compiler})`;
    } catch (error) {
      problems.push(`${compiler}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return `no C++ kernels: ${problems.join("; ")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outcome = await buildNative({ force: process.argv.includes("--force") }).catch((error) => `no C++ kernels: ${String(error)}`);
  if (process.argv.includes("--verbose")) console.log(outcome);
}
