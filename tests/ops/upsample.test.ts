/** upsample: values and gradient of nearest neighbours. */
import { describe, expect, it } from "vitest";
import { countedValues, evaluate, gradientsOfSum, type Values } from "./evaluate.js";

describe("upsample", () => {
  it("repeats pixels, and its gradient sums over the copies", () => {
    const x: Values = { shape: [1, 1, 2, 1], values: [1, 2] };
    expect(evaluate("upsample", [x], { factor: 2 })).toEqual({ shape: [1, 2, 4, 1], values: [1, 1, 2, 2, 1, 1, 2, 2] });
    expect(gradientsOfSum("upsample", [x], { factor: 3 }).input0).toEqual([9, 9]);
    expect(evaluate("upsample", [x], { factor: 1 })).toEqual(x);
  });

  it("is undone by average_pool", () => {
    const x = countedValues(2, 3, 4, 2);
    expect(evaluate("average_pool", [evaluate("upsample", [x], { factor: 2 })], { size: 2 })).toEqual(x);
  });

  it("mixes neighbours by their distance, and repeats the border", () => {
    const x: Values = { shape: [1, 1, 2, 1], values: [0, 4] };
    const row = [0, 1, 3, 4];
    expect(evaluate("upsample", [x], { factor: 2, method: "bilinear" })).toEqual({ shape: [1, 2, 4, 1], values: [...row, ...row] });
    const even = countedValues(1, 2, 2, 1);
    expect(evaluate("average_pool", [evaluate("upsample", [even], { factor: 2, method: "bilinear" })], { size: 4 }).values).toEqual([1.5]);
  });
});
