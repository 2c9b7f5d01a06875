/** reshape: order of elements, an extent that is worked out, and what is refused. */
import { describe, expect, it } from "vitest";
import { countedValues, evaluate, problemOf, shapeOf } from "./evaluate.js";

describe("reshape", () => {
  it("keeps the order of the elements and works out one extent", () => {
    const x = countedValues(2, 4, 6);
    expect(evaluate("reshape", [x], { shape: [-1, 3] })).toEqual({ shape: [2, 8, 3], values: x.values });
    expect(shapeOf("reshape", [[4, 6]], { shape: [2, 2, -1, 2] })).toEqual([2, 2, 3, 2]);
    expect(shapeOf("reshape", [[1]], { shape: [] })).toEqual([]);
  });

  it.each([[[5, 5], "24 elements do not fit [5, 5]: 5 * 5 = 25"], [[-1, 5], "24 elements do not fit [-1, 5]"], [[-1, -1], "one may be -1"], [[0, 24], "at least 1"], [[2.5, 4], "whole numbers"], [["a"], "whole numbers"], [[], "24 elements do not fit []"]] as const)("refuses %j", (shape, detail) => {
    const problem = problemOf("reshape", [[4, 6]], { shape });
    expect(problem.detail).toContain(detail);
    expect(problem.parameter).toBe("shape");
  });
});
