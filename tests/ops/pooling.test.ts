/** max_pool and average_pool: values worked out on paper, where windows stand, and what is refused. */
import { describe, expect, it } from "vitest";
import type { Attributes, TaggedValue } from "../../src/ops/operator.js";
import { evaluate, gradientsOfSum, operatorNamed, problemOf, randomValues, shapeOf, type Values } from "./evaluate.js";

const image: Values = { shape: [1, 3, 3, 1], values: [-1, -2, -3, -4, -5, -6, -7, -8, -9] };
const pixels = (side: number): TaggedValue => ({ tag: "pixels", arguments: { top: side, bottom: side, left: side, right: side } });

describe("max_pool", () => {
  it("takes the largest value; padding never wins, even over negative numbers", () => {
    expect(evaluate("max_pool", [image], { size: 2, stride: 1, padding: "valid" }).values).toEqual([-1, -2, -4, -5]);
    expect(evaluate("max_pool", [image], { size: 2 }).values).toEqual([-1, -3, -7, -9]);
    expect(evaluate("max_pool", [image], { size: 3, stride: 2, padding: pixels(1) }).values).toEqual([-1, -2, -4, -5]);
  });

  it("sends the gradient to the largest value", () => {
    expect(gradientsOfSum("max_pool", [image], { size: 2, stride: 1, padding: "valid" }).input0).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0]);
  });

  it("keeps channels apart", () => {
    const x: Values = { shape: [1, 2, 2, 2], values: [1, 8, 2, 7, 3, 6, 4, 5] };
    expect(evaluate("max_pool", [x], { size: 2 })).toEqual({ shape: [1, 1, 1, 2], values: [4, 8] });
  });
});

describe("average_pool", () => {
  it("is the mean of the cells inside the image", () => {
    expect(evaluate("average_pool", [image], { size: 2, stride: 1, padding: "valid" }).values).toEqual([-3, -4, -6, -7]);
    expect(evaluate("average_pool", [image], { size: 2 }).values).toEqual([-3, -4.5, -7.5, -9]);
    expect(evaluate("average_pool", [image], { size: 3, stride: 2, padding: pixels(1) }).values).toEqual([-3, -4, -6, -7]);
  });

  it("keeps a constant image, wherever its windows stand", () => {
    const x: Values = { shape: [2, 5, 7, 3], values: Array.from({ length: 210 }, () => 0.75) };
    const settings: readonly Attributes[] = [{ size: 3 }, { size: [2, 3], stride: [1, 2] }, { size: 3, stride: 1, padding: "valid" }];
    for (const attributes of settings) {
      expect(new Set(evaluate("average_pool", [x], attributes).values)).toEqual(new Set([0.75]));
    }
  });
});

describe.each(["max_pool", "average_pool"])("%s", (name) => {
  it("halves a map by default and takes any stride", () => {
    expect(shapeOf(name, [[28, 28, 16]], { size: 2 })).toEqual([14, 14, 16]);
    expect(shapeOf(name, [[7, 7, 16]], { size: 2 })).toEqual([4, 4, 16]);
    expect(shapeOf(name, [[7, 7, 16]], { size: 2, padding: "valid" })).toEqual([3, 3, 16]);
    // The stem of ShiftAddNAS (shared/systems/01): 112 -> 56.
    expect(shapeOf(name, [[112, 112, 64]], { size: 3, stride: 2 })).toEqual([56, 56, 64]);
    expect(shapeOf(name, [[6, 8, 2]], { size: [2, 4], stride: [2, 1], padding: "valid" })).toEqual([3, 5, 2]);
  });

  it("computes the shape it promises", () => {
    const x = randomValues("x", [2, 7, 6, 3]);
    const settings: readonly Attributes[] = [{ size: 2 }, { size: 3, stride: 1 }, { size: [3, 2], stride: [2, 3], padding: "valid" }, { size: 3, stride: 2, padding: pixels(1) }];
    for (const attributes of settings) {
      expect(evaluate(name, [x], attributes).shape.slice(1)).toEqual(shapeOf(name, [[7, 6, 3]], attributes));
    }
  });

  it.each([
    [[[16, 8]], { size: 2 }, "[16, 8]", undefined],
    [[[4, 9, 8]], { size: 5, padding: "valid" }, "size 5 > height 4", "size"],
    [[[4, 9, 8]], { size: 2, padding: pixels(2) }, "padding top 2 >= size 2", "padding"],
    [[[4, 9, 8]], { size: 0 }, "size = 0", "size"],
  ] as const)("refuses %j with %j", (inputs, attributes, detail, parameter) => {
    const problem = problemOf(name, inputs, attributes);
    expect(problem.detail).toContain(detail);
    expect(problem.parameter).toBe(parameter);
  });

  it("costs one operation per output and cell of the window", () => {
    const { nests } = operatorNamed(name).workload([[28, 28, 16]], { size: 3, stride: 2 }, [14, 14, 16]);
    expect(nests.map(({ operation, points }) => [operation, points])).toEqual([[name === "max_pool" ? "compare" : "accumulate", 14 * 14 * 16 * 9]]);
  });
});
