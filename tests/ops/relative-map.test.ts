/** map_scores and map_values against loops over pairs of pixels, with and without a class token, within and beyond their distance. */
import { describe, expect, it } from "vitest";
import { evaluate, expectClose, problemOf, randomValues, randomWeights, weightsOf, type Values } from "./evaluate.js";

/** The vector of token i's way to token j, channel by channel, on a map two pixels high and three wide. */
function vectorOf(weights: Readonly<Record<string, Values>>, distance: number, hasClass: boolean, i: number, j: number, channels: number): readonly number[] {
  const first = hasClass ? 1 : 0;
  const row = (table: string, at: number): readonly number[] => weights[table]!.values.slice(at * channels, (at + 1) * channels) as readonly number[];
  const sum = (a: readonly number[], b: readonly number[]): readonly number[] => a.map((value, c) => value + b[c]!);
  if (i < first || j < first) return sum(row("class", 0), row("class", 1));
  const clip = (way: number): number => Math.max(-distance, Math.min(distance, way)) + distance;
  const [from, to] = [i - first, j - first];
  return sum(row("rows", clip(Math.floor(to / 3) - Math.floor(from / 3))), row("columns", clip((to % 3) - (from % 3))));
}

describe.each([[6, 4], [7, 4], [7, 1]])("map_scores and map_values of %d tokens, at most %d apart", (tokens, distance) => {
  const settings = { map: [2, 3], distance };
  const hasClass = tokens === 7;

  it("multiply a token with the vector of each way", () => {
    const x = randomValues("x", [2, 3, tokens, 5]);
    const weights = randomWeights("map_scores", [[3, tokens, 5]], settings);
    const expected: number[] = [];
    for (let lead = 0; lead < 6; lead++) for (let i = 0; i < tokens; i++) for (let j = 0; j < tokens; j++) {
      expected.push(vectorOf(weights, distance, hasClass, i, j, 5).reduce((sum, value, d) => sum + value * x.values[(lead * tokens + i) * 5 + d]!, 0));
    }
    expectClose(evaluate("map_scores", [x], settings, weights), expected);
  });

  it("mix the vectors of the ways by weights", () => {
    const mix = randomValues("mix", [2, 3, tokens, tokens]);
    const weights = randomWeights("map_values", [[3, tokens, tokens]], { ...settings, channels: 4 });
    const expected: number[] = [];
    for (let lead = 0; lead < 6; lead++) for (let i = 0; i < tokens; i++) for (let d = 0; d < 4; d++) {
      expected.push(Array.from({ length: tokens }, (_, j) => mix.values[(lead * tokens + i) * tokens + j]! * vectorOf(weights, distance, hasClass, i, j, 4)[d]!).reduce((sum, value) => sum + value));
    }
    expectClose(evaluate("map_values", [mix], { ...settings, channels: 4 }, weights), expected);
  });
});

describe("map_scores and map_values", () => {
  it("have two tables of 30 vectors at a distance of 14 behind a class token, two of 29 without (AutoFormer: 2 * 14 + 2 rows)", () => {
    const numbers = (tokens: number): number => weightsOf("map_scores", [[3, tokens, 64]], { map: 14, distance: 14 }).reduce((sum, { shape }) => sum + shape[0]! * shape[1]!, 0);
    expect([numbers(197), numbers(196)]).toEqual([2 * 30 * 64, 2 * 29 * 64]);
  });

  it("say what map they were told", () => {
    expect(problemOf("map_scores", [[3, 8, 5]], { map: [2, 3], distance: 1 }).parameter).toBe("map");
    expect(problemOf("map_values", [[3, 8, 8]], { map: [2, 3], distance: 1, channels: 4 }).detail).toContain("8 tokens");
    expect(problemOf("map_values", [[3, 4, 6]], { map: [2, 3], distance: 1, channels: 4 }).detail).toContain("[3, 4, 6]");
    expect(problemOf("map_scores", [[6]], { map: [2, 3], distance: 1 }).detail).toContain("[6]");
  });
});
