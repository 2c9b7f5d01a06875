/**
 * Loads the AssemblyScript kernels onto a heap. The compiled module lies in dist, wherever this file runs from; `scripts/build.mjs`
 * makes it. It holds no data of its own, so it can live on the heap of TensorFlow.js without claiming a byte of it.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KernelPack } from "./kernel-pack.js";

/**
 * The same kernels twice: strict SIMD gives the same bits on every machine; relaxed SIMD fuses multiplications with additions where the
 * processor can, which is faster and rounds otherwise.
 */
export type AssemblyVariant = "strict" | "relaxed";

const FILES: Readonly<Record<AssemblyVariant, string>> = { strict: "dist/runtime/kernels/kernels.wasm", relaxed: "dist/runtime/kernels/kernels-relaxed.wasm" };

/** The compiled module: under the root of the package, which is the nearest folder above with a package.json. */
export function kernelFile(variant: AssemblyVariant = "strict"): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, FILES[variant]);
}

/** Why the relaxed module cannot be used here, if so: releases of Node before 21 do not know its instructions. */
export function relaxedProblem(file = kernelFile("relaxed")): string | undefined {
  if (!existsSync(file)) return `${file} does not exist`;
  return WebAssembly.validate(readFileSync(file)) ? undefined : "this release of Node has no relaxed SIMD";
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

/** The strict kernels, where it is certain that they are there. */
export function strictPack(memory: WebAssembly.Memory, file = kernelFile()): KernelPack {
  const pack = loadAssemblyPack(memory, file);
  if ("problem" in pack) throw new Error(pack.problem);
  return pack;
}
