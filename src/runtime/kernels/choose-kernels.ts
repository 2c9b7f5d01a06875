/**
 * Which provider of kernels an engine runs on. AssemblyScript is always there and gives the same bits on every machine; the C++ ones
 * are faster, and are taken when they are asked for, present and right.
 */
import { availableParallelism } from "node:os";
import { kernelFile, loadAssemblyPack } from "./assembly-pack.js";
import type { KernelPack } from "./kernel-pack.js";
import { loadNativeKernels, nativeFile } from "./native-pack.js";
import { kernelDifferences } from "./self-test.js";

export type KernelProvider = "assembly" | "native";

export interface KernelOptions {
  /** By default what the environment's NASC_KERNELS says, else "assembly". */
  readonly provider?: KernelProvider;
  /** Threads of C++ kernels; by default NASC_THREADS, else one per core. Results do not depend on it. */
  readonly threads?: number;
  /** The compiled modules, for tests. */
  readonly assemblyFile?: string;
  readonly nativeFile?: string;
}

export interface KernelChoice {
  readonly pack: KernelPack;
  readonly description: string;
  /** What decides how results round, beside the backend: "" for AssemblyScript. */
  readonly arithmetic: string;
  readonly reasons: readonly string[];
}

/** The provider that was asked for, and a remark where the environment asks for something unknown. */
function wanted({ provider }: KernelOptions): { readonly provider: KernelProvider; readonly reasons: readonly string[] } {
  const asked = provider ?? process.env["NASC_KERNELS"] ?? "";
  if (asked === "native" || asked === "assembly") return { provider: asked, reasons: [] };
  return { provider: "assembly", reasons: asked === "" ? [] : [`NASC_KERNELS is \`${asked}\`; it can be \`assembly\` or \`native\``] };
}

function threadsOf({ threads }: KernelOptions): number {
  const asked = threads ?? Number(process.env["NASC_THREADS"] ?? Number.NaN);
  return Number.isInteger(asked) && asked >= 1 ? asked : availableParallelism();
}

export function chooseKernels(memory: WebAssembly.Memory, options: KernelOptions = {}): KernelChoice | { readonly problem: string } {
  const assemblyFile = options.assemblyFile ?? kernelFile();
  const pack = loadAssemblyPack(memory, assemblyFile);
  if ("problem" in pack) return pack;
  const { provider, reasons } = wanted(options);
  const assembly = (more: readonly string[]): KernelChoice => ({ pack, description: "AssemblyScript SIMD kernels, 1 thread", arithmetic: "", reasons: [...reasons, ...more] });
  if (provider === "assembly") return assembly([]);
  const native = loadNativeKernels(options.nativeFile ?? nativeFile());
  if ("problem" in native) return assembly([native.problem]);
  const threads = threadsOf(options);
  native.setThreads(threads);
  const differences = kernelDifferences(native.packOn, (heap) => {
    const reference = loadAssemblyPack(heap, assemblyFile);
    if ("problem" in reference) throw new Error(reference.problem);
    return reference;
  });
  if (differences.length > 0) return assembly([`the C++ kernels fail their self-test: ${differences.join(", ")}`]);
  const variant = native.variants[0]!;
  return { pack: native.packOn(memory), description: `C++ kernels (${variant}), ${threads} ${threads === 1 ? "thread" : "threads"}`, arithmetic: `C++ ${variant}`, reasons };
}
