/** Counts are counts of different networks: what a decision cannot change is not counted again. */
import { describe, expect, it } from "vitest";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { examine } from "./examine.js";

const space = (statements: string): string => `space Random {
  input image: f32[8, 8, 2]
  x = image
${statements}
  output classes = x -> global_pool -> dense(3)
}`;

const cases: Readonly<Record<string, readonly [string, bigint]>> = {
  "a width that one alternative uses, declared before the choice": ["  w = choose { 4, 8 }\n  x = x -> choose { conv(w), conv(6) }\n  x = x -> conv(channels(x))", 3n],
  "the same where only a comparison of the extent follows": ["  w = choose { 4, 8 }\n  x = x -> choose mix { a: conv(w), b: conv(6) }\n  x = if channels(x) == 8 { x } else { x -> relu }", 3n],
  "the same with two alternatives and a derived extent": ["  w = choose { 4, 8 }\n  k = choose { 1, 3 }\n  x = x -> choose { conv(w, kernel = k), conv(6, kernel = k), shift(7) }\n  x = x -> conv(2 * channels(x))", 4n + 2n + 1n],
  "a choice declared before a depth that leaves it out": ["  k = choose { 1, 3 }\n  d = choose 1..2\n  x = x -> conv(4)\n  for i in 1..d { x = if i == 2 { x -> conv(4, kernel = k) } else { x -> relu } }", 3n],
};

/** A limit: options that come to the same by arithmetic or logic are still options of their own. */
const coinciding: Readonly<Record<string, readonly [string, bigint]>> = {
  "a rounded width": ["  x = x -> conv(max(8, choose { 4, 8, 12 }))", 3n],
  "a product": ["  x = x -> conv((choose { 2, 4 }) * (choose { 2, 4 }))", 4n],
  "a conjunction": ["  a = choose { false, true }\n  b = choose { false, true }\n  x = if a and b { x -> conv(4) } else { x -> conv(8) }", 3n],
  "a choice that stands at its first option where its guard is false": ["  f = choose { false, true }\n  x = x -> conv(choose { 4, 8 } if f)", 3n],
};

describe("decisions that come to the same", () => {
  for (const [name, [statements, count]] of Object.entries(coinciding)) {
    it(`are counted apart: ${name}`, () => {
      const found = examine(space(statements), 1);
      expect(found.verdict).toBe("accepted");
      expect(spaceQueries(found.space!).count()).toBe(count);
    });
  }
});

describe("decisions that cannot matter", () => {
  for (const [name, [statements, count]] of Object.entries(cases)) {
    it(`are not counted: ${name}`, () => {
      const found = examine(space(statements), 1);
      expect(found.complaints).toEqual([]);
      expect(spaceQueries(found.space!).count()).toBe(count);
    });
  }
});
