/**
 * The engines that suites run on, with what is missing where one is not here. One process holds one engine, so every suite has a test
 * file of its own for each.
 */
import type { EngineName } from "../../../src/runtime/engine.js";
import { relaxedProblem } from "../../../src/runtime/kernels/assembly-pack.js";
import type { KernelOptions } from "../../../src/runtime/kernels/choose-kernels.js";
import { loadNativeKernels } from "../../../src/runtime/kernels/native-pack.js";
import { tfjsNodeIsThere } from "../../../src/runtime/tfjs-node/load.js";
import { whereHere } from "../../where-here.js";

export interface TestedEngine {
  readonly title: string;
  readonly name: EngineName;
  readonly kernels?: KernelOptions;
  /** How it describes itself. */
  readonly description: RegExp;
  readonly missing: () => string | undefined;
}

const here = (): undefined => undefined;

function nativeProblem(): string | undefined {
  const native = loadNativeKernels();
  return "problem" in native ? native.problem : undefined;
}

export const tfjsNodeProblem = (): string | undefined => (tfjsNodeIsThere() ? undefined : "@tensorflow/tfjs-node is not installed and NASC_TFJS_NODE names none");

export const strictEngine: TestedEngine = {
  title: "strict AssemblyScript kernels", name: "wasm", kernels: { deterministic: true }, missing: here, description: /^tfjs-wasm \d+\.\d+\.\d+ \+ AssemblyScript SIMD kernels, 1 thread$/,
};
export const relaxedEngine: TestedEngine = {
  title: "relaxed AssemblyScript kernels", name: "wasm", kernels: { arithmetic: "AssemblyScript relaxed" }, missing: relaxedProblem, description: /^tfjs-wasm \d+\.\d+\.\d+ \+ AssemblyScript relaxed SIMD kernels, 1 thread$/,
};
export const nativeEngine: TestedEngine = {
  title: "C++ kernels", name: "wasm", kernels: { provider: "native" }, missing: nativeProblem, description: /^tfjs-wasm \d+\.\d+\.\d+ \+ C\+\+ kernels \(\w+\), \d+ threads?$/,
};
export const plainEngine: TestedEngine = { title: "plain loops", name: "cpu", missing: here, description: /^tfjs-cpu \d+\.\d+\.\d+ with plain loops, 1 thread$/ };
export const nodeEngine: TestedEngine = {
  title: "TensorFlow", name: "node", missing: tfjsNodeProblem, description: /^tfjs-node \d+\.\d+\.\d+ on TensorFlow \d+\.\d+\.\d+, \d+ threads?; what it lacks by /,
};

export function onEngine(engine: TestedEngine, suite: (engine: TestedEngine) => void): void {
  whereHere(engine.title, engine.missing(), () => suite(engine));
}
