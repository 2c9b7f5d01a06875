/** Attention with relative-position keys against its formula, its work, and how its table is shared. */
import { describe, expect, it } from "vitest";
import type { Attributes } from "../../src/ops/operator.js";
import { evaluate, expectClose, operatorNamed, randomValues, randomWeights, weightsOf, type Values } from "./evaluate.js";
import { dot, naiveAttention, rowsOf, softmaxWeight } from "./naive-attention.js";

const relative = (distance: number): Attributes => ({ heads: 2, kind: { tag: "relative", arguments: { distance } } });

describe("relative attention", () => {
  it.each([0, 2, 9])("clipped at %i equals the formula", (distance) => {
    const x = randomValues("x", [2, 7, 6]);
    const weights = randomWeights("attention", [[7, 6]], relative(distance));
    const table = rowsOf({ ...weights.relative_keys!, shape: [1, 2 * distance + 1, 3] });
    const expected = [0, 1].flatMap((sample) => naiveAttention(rowsOf(x, sample), rowsOf(x, sample), weights, 2, [(query, key, i, j) => {
      const vector = table[Math.max(-distance, Math.min(distance, j - i)) + distance]!;
      return Math.exp((dot(query, key) + dot(query, vector)) / Math.sqrt(query.length));
    }]).flat());
    expectClose(evaluate("attention", [x], relative(distance), weights), expected);
  });

  it("is plain softmax attention where its table is zero", () => {
    const x = randomValues("x", [1, 3, 4, 6]);
    const weights = randomWeights("attention", [[3, 4, 6]], relative(2));
    const zero: Values = { shape: [5, 3], values: new Array<number>(15).fill(0) };
    expectClose(evaluate("attention", [x], relative(2), { ...weights, relative_keys: zero }), naiveAttention(rowsOf(x), rowsOf(x), weights, 2, [softmaxWeight]).flat());
  });

  it("takes 3 N^2 d multiply-accumulates per head", () => {
    // shared/systems/03, cost formulas.
    const { nests } = operatorNamed("attention").workload([[197, 64]], { heads: 1, kind: "relative" }, [197, 64]);
    expect(nests.filter(({ name }) => !name.endsWith("projection")).reduce((sum, nest) => sum + nest.points, 0)).toBe(3 * 197 ** 2 * 64);
  });

  it("shares the middle of a longer table", () => {
    const [short, long] = [2, 14].map((distance) => weightsOf("attention", [[49, 8]], relative(distance)).at(-1)!);
    expect([short!.shape, long!.shape, short!.axes]).toEqual([[5, 4], [29, 4], ["centre", "leading"]]);
  });
});
