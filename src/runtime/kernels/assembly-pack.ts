/**
 * Loads the AssemblyScript kernels onto a heap. The compiled module lies in dist, wherever this file runs from; `scripts/build.mjs`
 * makes it. It holds no data of its own, so it can live on the heap of TensorFlow.js without claiming a byte of it.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KernelPack } from "./kernel-pack.js";

const FILE = "dist/runtime/kernels/kernels.wasm";

/** The compiled module: under the root of the package, which is the nearest folder above with a package.json. */
export function kernelFile(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, FILE);
}

export function loadAssemblyPack(memory: WebAssembly.Memory, file = kernelFile()): KernelPack | { readonly problem: string } {
  if (!existsSync(file)) return { problem: `${file} does not exist` };
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), { env: { memory } });
    return instance.exports as unknown as KernelPack;
  } catch (error) {
    return { problem: `${file}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
