/** softmax: values and cost. */
import { describe, expect, it } from "vitest";
import { evaluate, expectClose, operatorNamed } from "./evaluate.js";

describe("softmax", () => {
  it("is exp over its sum, row by row, and survives large numbers", () => {
    const y = evaluate("softmax", [{ shape: [2, 3], values: [0, Math.log(2), Math.log(5), 1000, 1000, 0] }]);
    expectClose(y, [1 / 8, 2 / 8, 5 / 8, 0.5, 0.5, 0]);
  });

  it("costs five operations per element and a reciprocal per row", () => {
    // hardware.md 2.1, "softmax".
    const { vectors } = operatorNamed("softmax").workload([[7, 12]], {}, [7, 12]);
    expect(vectors.map(({ multiplies, adds, compares, specials }) => ({ multiplies, adds, compares, specials }))).toEqual([{ multiplies: 84, adds: 168, compares: 84, specials: 84 + 7 }]);
  });
});
