/** position_embedding: the table is added to every sample; how it starts. */
import { describe, expect, it } from "vitest";
import { evaluate, gradientsOfSum, problemOf, randomValues, weightsOf } from "./evaluate.js";

describe("position_embedding", () => {
  it.each([[[3, 2]], [[2, 3, 2]]] as const)("adds its table to every sample of %j", (shape) => {
    const x = randomValues("x", [2, ...shape]);
    const table = randomValues("table", shape);
    const size = table.values.length;
    expect(evaluate("position_embedding", [x], {}, { table }).values).toEqual(x.values.map((value, index) => value + table.values[index % size]!));
    expect(gradientsOfSum("position_embedding", [x], {}, { table }).table).toEqual(new Array(size).fill(2));
  });

  it("starts as a truncated normal that weight decay leaves alone", () => {
    expect(weightsOf("position_embedding", [[197, 448]], {})).toEqual([
      { name: "table", shape: [197, 448], initializer: { kind: "truncated_normal", deviation: 0.02 }, axes: ["first", "leading"], role: "parameter", decay: false },
    ]);
  });

  it("needs positions", () => {
    expect(problemOf("position_embedding", [[10]], {}).detail).toContain("[10]");
  });
});
