/**
 * Loads the C++ kernels (`src/runtime/native`), which an install builds where there is a compiler. They work on the same heap as the
 * AssemblyScript ones and are held against those before their first use (`self-test.ts`); where anything is amiss, the reason is told.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { kernelFile } from "./assembly-pack.js";
import type { KernelPack } from "./kernel-pack.js";

/** As in `native/module.cc`. */
const INTERFACE = 4;
/** The most arguments a kernel has. */
const ARGUMENTS = 24;

/** What the addon exports. */
interface Addon {
  readonly interface: number;
  /** Instruction sets that this processor has, best first. */
  readonly variants: readonly string[];
  readonly kernels: readonly string[];
  run(variant: number, kernel: number, heap: ArrayBuffer, numbers: Float64Array): void;
  setThreads(count: number): void;
}

export interface NativeKernels {
  readonly variants: readonly string[];
  /** The kernels of one variant (the best one by default) on a heap. */
  packOn(memory: WebAssembly.Memory, variant?: string): KernelPack;
  /** How many threads a kernel may use, in the whole process. */
  setThreads(count: number): void;
}

/** Every kernel that runs on the addon; the two workspace sizes are answered here. */
type Run = Exclude<keyof KernelPack, "productWorkspace" | "convolutionWorkspace">;
const expected: Readonly<Record<Run, true>> = {
  products: true, convolve: true, convolutionFilterGradient: true, depthwise: true, depthwiseFilterGradient: true,
  maxPool: true, maxPoolGradient: true, averagePool: true, averagePoolGradient: true, turnFilters: true, adderInputGradient: true, depthwiseAdder: true, depthwiseAdderInputGradient: true, subtractScaledColumns: true,
  sumMiddle: true, spreadMiddle: true, segmentSum: true, copyRuns: true, placeRuns: true, turnPlanes: true,
  batchStatistics: true, normalize: true, normalizeGradient: true, layerNorm: true, layerNormGradient: true, softmax: true, softmaxGradient: true,
  combine: true, clampValues: true, gelu: true, geluGradient: true, gateGradient: true, roundValues: true, roundToPowerOfTwo: true, crossEntropy: true, crossEntropyGradient: true,
  updateSgd: true, updateAdam: true,
};

export function nativeFile(): string {
  return join(dirname(dirname(kernelFile())), "native", "nasc-kernels.node");
}

function isAddon(loaded: unknown): loaded is Addon {
  return typeof loaded === "object" && loaded !== null && "interface" in loaded && "run" in loaded && "kernels" in loaded && "variants" in loaded && "setThreads" in loaded;
}

/** What `scripts/build-native.mjs` left where it could not build them. */
function whyNotBuilt(folder: string): string {
  try {
    return readFileSync(join(folder, "not-built.txt"), "utf8").trim();
  } catch {
    return "the install ran no scripts; `npm rebuild nasc` tries again";
  }
}

export function loadNativeKernels(file = nativeFile()): NativeKernels | { readonly problem: string } {
  if (!existsSync(file)) return { problem: `the C++ kernels are not built: ${whyNotBuilt(dirname(file))}` };
  try {
    const addon: unknown = createRequire(import.meta.url)(file);
    if (!isAddon(addon) || addon.interface !== INTERFACE) return { problem: `${file} belongs to another version of nasc` };
    const missing = Object.keys(expected).filter((name) => !addon.kernels.includes(name));
    if (missing.length > 0) return { problem: `${file} lacks ${missing.join(", ")}` };
    return { variants: addon.variants, setThreads: (count) => addon.setThreads(count), packOn: (memory, variant) => packOf(addon, memory, variant) };
  } catch (error) {
    return { problem: `${file} does not load: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The addon has memory of its own: no workspace is needed. The heap's buffer is taken anew at each call, because growing replaces it. */
function packOf(addon: Addon, memory: WebAssembly.Memory, variant = addon.variants[0]!): KernelPack {
  const chosen = addon.variants.indexOf(variant);
  const numbers = new Float64Array(ARGUMENTS);
  const runs = addon.kernels.map((name, kernel) => [name, (...given: readonly number[]): void => {
    numbers.set(given);
    addon.run(chosen, kernel, memory.buffer, numbers);
  }] as const);
  return { ...Object.fromEntries(runs), productWorkspace: () => 0, convolutionWorkspace: () => 0 } as unknown as KernelPack;
}
