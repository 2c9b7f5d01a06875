/** Words of tiles against counting them one by one. */
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { extent, leastValuesOf } from "../../../src/hw/mapping/problem.js";

const term = (dimension: number) => fc.integer({ min: 1, max: 6 }).map((coefficient) => ({ dimension, coefficient }));

describe("index expressions", () => {
  it("span their extent, and take at least `leastValuesOf` and at most `extent` values", () => {
    fc.assert(fc.property(fc.tuple(term(0), term(1), term(2)), fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), (terms, block) => {
      const values = new Set<number>();
      for (let a = 0; a < block[0]; a++) for (let b = 0; b < block[1]; b++) for (let c = 0; c < block[2]; c++) values.add(terms[0].coefficient * a + terms[1].coefficient * b + terms[2].coefficient * c);
      expect(Math.max(...values) + 1).toBe(extent(terms, block));
      expect(values.size).toBeGreaterThanOrEqual(leastValuesOf(terms)(block));
      expect(values.size).toBeLessThanOrEqual(extent(terms, block));
    }));
  });

  it("are counted without the gaps of a stride", () => {
    expect(leastValuesOf([{ dimension: 0, coefficient: 2 }])([8])).toBe(8);
    expect(leastValuesOf([{ dimension: 0, coefficient: 4 }, { dimension: 1, coefficient: 1 }])([8, 3])).toBe(24);
    expect(leastValuesOf([{ dimension: 0, coefficient: 2 }, { dimension: 1, coefficient: 1 }])([8, 3])).toBe(17);
  });
});
