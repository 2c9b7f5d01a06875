// Builds what `npx nasc` needs: the AssemblyScript kernels and the TypeScript sources; and C++ kernels where there is a compiler.
// `npm ci` runs it through `prepare`; `npm run build` runs it by hand.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { buildNative } from "./build-native.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const run = (script, args) => execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });

// The kernels first: tests need them even while the TypeScript sources are being worked on.
mkdirSync(join(root, "dist/runtime/kernels"), { recursive: true });
for (const [name, features] of [["kernels", []], ["kernels-relaxed", ["--enable", "relaxed-simd"]]]) {
  run(join(dirname(require.resolve("assemblyscript/package.json")), "bin/asc.js"), [
    join(root, "src/runtime/kernels/assembly/index.ts"), "-o", join(root, `dist/runtime/kernels/${name}.wasm`),
    // 112: vectors cross between our own files only.
    "--enable", "simd", ...features, "--runtime", "stub", "--importMemory", "--noAssert", "-O3", "--disableWarning", "112",
  ]);
}
run(require.resolve("typescript/bin/tsc"), ["-p", "tsconfig.json"]);
await bundle();
await buildNative();

/** What the package ships: few files, because reading two hundred small ones takes longer than checking a program. Packages stay outside. */
async function bundle() {
  const dir = join(root, "dist/bundle");
  const packages = Object.keys(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies);
  rmSync(dir, { recursive: true, force: true });
  const modules = await rolldown({
    input: { main: join(root, "dist/cli/main.js"), "worker-entry": join(root, "dist/search/worker-entry.js"), "seed-entry": join(root, "dist/search/seed-entry.js"), "check-native": join(root, "dist/runtime/kernels/check-native.js") },
    platform: "node",
    external: (id) => packages.some((name) => id === name || id.startsWith(`${name}/`)),
  });
  await modules.write({ dir, format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" });
}
