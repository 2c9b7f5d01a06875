import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/random/stream.js";
import { geometryOf } from "../../../src/runtime/geometry.js";
import { loadAssemblyPack, relaxedProblem } from "../../../src/runtime/kernels/assembly-pack.js";
import { chooseKernels, type KernelChoice, type KernelOptions } from "../../../src/runtime/kernels/choose-kernels.js";
import type { KernelPack } from "../../../src/runtime/kernels/kernel-pack.js";
import { kernelPrimitives } from "../../../src/runtime/kernels/kernel-primitives.js";
import { loadNativeKernels } from "../../../src/runtime/kernels/native-pack.js";
import { kernelDifferences } from "../../../src/runtime/kernels/self-test.js";
import { plainPrimitives } from "../../../src/runtime/plain-primitives.js";
import { arena } from "./arena.js";

const folder = mkdtempSync(join(tmpdir(), "nasc-kernels-"));
const memory = new WebAssembly.Memory({ initial: 16 });

function chosen(options: KernelOptions): Pick<KernelChoice, "description" | "arithmetic" | "reasons"> {
  const choice = chooseKernels(memory, options);
  if ("problem" in choice) throw new Error(choice.problem);
  return choice;
}

function assemblyOn(heap: WebAssembly.Memory): KernelPack {
  const pack = loadAssemblyPack(heap);
  if ("problem" in pack) throw new Error(pack.problem);
  return pack;
}

describe("the choice of kernels", () => {
  it("falls back to AssemblyScript with the reason where C++ kernels are missing", () => {
    expect(chosen({ provider: "native", nativeFile: join(folder, "none.node") })).toMatchObject({ description: expect.stringContaining("AssemblyScript"), reasons: [expect.stringContaining("not built")] });
  });

  it("falls back with the reason where they do not load", () => {
    const file = join(folder, "broken.node");
    writeFileSync(file, "not a library");
    expect(chosen({ provider: "native", nativeFile: file })).toMatchObject({ description: expect.stringContaining("AssemblyScript"), reasons: [expect.stringContaining(`${file} does not load`)] });
  });

  it("falls back with the reason where they are of another version", () => {
    const file = join(folder, "other.cjs");
    writeFileSync(file, "module.exports = { interface: 0, variants: [], kernels: [], run() {}, setThreads() {} };");
    expect(chosen({ provider: "native", nativeFile: file }).reasons).toEqual([expect.stringContaining("another version")]);
  });

  it("takes AssemblyScript where determinism or a run begun with it asks for it, whatever else is said", () => {
    expect(chosen({ provider: "native", deterministic: true })).toMatchObject({ arithmetic: "AssemblyScript", reasons: [] });
    expect(chosen({ provider: "native", arithmetic: "AssemblyScript" })).toMatchObject({ arithmetic: "AssemblyScript", reasons: [] });
  });

  it("takes the relaxed kernels where Node knows their instructions and nothing else was asked for", () => {
    const arithmetic = relaxedProblem() === undefined ? "AssemblyScript relaxed" : "AssemblyScript";
    expect(chosen({ provider: "assembly" })).toMatchObject({ arithmetic, reasons: [] });
    expect(chosen({ arithmetic: "AssemblyScript relaxed" })).toMatchObject({ arithmetic, reasons: relaxedProblem() === undefined ? [] : ["this release of Node has no relaxed SIMD"] });
  });

  it("takes the strict kernels where the relaxed module is missing or cannot be used", () => {
    const missing = join(folder, "none.wasm");
    const unknown = join(folder, "unknown.wasm");
    writeFileSync(unknown, Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 99));
    for (const relaxedFile of [missing, unknown]) {
      expect(chosen({ provider: "assembly", relaxedFile })).toMatchObject({ arithmetic: "AssemblyScript", reasons: [] });
      expect(chosen({ arithmetic: "AssemblyScript relaxed", relaxedFile })).toMatchObject({ arithmetic: "AssemblyScript", reasons: [relaxedProblem(relaxedFile)] });
    }
  });

  it("notices every kernel that does nothing", () => {
    const names = Object.entries(assemblyOn(memory)).flatMap(([name, value]) => (typeof value === "function" && !name.endsWith("Workspace") ? [name] : []));
    const unnoticed = names.filter((name) => kernelDifferences((heap) => ({ ...assemblyOn(heap), [name]: () => undefined }), assemblyOn).length === 0);
    expect(names).toHaveLength(38);
    expect(unnoticed).toEqual([]);
  }, 60_000);

  it("finds no difference between equals", () => {
    expect(kernelDifferences(assemblyOn, assemblyOn)).toEqual([]);
  });
});

