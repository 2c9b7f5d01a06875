/** neighbours: which pixel stands where, zeros outside, and what comes back to a pixel. */
import { describe, expect, it } from "vitest";
import { countedValues, evaluate, gradientsOfSum, problemOf } from "./evaluate.js";

describe("neighbours", () => {
  it("gathers the window around each pixel, row by row", () => {
    const { shape, values } = evaluate("neighbours", [countedValues(1, 2, 3, 1)], { kernel: 3 });
    expect(shape).toEqual([1, 6, 9, 1]);
    expect(values.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 1, 0, 3, 4]);
    expect(values.slice(36, 45)).toEqual([0, 1, 2, 3, 4, 5, 0, 0, 0]);
  });

  it("puts the odd zero of an even window to the bottom and right", () => {
    expect(evaluate("neighbours", [countedValues(1, 1, 2, 1)], { kernel: [1, 2] }).values).toEqual([0, 1, 1, 0]);
  });

  it("gives a pixel the gradients of all windows that hold it", () => {
    expect(gradientsOfSum("neighbours", [countedValues(1, 2, 3, 1)], { kernel: 3 }).input0).toEqual([4, 6, 4, 4, 6, 4]);
  });

  it("needs a map, and a window that can be held", () => {
    expect(problemOf("neighbours", [[4, 4, 5]], { kernel: 100 }).detail).toBe("kernel 100 x 100 = 10000 taps > 4096");
    expect(problemOf("neighbours", [[4, 5]], { kernel: 3 }).problem).toBe("`neighbours` needs an image");
  });
});
