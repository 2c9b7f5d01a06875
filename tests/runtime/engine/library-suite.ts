/** The contract of an engine's tensor library: every case agrees with float64, forward and backward, and leaves no tensor behind. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/runtime/engine.js";
import { cases } from "./cases.js";
import { compare, engineNamed } from "./compare.js";
import type { TestedEngine } from "./tested-engines.js";

/** Float32 sums of a few hundred terms, relative to the largest value. */
const TOLERANCE = 2e-5;

export function librarySuite({ title, name, kernels }: TestedEngine): void {
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
