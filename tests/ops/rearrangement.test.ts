/** Operators that cut, join and rearrange tensors: exact values, inverses, and what is refused. */
import { describe, expect, it } from "vitest";
import { evaluate, gradientsOfSum, problemOf, randomValues, shapeOf, type Values } from "./evaluate.js";

const counted = (...shape: readonly number[]): Values => ({ shape, values: Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => i) });

describe("split and concat", () => {
  it("are inverses along every axis", () => {
    const x = counted(2, 4, 6, 2);
    for (const axis of [0, 1, 2, -1, -2, -3]) {
      const parts = [0, 1].map((index) => evaluate("split", [x], { parts: 2, index, axis }));
      expect(parts[0]!.values).not.toEqual(parts[1]!.values);
      expect(evaluate("concat", parts, { axis })).toEqual(x);
    }
  });

  it("split channels by default", () => {
    const x = counted(1, 2, 6);
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

describe("slice", () => {
  it("takes a run, to the end where no size is given", () => {
    const x = counted(1, 2, 5);
    expect(evaluate("slice", [x], { begin: 1, size: 2 }).values).toEqual([1, 2, 6, 7]);
    expect(evaluate("slice", [x], { begin: 3 }).values).toEqual([3, 4, 8, 9]);
    expect(evaluate("slice", [x], { begin: 1, axis: 0 }).values).toEqual([5, 6, 7, 8, 9]);
    expect(gradientsOfSum("slice", [x], { begin: 3 }).input0).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 1, 1]);
  });

  it("refuses what lies outside", () => {
    expect(problemOf("slice", [[4, 5]], { begin: 5 }).detail).toBe("begin 5 >= extent 5");
    expect(problemOf("slice", [[4, 5]], { begin: 3, size: 3 }).detail).toBe("begin 3 + size 3 = 6 > extent 5");
  });
});

describe("reshape", () => {
  it("keeps the order of the elements and works out one extent", () => {
    const x = counted(2, 4, 6);
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

describe("tokens and grid", () => {
  it("are inverses and read rows one after the other", () => {
    const x = counted(2, 3, 5, 4);
    const sequence = evaluate("tokens", [x]);
    expect(sequence).toEqual({ shape: [2, 15, 4], values: x.values });
    expect(evaluate("grid", [sequence], { height: 3 })).toEqual(x);
  });

  it("make a square map where no height is given", () => {
    expect(shapeOf("grid", [[49, 8]], {})).toEqual([7, 7, 8]);
    expect(problemOf("grid", [[50, 8]], {}).problem).toBe("50 tokens do not make a square map");
    expect(problemOf("grid", [[50, 8]], { height: 7 }).detail).toBe("tokens 50 % height 7 = 1");
    expect(problemOf("tokens", [[50, 8]], {}).detail).toContain("[50, 8]");
    expect(problemOf("grid", [[5, 5, 8]], {}).detail).toContain("[5, 5, 8]");
  });
});

describe("patches", () => {
  it("are numbered row by row, and so are the pixels in them", () => {
    const x: Values = { shape: [1, 2, 4, 1], values: [0, 1, 2, 3, 4, 5, 6, 7] };
    expect(evaluate("patches", [x], { size: 2 })).toEqual({ shape: [1, 2, 4], values: [0, 1, 4, 5, 2, 3, 6, 7] });
  });

  it.each([[2, 3], [3, 2], [1, 1], [6, 6]] as const)("of %i x %i pixels hold the pixels of their place", (vertical, horizontal) => {
    const [height, width, channels] = [6, 6, 2];
    const x = counted(2, height, width, channels);
    const { shape, values } = evaluate("patches", [x], { size: [vertical, horizontal] });
    const perRow = width / horizontal;
    for (const [index, value] of values.entries()) {
      const [sample, rest] = [Math.floor(index / (height * width * channels)), index % (height * width * channels)];
      const [patch, inside] = [Math.floor(rest / shape[2]!), rest % shape[2]!];
      const row = Math.floor(patch / perRow) * vertical + Math.floor(inside / (horizontal * channels));
      const column = (patch % perRow) * horizontal + (Math.floor(inside / channels) % horizontal);
      expect(value).toBe(((sample * height + row) * width + column) * channels + (inside % channels));
    }
  });

  it("must tile the map", () => {
    expect(shapeOf("patches", [[224, 224, 3]], { size: 16 })).toEqual([196, 768]);
    expect(problemOf("patches", [[28, 30, 3]], { size: 4 }).detail).toBe("width 30 % size 4 = 2");
  });
});

describe("upsample", () => {
  it("repeats pixels, and its gradient sums over the copies", () => {
    const x: Values = { shape: [1, 1, 2, 1], values: [1, 2] };
    expect(evaluate("upsample", [x], { factor: 2 })).toEqual({ shape: [1, 2, 4, 1], values: [1, 1, 2, 2, 1, 1, 2, 2] });
    expect(gradientsOfSum("upsample", [x], { factor: 3 }).input0).toEqual([9, 9]);
    expect(evaluate("upsample", [x], { factor: 1 })).toEqual(x);
  });

  it("is undone by average_pool", () => {
    const x = counted(2, 3, 4, 2);
    expect(evaluate("average_pool", [evaluate("upsample", [x], { factor: 2 })], { size: 2 })).toEqual(x);
  });
});

describe("channel_shuffle", () => {
  it("interleaves groups", () => {
    expect(evaluate("channel_shuffle", [counted(1, 1, 1, 6)], { groups: 2 }).values).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it("by g and then by c / g is nothing", () => {
    const x = randomValues("x", [2, 3, 2, 12]);
    expect(evaluate("channel_shuffle", [evaluate("channel_shuffle", [x], { groups: 3 })], { groups: 4 })).toEqual(x);
  });

  it("needs groups that divide the channels", () => {
    expect(problemOf("channel_shuffle", [[7, 7, 10]], { groups: 4 }).detail).toBe("channels 10 % groups 4 = 2");
  });
});
