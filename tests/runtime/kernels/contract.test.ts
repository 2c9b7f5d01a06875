import { describe, it } from "vitest";
import { kernelFile, loadAssemblyPack, relaxedProblem } from "../../../src/runtime/kernels/assembly-pack.js";
import type { KernelPack } from "../../../src/runtime/kernels/kernel-pack.js";
import { loadNativeKernels } from "../../../src/runtime/kernels/native-pack.js";
import { kernelContract } from "./contract.js";

function assembly(memory: WebAssembly.Memory, file?: string): KernelPack {
  const pack = loadAssemblyPack(memory, file);
  if ("problem" in pack) throw new Error(pack.problem);
  return pack;
}

kernelContract("AssemblyScript", (memory) => assembly(memory));

const noRelaxed = relaxedProblem();
if (noRelaxed !== undefined) describe("the relaxed kernels of AssemblyScript", () => { it.skip(`are not here: ${noRelaxed}`, () => undefined); });
else kernelContract("AssemblyScript (relaxed)", (memory) => assembly(memory, kernelFile("relaxed")));

const native = loadNativeKernels();
if ("problem" in native) describe("the kernels of C++", () => { it.skip(`are not here: ${native.problem}`, () => undefined); });
else for (const variant of native.variants) kernelContract(`C++ (${variant})`, (memory) => native.packOn(memory, variant));
