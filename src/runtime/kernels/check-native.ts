/**
 * A program of its own that `scripts/build-native.mjs` runs after building C++ kernels: loads the file and holds every kernel against the
 * AssemblyScript ones. Where they crash, only this process dies. usage: check-native FILE
 */
import { strictPack } from "./assembly-pack.js";
import { loadNativeKernels } from "./native-pack.js";
import { kernelDifferences } from "./self-test.js";

function problemWith(file: string): string | undefined {
  const native = loadNativeKernels(file);
  if ("problem" in native) return native.problem;
  for (const variant of native.variants) {
    const differences = kernelDifferences((memory) => native.packOn(memory, variant), strictPack);
    if (differences.length > 0) return `its ${variant} kernels fail their self-test: ${differences.join(", ")}`;
  }
  return undefined;
}

const problem = problemWith(process.argv[2] ?? "");
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
}
