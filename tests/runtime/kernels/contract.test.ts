import { describe, it } from "vitest";
import { loadAssemblyPack } from "../../../src/runtime/kernels/assembly-pack.js";
import { loadNativeKernels } from "../../../src/runtime/kernels/native-pack.js";
import { kernelContract } from "./contract.js";

kernelContract("AssemblyScript", (memory) => {
  const pack = loadAssemblyPack(memory);
  if ("problem" in pack) throw new Error(pack.problem);
  return pack;
});

const native = loadNativeKernels();
if ("problem" in native) describe("the kernels of C++", () => { it.skip(`are not here: ${native.problem}`, () => undefined); });
else for (const variant of native.variants) kernelContract(`C++ (${variant})`, (memory) => native.packOn(memory, variant));
