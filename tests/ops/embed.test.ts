/** embed: look-ups, gradients of repeated words, and how tables are shared. */
import { describe, expect, it } from "vitest";
import { evaluate, gradientsOfSum, problemOf, shapeOf, weightsOf, type Values } from "./evaluate.js";

describe("embed", () => {
  const table: Values = { shape: [4, 2], values: [0, 1, 10, 11, 20, 21, 30, 31] };
  const words: Values = { shape: [2, 3], values: [3, 0, 3, 1, 1, 2] };

  it("looks up a row per token", () => {
    expect(evaluate("embed", [words], { vocabulary: 4, width: 2 }, { table })).toEqual({ shape: [2, 3, 2], values: [30, 31, 0, 1, 30, 31, 10, 11, 10, 11, 20, 21] });
  });

  it("sums the gradients of a word's uses", () => {
    expect(gradientsOfSum("embed", [words], { vocabulary: 4, width: 2 }, { table }).table).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  });

  it("takes token numbers only", () => {
    expect(shapeOf("embed", [[64]], { vocabulary: 8000, width: 256 })).toEqual([64, 256]);
    expect(problemOf("embed", [[64, 8]], { vocabulary: 10, width: 4 }).detail).toBe("its input is [64, 8], not [tokens]");
  });

  it("shares the leading columns between widths", () => {
    expect(weightsOf("embed", [[64]], { vocabulary: 100, width: 16 }).map(({ shape, axes }) => [shape, axes])).toEqual([[[100, 16], ["first", "leading"]]]);
  });
});
