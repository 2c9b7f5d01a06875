/** Vitest set-up: the end-to-end tests run the compiled command line, so dist must not be older than src. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

function newest(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((time, entry) => {
    const path = join(folder, entry.name);
    return Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }, 0);
}

export function setup(): void {
  const built = existsSync("dist/bundle/main.js") && existsSync("dist/runtime/kernels/kernels.wasm") ? Math.min(statSync("dist/bundle/main.js").mtimeMs, statSync("dist/runtime/kernels/kernels.wasm").mtimeMs) : 0;
  if (newest("src") > built) execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
}
