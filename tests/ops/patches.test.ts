/** patches: the place of every pixel, and maps that do not tile. */
import { describe, expect, it } from "vitest";
import { countedValues, evaluate, problemOf, shapeOf, type Values } from "./evaluate.js";

describe("patches", () => {
  it("are numbered row by row, and so are the pixels in them", () => {
    const x: Values = { shape: [1, 2, 4, 1], values: [0, 1, 2, 3, 4, 5, 6, 7] };
    expect(evaluate("patches", [x], { size: 2 })).toEqual({ shape: [1, 2, 4], values: [0, 1, 4, 5, 2, 3, 6, 7] });
  });

  it.each([[2, 3], [3, 2], [1, 1], [6, 6]] as const)("of %i x %i pixels hold the pixels of their place", (vertical, horizontal) => {
    const [height, width, channels] = [6, 6, 2];
    const x = countedValues(2, height, width, channels);
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
