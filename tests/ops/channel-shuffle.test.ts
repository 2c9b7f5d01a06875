/** channel_shuffle: interleaving and its inverse. */
import { describe, expect, it } from "vitest";
import { countedValues, evaluate, problemOf, randomValues } from "./evaluate.js";

describe("channel_shuffle", () => {
  it("interleaves groups", () => {
    expect(evaluate("channel_shuffle", [countedValues(1, 1, 1, 6)], { groups: 2 }).values).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it("by g and then by c / g is nothing", () => {
    const x = randomValues("x", [2, 3, 2, 12]);
    expect(evaluate("channel_shuffle", [evaluate("channel_shuffle", [x], { groups: 3 })], { groups: 4 })).toEqual(x);
  });

  it("needs groups that divide the channels", () => {
    expect(problemOf("channel_shuffle", [[7, 7, 10]], { groups: 4 }).detail).toBe("channels 10 % groups 4 = 2");
  });
});
