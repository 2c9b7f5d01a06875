/** Which engine is taken where none is named. tfjs-node is played by a package that is there and is never loaded. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadTfjsNode, tfjsNodeIsThere } from "../../../src/runtime/tfjs-node/load.js";
import { defaultEngine } from "../../../src/runtime/tfjs-node/node-foundation.js";
import * as tf from "@tensorflow/tfjs-core";

const folder = mkdtempSync(join(tmpdir(), "nasc-tfjs-node-"));
writeFileSync(join(folder, "index.js"), 'throw new Error("first line\\nsecond line")');
const nowhere = join(folder, "nowhere");
const kernels = join(folder, "index.js");

afterEach(() => { vi.unstubAllEnvs(); });

describe("the default engine", () => {
  it("is tfjs-node only where it is installed and C++ kernels are not", () => {
    vi.stubEnv("NASC_KERNELS", undefined);
    vi.stubEnv("NASC_TFJS_NODE", folder);
    expect(defaultEngine({ nativeFile: nowhere })).toBe("node");
    expect(defaultEngine({ nativeFile: kernels })).toBe("wasm");
    vi.stubEnv("NASC_TFJS_NODE", nowhere);
    expect(defaultEngine({ nativeFile: nowhere })).toBe("wasm");
  });

  it("is ours where kernels or the same bits everywhere were asked for", () => {
    vi.stubEnv("NASC_TFJS_NODE", folder);
    expect(defaultEngine({ nativeFile: nowhere, provider: "assembly" })).toBe("wasm");
    expect(defaultEngine({ nativeFile: nowhere, deterministic: true })).toBe("wasm");
    vi.stubEnv("NASC_KERNELS", "assembly");
    expect(defaultEngine({ nativeFile: nowhere })).toBe("wasm");
  });

  it("is what a run was begun with", () => {
    vi.stubEnv("NASC_TFJS_NODE", folder);
    expect(defaultEngine({ nativeFile: kernels, arithmetic: "TensorFlow 2.9.1 on 2 threads with C++ avx2" })).toBe("node");
    expect(defaultEngine({ nativeFile: nowhere, arithmetic: "C++ avx2" })).toBe("wasm");
  });
});

describe("loading tfjs-node", () => {
  it("says why it cannot be had, and whether it is there at all", () => {
    expect([tfjsNodeIsThere(folder), tfjsNodeIsThere(nowhere)]).toEqual([true, false]);
    expect(loadTfjsNode(tf, 1, folder)).toEqual({ absent: false, problem: `${folder} does not load: first line` });
    expect(loadTfjsNode(tf, 1, nowhere)).toEqual({ absent: false, problem: `NASC_TFJS_NODE names ${nowhere}, where no package can be loaded` });
  });

  it("refuses a package that brings no backend", () => {
    const other = mkdtempSync(join(tmpdir(), "nasc-tfjs-node-"));
    writeFileSync(join(other, "index.js"), "");
    expect(loadTfjsNode(tf, 1, other)).toEqual({ absent: false, problem: `${other} loads, but brings no backend that nasc knows` });
  });
});
