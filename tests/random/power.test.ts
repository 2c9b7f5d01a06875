import fc from "fast-check";
import { expect, it } from "vitest";
import { power } from "../../src/random/power.js";

it("is the power to within rounding", () => {
  fc.assert(fc.property(fc.double({ min: 0.01, max: 1.5, noNaN: true }), fc.oneof(fc.integer({ min: 0, max: 500 }), fc.double({ min: -20, max: 20, noNaN: true })), (base, exponent) => {
    const expected = base ** exponent;
    expect(Math.abs(power(base, exponent) - expected)).toBeLessThanOrEqual(1e-12 * expected + 1e-300);
  }));
});

it("is exact where the power is a number that floating point holds", () => {
  expect([power(2, 10), power(3, 4), power(0.5, 3), power(7, 0)]).toEqual([1024, 81, 0.125, 1]);
});
