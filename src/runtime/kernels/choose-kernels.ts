/**
 * Which provider of kernels an engine runs on: the C++ ones where the install built them and they pass their self-test, for they are
 * the fastest; else the AssemblyScript ones, which are always there: relaxed where Node knows that, or strict, which give the same bits
 * on every machine.
 */
import { availableParallelism } from "node:os";
import { kernelFile, loadAssemblyPack, relaxedProblem, strictPack } from "./assembly-pack.js";
import type { KernelPack } from "./kernel-pack.js";
import { loadNativeKernels, nativeFile } from "./native-pack.js";
import { kernelDifferences } from "./self-test.js";

export type KernelProvider = "assembly" | "native";

export interface KernelOptions {
  /** By default what the environment's NASC_KERNELS says, else the C++ ones where they are there. */
  readonly provider?: KernelProvider;
  /** The same bits on every machine, whatever the environment says: strict AssemblyScript. */
  readonly deterministic?: boolean;
  /** What a run was begun with (`KernelChoice.arithmetic`), so that it goes on with the same rounding where that can be had. */
  readonly arithmetic?: string;
  /** Threads of C++ kernels; by default NASC_THREADS, else one per core. Results do not depend on it. */
  readonly threads?: number;
  /** The compiled modules, for tests. */
  readonly assemblyFile?: string;
  readonly relaxedFile?: string;
  readonly nativeFile?: string;
}

export interface KernelChoice {
  readonly pack: KernelPack;
  readonly description: string;
  /** What decides how results round: "AssemblyScript", "AssemblyScript relaxed", or "C++" and the instruction set. */
  readonly arithmetic: string;
  readonly reasons: readonly string[];
}

interface Wanted {
  readonly provider: KernelProvider;
  /** The instruction set of C++ kernels, by default the best. */
  readonly variant?: string;
  /** Which AssemblyScript kernels: strict ones for determinism; relaxed ones a run was begun with; by default the fastest. */
  readonly assembly: "strict" | "relaxed" | "fastest";
  /** A remark where the environment asks for something unknown. */
  readonly reasons: readonly string[];
}

const CPP = "C++ ";
const STRICT = "AssemblyScript";
const RELAXED = "AssemblyScript relaxed";

function wanted({ provider, deterministic, arithmetic }: KernelOptions): Wanted {
  if (deterministic === true) return { provider: "assembly", assembly: "strict", reasons: [] };
  if (arithmetic !== undefined) {
    if (arithmetic.startsWith(CPP)) return { provider: "native", assembly: "fastest", variant: arithmetic.slice(CPP.length), reasons: [] };
    return { provider: "assembly", assembly: arithmetic === RELAXED ? "relaxed" : "strict", reasons: [] };
  }
  const asked = provider ?? process.env["NASC_KERNELS"] ?? "";
  if (asked === "native" || asked === "assembly") return { provider: asked, assembly: "fastest", reasons: [] };
  return { provider: "native", assembly: "fastest", reasons: asked === "" ? [] : [`NASC_KERNELS is \`${asked}\`; it can be \`assembly\` or \`native\``] };
}

export function threadsOf({ threads }: KernelOptions): number {
  const asked = threads ?? Number(process.env["NASC_THREADS"] ?? Number.NaN);
  return Number.isInteger(asked) && asked >= 1 ? asked : availableParallelism();
}

export const countedThreads = (threads: number): string => `${threads} ${threads === 1 ? "thread" : "threads"}`;

export function chooseKernels(memory: WebAssembly.Memory, options: KernelOptions = {}): KernelChoice | { readonly problem: string } {
  const assemblyFile = options.assemblyFile ?? kernelFile();
  const pack = loadAssemblyPack(memory, assemblyFile);
  if ("problem" in pack) return pack;
  const { provider, variant: recorded, assembly: rounding, reasons } = wanted(options);
  const assembly = (more: readonly string[]): KernelChoice => assemblyChoice(memory, pack, rounding, options.relaxedFile, [...reasons, ...more]);
  if (provider === "assembly") return assembly([]);
  const native = loadNativeKernels(options.nativeFile ?? nativeFile());
  if ("problem" in native) return assembly([native.problem]);
  const threads = threadsOf(options);
  native.setThreads(threads);
  const differences = kernelDifferences(native.packOn, (heap) => strictPack(heap, assemblyFile));
  if (differences.length > 0) return assembly([`the C++ kernels fail their self-test: ${differences.join(", ")}`]);
  const known = recorded === undefined || native.variants.includes(recorded);
  const variant = known && recorded !== undefined ? recorded : native.variants[0]!;
  return {
    pack: native.packOn(memory, variant), description: `C++ kernels (${variant}), ${countedThreads(threads)}`, arithmetic: `${CPP}${variant}`,
    reasons: known ? reasons : [...reasons, `this processor has no ${recorded}`],
  };
}

function assemblyChoice(memory: WebAssembly.Memory, strict: KernelPack, rounding: Wanted["assembly"], file: string | undefined, reasons: readonly string[]): KernelChoice {
  const choice = (pack: KernelPack, kind: string, arithmetic: string, more: readonly string[] = []): KernelChoice => ({ pack, description: `AssemblyScript ${kind} kernels, 1 thread`, arithmetic, reasons: [...reasons, ...more] });
  if (rounding === "strict") return choice(strict, "SIMD", STRICT);
  const problem = relaxedProblem(file);
  const relaxed = problem === undefined ? loadAssemblyPack(memory, file ?? kernelFile("relaxed")) : { problem };
  if (!("problem" in relaxed)) return choice(relaxed, "relaxed SIMD", RELAXED);
  return choice(strict, "SIMD", STRICT, rounding === "relaxed" ? [relaxed.problem] : []);
}
