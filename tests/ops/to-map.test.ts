/** to_tokens and to_map: maps as sequences and back. */
import { describe, expect, it } from "vitest";
import { countedValues, evaluate, problemOf, shapeOf } from "./evaluate.js";

describe("to_tokens and to_map", () => {
  it("are inverses and read rows one after the other", () => {
    const x = countedValues(2, 3, 5, 4);
    const sequence = evaluate("to_tokens", [x]);
    expect(sequence).toEqual({ shape: [2, 15, 4], values: x.values });
    expect(evaluate("to_map", [sequence], { height: 3 })).toEqual(x);
  });

  it("make a square map where no height is given", () => {
    expect(shapeOf("to_map", [[49, 8]], {})).toEqual([7, 7, 8]);
    expect(problemOf("to_map", [[50, 8]], {}).problem).toBe("50 tokens do not make a square map");
    expect(problemOf("to_map", [[50, 8]], { height: 7 }).detail).toBe("tokens 50 % height 7 = 1");
    expect(problemOf("to_tokens", [[50, 8]], {}).detail).toContain("[50, 8]");
    expect(problemOf("to_map", [[5, 5, 8]], {}).detail).toContain("[5, 5, 8]");
  });
});
