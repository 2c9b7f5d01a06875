import { kernelFile, loadAssemblyPack, relaxedProblem } from "../../../src/runtime/kernels/assembly-pack.js";
import type { KernelPack } from "../../../src/runtime/kernels/kernel-pack.js";
import { loadNativeKernels } from "../../../src/runtime/kernels/native-pack.js";
import { whereHere } from "../../where-here.js";
import { kernelContract } from "./contract.js";

function assembly(memory: WebAssembly.Memory, file?: string): KernelPack {
  const pack = loadAssemblyPack(memory, file);
  if ("problem" in pack) throw new Error(pack.problem);
  return pack;
}

kernelContract("AssemblyScript", (memory) => assembly(memory));

whereHere("the relaxed kernels of AssemblyScript", relaxedProblem(), () => kernelContract("AssemblyScript (relaxed)", (memory) => assembly(memory, kernelFile("relaxed"))));

const native = loadNativeKernels();
whereHere("the kernels of C++", "problem" in native ? native.problem : undefined, () => {
  if ("problem" in native) return;
  for (const variant of native.variants) kernelContract(`C++ (${variant})`, (memory) => native.packOn(memory, variant));
});
