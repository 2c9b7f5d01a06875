/** slice: runs along an axis, gradients, and what lies outside. */
import { describe, expect, it } from "vitest";
import { countedValues, evaluate, gradientsOfSum, problemOf } from "./evaluate.js";

describe("slice", () => {
  it("takes a run, to the end where no size is given", () => {
    const x = countedValues(1, 2, 5);
    expect(evaluate("slice", [x], { begin: 1, size: 2 }).values).toEqual([1, 2, 6, 7]);
    expect(evaluate("slice", [x], { begin: 3 }).values).toEqual([3, 4, 8, 9]);
    expect(evaluate("slice", [x], { begin: 1, axis: 0 }).values).toEqual([5, 6, 7, 8, 9]);
    expect(gradientsOfSum("slice", [x], { begin: 3 }).input0).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 1, 1]);
  });

  it("refuses what lies outside", () => {
    expect(problemOf("slice", [[4, 5]], { begin: 5 }).detail).toBe("begin 5 >= extent 5");
    expect(problemOf("slice", [[4, 5]], { begin: 3, size: 3 }).detail).toBe("begin 3 + size 3 = 6 > extent 5");
  });
});
