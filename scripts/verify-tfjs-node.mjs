// Tries the engine `node` for real without the download that tfjs-node makes when it is installed: fetches the package without its
// scripts and the TensorFlow wheel of PyPI, builds the package's binding against the wheel's library, and runs the benchmark
// `tfjs-node`, which trains the quickstart on it and on the default engine. Linux; needs npm, Python with pip, and a C++ compiler.
// usage: node scripts/verify-tfjs-node.mjs [--build-only] [FOLDER]     (about 1.4 GB; default: nasc-tfjs-node in the temporary folder)
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@tensorflow/tfjs-node@4.22.0";
const WHEEL = "tensorflow-cpu==2.21.0";
/** The wheel's contents hardly differ between versions of Python, so the one that is here need not be served. */
const WHEEL_FOR = "3.11";
const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = resolve(process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? join(tmpdir(), "nasc-tfjs-node"));
const python = process.env.PYTHON ?? "python3";
const run = (command, args, options = {}) => execFileSync(command, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"], ...options });

if (process.platform !== "linux") {
  console.error("the wheel's library is found by the names it has on Linux; elsewhere install tfjs-node itself");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const place = join(folder, "node_modules/@tensorflow/tfjs-node");
if (!existsSync(place)) {
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE]);
}

const tensorflow = join(folder, "tensorflow");
if (!LIBRARIES.every((name) => existsSync(join(tensorflow, name)))) {
  const wheels = join(folder, "wheel");
  run(python, ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--python-version", WHEEL_FOR, "--dest", wheels, WHEEL]);
  const wheel = join(wheels, readdirSync(wheels).find((name) => name.endsWith(".whl")));
  const wanted = `n in ${JSON.stringify(LIBRARIES.map((name) => `tensorflow/${name}`))} or n.startswith("tensorflow/include/") and n.endswith(".h")`;
  run(python, ["-c", `import zipfile\nwith zipfile.ZipFile(${JSON.stringify(wheel)}) as z:\n  z.extractall(".", [n for n in z.namelist() if ${wanted}])`]);
}

// What node-pre-gyp would build, without node-gyp and its download of Node's headers.
const binding = join(place, "lib/napi-v8/tfjs_binding.node");
if (!existsSync(binding)) {
  mkdirSync(dirname(binding), { recursive: true });
  const headers = join(dirname(createRequire(import.meta.url).resolve("node-api-headers/package.json")), "include");
  run(process.env.CXX ?? "c++", [
    "-std=c++17", "-O2", "-fPIC", "-shared", "-DNAPI_VERSION=8", `-I${headers}`, `-I${join(tensorflow, "include")}`,
    join(place, "binding/tfjs_backend.cc"), join(place, "binding/tfjs_binding.cc"), "-o", binding,
    `-L${tensorflow}`, ...LIBRARIES.map((name) => `-l:${name}`), `-Wl,-rpath,${tensorflow}`,
  ]);
}

console.log(`built; to use it: export NASC_TFJS_NODE=${place}`);
if (!process.argv.includes("--build-only")) run(process.execPath, ["bench/run.mjs", "tfjs-node"], { cwd: root, env: { ...process.env, NASC_TFJS_NODE: place } });
