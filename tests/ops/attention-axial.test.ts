/** Axial attention: two passes of masked attention, plain attention on a map of one row or column, and its work. */
import { describe, expect, it } from "vitest";
import { evaluate, expectClose, operatorNamed, randomValues, randomWeights } from "./evaluate.js";
import { naiveAttention, rowsOf, softmaxWeight, type PairWeight } from "./naive-attention.js";

const axial = { heads: 2, kind: "axial" } as const;

describe("axial attention", () => {
  it("equals attention masked to the row, then to the column", () => {
    const [height, width] = [3, 5];
    const x = randomValues("x", [2, height, width, 6]);
    const weights = randomWeights("attention", [[height, width, 6]], axial);
    const sameRow: PairWeight = (query, key, i, j) => (Math.floor(i / width) === Math.floor(j / width) ? softmaxWeight(query, key, i, j) : 0);
    const sameColumn: PairWeight = (query, key, i, j) => (i % width === j % width ? softmaxWeight(query, key, i, j) : 0);
    const expected = [0, 1].flatMap((sample) => naiveAttention(rowsOf(x, sample), rowsOf(x, sample), weights, 2, [sameRow, sameColumn]).flat());
    expectClose(evaluate("attention", [x], axial, weights), expected);
  });

  it.each([[[1, 7, 6]], [[7, 1, 6]]] as const)("is plain attention on a map %j", (shape) => {
    const x = randomValues("x", [2, ...shape]);
    const weights = randomWeights("attention", [shape], axial);
    expectClose(evaluate("attention", [x], axial, weights), evaluate("attention", [x], { heads: 2 }, weights).values);
  });

  it("takes 2 D H W (H + W) multiply-accumulates per head", () => {
    // hardware.md 2.1, "axial".
    const { nests } = operatorNamed("attention").workload([[14, 28, 12]], axial, [14, 28, 12]);
    const [h, w, dim, heads] = [14, 28, 6, 2];
    expect(nests.filter(({ name }) => !name.endsWith("projection")).reduce((sum, nest) => sum + nest.points, 0)).toBe(heads * 2 * dim * h * w * (h + w));
  });

  it("grows as n^3 in the side of a map, full attention as n^4", () => {
    // shared/systems/10, check on cost growth, subtracting projections.
    const points = (side: number, kind: string): number => operatorNamed("attention").workload([[side, side, 8]], { kind }, [side, side, 8]).nests
      .filter(({ name }) => !name.endsWith("projection")).reduce((sum, nest) => sum + nest.points, 0);
    expect(points(128, "axial") / points(64, "axial")).toBe(8);
    expect(points(128, "softmax") / points(64, "softmax")).toBe(16);
  });
});
