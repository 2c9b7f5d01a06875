import { loadAssemblyPack } from "../../../src/runtime/kernels/assembly-pack.js";
import { kernelContract } from "./contract.js";

kernelContract("AssemblyScript", (memory) => {
  const pack = loadAssemblyPack(memory);
  if ("problem" in pack) throw new Error(pack.problem);
  return pack;
});