const native = loadNativeKernels();

describe.skipIf("problem" in native)("the choice of C++ kernels", () => {
  it("is the default, with the best instruction set of the processor", () => {
    if ("problem" in native) return;
    expect(chosen({ provider: "native" })).toMatchObject({ arithmetic: `C++ ${native.variants[0]!}`, reasons: [] });
    if (process.env["NASC_KERNELS"] === undefined) expect(chosen({}).arithmetic).toBe(`C++ ${native.variants[0]!}`);
  });

  it("follows a run that was begun with another instruction set", () => {
    if ("problem" in native) return;
    for (const variant of native.variants) expect(chosen({ arithmetic: `C++ ${variant}` })).toMatchObject({ arithmetic: `C++ ${variant}`, reasons: [] });
    expect(chosen({ arithmetic: "C++ avx4096" })).toMatchObject({ arithmetic: `C++ ${native.variants[0]!}`, reasons: ["this processor has no avx4096"] });
  });
});

describe.skipIf("problem" in native)("the threads of C++ kernels", () => {
  it("never change a result", () => {
    if ("problem" in native) return;
    const heap = arena(96);
    const g = geometryOf([8, 20, 20], [3, 3], { strides: [1, 1], padding: "same", dilation: [1, 1] });
    const run = (): Float32Array[] => {
      heap.reset();
      const draws = randomStream(3, "threads");
      const normal = (...shape: number[]) => heap.tensor(Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => draws.normal()), shape);
      const p = kernelPrimitives(heap, native.packOn(heap.memory), plainPrimitives(heap));
      const [x, dy, filter, scale] = [normal(8, 20, 20, 24), normal(8, 20, 20, 40), normal(3, 3, 24, 40), normal(24)];
      const statistics = p.statistics(x);
      const results = [
        p.convolution(x, filter, g, 1), p.convolutionInputGradient(dy, filter, g, 1), p.convolutionFilterGradient(x, dy, g, 1), p.adderInputGradient(dy, x, filter, g),
        p.depthwiseFilterGradient(x, x, g, 1), statistics.mean, statistics.variance, ...p.normalizeGradient(x, x, statistics, scale, 1e-3), ...p.layerNormGradient(x, x, scale, 1e-3),
        p.matMul(normal(1, 12000, 24), normal(1, 12000, 40), true, false), p.matMul(normal(1, 300, 400), normal(1, 400, 500), false, false), p.sumMiddle(dy, 1, 3200, 40),
        p.matMul(normal(64, 50, 32), normal(64, 50, 32), false, true), p.combine(dy, normal(40), "add"), p.combine(dy, dy, "multiply"), p.relu(dy, true), p.spreadMiddle(normal(7), 7, 40_001, 1, 0.5),
        p.scatterRows(dy, heap.indices(Array.from({ length: 3200 }, (_, i) => (i * i) % 50)), 50),
      ];
      return results.map((tensor) => heap.floats(tensor).slice());
    };
    const [one, ...others] = [1, 2, 3, 7].map((threads) => { native.setThreads(threads); return run(); });
    const bits = (results: readonly Float32Array[]): Buffer => Buffer.concat(results.map((values) => Buffer.from(values.buffer)));
    for (const other of others) expect(bits(other).equals(bits(one!))).toBe(true);
  });

  it("wake up after sleeping", async () => {
    if ("problem" in native) return;
    native.setThreads(4);
    const heap = arena(8);
    const p = kernelPrimitives(heap, native.packOn(heap.memory), plainPrimitives(heap));
    const ones = heap.tensor(new Float32Array(200 * 200).fill(1), [1, 200, 200]);
    for (let i = 0; i < 20; i++) {
      expect(heap.floats(p.matMul(ones, ones, false, false)).every((value) => value === 200)).toBe(true);
      await new Promise((resolve) => { setTimeout(resolve, i % 3); });
    }
  });
});
