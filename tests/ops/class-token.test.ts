/** class_token: one learned token before the tokens of every sample. */
import { describe, expect, it } from "vitest";
import { evaluate, gradientsOfSum, problemOf, randomValues, weightsOf } from "./evaluate.js";

describe("class_token", () => {
  it("stands before the tokens of every sample", () => {
    const x = randomValues("x", [2, 3, 2]);
    const token = randomValues("token", [2]);
    const y = evaluate("class_token", [x], {}, { token });
    expect(y.shape).toEqual([2, 4, 2]);
    expect(y.values).toEqual([...token.values, ...x.values.slice(0, 6), ...token.values, ...x.values.slice(6)]);
    expect(gradientsOfSum("class_token", [x], {}, { token })).toEqual({ input0: new Array(12).fill(1), token: [2, 2] });
  });

  it("starts as a truncated normal that weight decay leaves alone", () => {
    expect(weightsOf("class_token", [[196, 448]], { deviation: 0 })).toEqual([
      { name: "token", shape: [448], initializer: { kind: "truncated_normal", deviation: 0 }, axes: ["leading"], role: "parameter", decay: false },
    ]);
  });

  it("needs tokens", () => {
    expect(problemOf("class_token", [[4, 4, 8]], {}).detail).toContain("[4, 4, 8]");
  });
});
