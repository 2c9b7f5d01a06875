/** The contract of an engine's tensor library: every case agrees with float64, forward and backward, and leaves no tensor behind. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Engine, EngineName } from "../../../src/runtime/engine.js";
import type { KernelOptions } from "../../../src/runtime/kernels/choose-kernels.js";
import { cases } from "./cases.js";
import { compare, engineNamed } from "./compare.js";

/** Float32 sums of a few hundred terms, relative to the largest value. */
const TOLERANCE = 2e-5;

/** One process holds one engine, so each engine has a test file of its own that calls this. */
export function librarySuite(title: string, name: EngineName, kernels?: KernelOptions): void {
  describe(`the library on ${title} agrees with float64`, () => {
    let engine: Engine;
    beforeAll(async () => { engine = await engineNamed(name, kernels); });

    it.each(cases)("$name", (example) => {
      const { shape, expectedShape, forward, gradients, leaked } = compare(engine, example);
      expect(shape).toEqual(expectedShape);
      expect(forward).toBeLessThan(TOLERANCE);
      for (const gradient of gradients) expect(gradient).toBeLessThan(TOLERANCE);
      expect(leaked).toBe(0);
    });
  });
}
