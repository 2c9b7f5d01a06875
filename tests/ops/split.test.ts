/** split and concat: inverses of each other along every axis, and what is refused. */
import { describe, expect, it } from "vitest";
import { countedValues, evaluate, problemOf, shapeOf } from "./evaluate.js";

describe("split and concat", () => {
  it("are inverses along every axis", () => {
    const x = countedValues(2, 4, 6, 2);
    for (const axis of [0, 1, 2, -1, -2, -3]) {
      const parts = [0, 1].map((index) => evaluate("split", [x], { parts: 2, index, axis }));
      expect(parts[0]!.values).not.toEqual(parts[1]!.values);
      expect(evaluate("concat", parts, { axis })).toEqual(x);
    }
  });

  it("split channels by default", () => {
    const x = countedValues(1, 2, 6);
    expect(evaluate("split", [x], { parts: 3, index: 1 })).toEqual({ shape: [1, 2, 2], values: [2, 3, 8, 9] });
    expect(evaluate("split", [x], { parts: 1, index: 0 })).toEqual(x);
  });

  it("join tensors of different width", () => {
    expect(evaluate("concat", [{ shape: [1, 2, 1], values: [1, 2] }, { shape: [1, 2, 2], values: [3, 4, 5, 6] }])).toEqual({ shape: [1, 2, 3], values: [1, 3, 4, 2, 5, 6] });
    expect(shapeOf("concat", [[7, 7, 8], [7, 7, 16], [7, 7, 1]], {})).toEqual([7, 7, 25]);
  });

  it.each([
    ["split", [[7, 7, 10]], { parts: 4, index: 0 }, "extent 10 % parts 4 = 2", "parts"],
    ["split", [[7, 7, 10]], { parts: 2, index: 2 }, "index 2 >= parts 2", "index"],
    ["split", [[7, 7, 10]], { parts: 2, index: 0, axis: 3 }, "axis 3 of [7, 7, 10]", "axis"],
    ["concat", [[7, 7, 8], [7, 6, 8]], {}, "[7, 7, 8] and [7, 6, 8]", undefined],
    ["concat", [[7, 7, 8], [49, 8]], {}, "[7, 7, 8] and [49, 8]", undefined],
    ["concat", [[7, 7, 8], [7, 7, 8]], { axis: -4 }, "axis -4", "axis"],
  ] as const)("%s refuses %j with %j", (name, inputs, attributes, detail, parameter) => {
    const problem = problemOf(name, inputs, attributes);
    expect(problem.detail).toContain(detail);
    expect(problem.parameter).toBe(parameter);
  });
});
