import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/runtime/engine.js";
import { cases } from "./cases.js";
import { compare, engineNamed } from "./compare.js";

describe("the library on cpu agrees with float64", () => {
  let engine: Engine;
  beforeAll(async () => { engine = await engineNamed("cpu"); });

  it.each(cases)("$name", (example) => {
    const { shape, expectedShape, forward, gradients, leaked } = compare(engine, example);
    expect(shape).toEqual(expectedShape);
    expect(forward).toBeLessThan(TOLERANCE);
    for (const gradient of gradients) expect(gradient).toBeLessThan(TOLERANCE);
    expect(leaked).toBe(0);
  });
});

/** Float32 sums of a few hundred terms, relative to the largest value. */
const TOLERANCE = 2e-5;
