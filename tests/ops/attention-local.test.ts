/** Local attention: full attention inside every window, and full attention where one window covers everything. */
import { describe, expect, it } from "vitest";
import type { Attributes } from "../../src/ops/operator.js";
import { evaluate, expectClose, operatorNamed, randomValues, randomWeights } from "./evaluate.js";
import { naiveAttention, rowsOf, softmaxWeight, type PairWeight } from "./naive-attention.js";

const local = (window: number): Attributes => ({ heads: 2, kind: { tag: "local", arguments: { window } } });

/** Softmax weights inside the window that both pixels of a map of the given width lie in, else none. */
const insideWindow = (window: number, width: number): PairWeight => {
  const windowOf = (pixel: number): string => [Math.floor(pixel / width), pixel % width].map((at) => Math.floor(at / window)).join();
  return (query, key, i, j) => (windowOf(i) === windowOf(j) ? softmaxWeight(query, key, i, j) : 0);
};

describe("local attention", () => {
  it.each([2, 3])("on a map equals attention masked to windows of %i", (window) => {
    const [height, width] = [6, 12];
    const x = randomValues("x", [2, height, width, 4]);
    const weights = randomWeights("attention", [[height, width, 4]], local(window));
    const expected = [0, 1].flatMap((sample) => naiveAttention(rowsOf(x, sample), rowsOf(x, sample), weights, 2, [insideWindow(window, width)]).flat());
    expectClose(evaluate("attention", [x], local(window), weights), expected);
  });

  it("on tokens equals attention masked to runs", () => {
    const x = randomValues("x", [2, 12, 4]);
    const weights = randomWeights("attention", [[12, 4]], local(3));
    const sameRun: PairWeight = (query, key, i, j) => (Math.floor(i / 3) === Math.floor(j / 3) ? softmaxWeight(query, key, i, j) : 0);
    expectClose(evaluate("attention", [x], local(3), weights), [0, 1].flatMap((sample) => naiveAttention(rowsOf(x, sample), rowsOf(x, sample), weights, 2, [sameRun]).flat()));
  });

  it.each([[[6, 6, 4]], [[6, 4]]] as const)("equals full attention where its window covers %j", (shape) => {
    const x = randomValues("x", [2, ...shape]);
    const weights = randomWeights("attention", [shape], local(6));
    expectClose(evaluate("attention", [x], local(6), weights), evaluate("attention", [x], { heads: 2 }, weights).values);
  });

  it("works on the windows alone: 2 B H T^2 D multiply-accumulates", () => {
    // hardware.md 2.1, "local": B windows of T = w1 * w2 tokens.
    const { nests } = operatorNamed("attention").workload([[14, 28, 12]], local(7), [14, 28, 12]);
    const [windows, heads, tokens, dim] = [2 * 4, 2, 49, 6];
    expect(nests.filter(({ name }) => !name.endsWith("projection")).reduce((sum, nest) => sum + nest.points, 0)).toBe(2 * windows * heads * tokens ** 2 * dim);
  });
});
