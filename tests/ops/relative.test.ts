/** matmul, transpose, position_bias and the relative operators against loops over single elements. */
import { describe, expect, it } from "vitest";
import { countedValues, evaluate, expectClose, operatorNamed, problemOf, randomValues, randomWeights, weightsOf } from "./evaluate.js";

describe("matmul and transpose", () => {
  it("multiplies per leading position, and says what does not meet", () => {
    const [a, b] = [randomValues("a", [2, 3, 4, 5]), randomValues("b", [2, 3, 6, 5])];
    const expected: number[] = [];
    for (let lead = 0; lead < 6; lead++) for (let t = 0; t < 4; t++) for (let u = 0; u < 6; u++) {
      let sum = 0;
      for (let d = 0; d < 5; d++) sum += a.values[(lead * 4 + t) * 5 + d]! * b.values[(lead * 6 + u) * 5 + d]!;
      expected.push(sum);
    }
    expectClose(evaluate("matmul", [a, b], { transposed: true }), expected);
    expect(problemOf("matmul", [[3, 4, 5], [3, 6, 5]], { transposed: false }).detail).toContain("5 != 6");
    expect(problemOf("matmul", [[3, 4, 5], [2, 5, 6]], { transposed: false }).detail).toContain("3 != 2");
    expect(operatorNamed("matmul").workload([[3, 4, 5], [3, 5, 6]], { transposed: false }, [3, 4, 6]).nests.map(({ points }) => points)).toEqual([3 * 4 * 5 * 6]);
  });

  it("puts axes in another order", () => {
    expect(evaluate("transpose", [countedValues(1, 2, 3)], { order: [1, 0] })).toEqual({ shape: [1, 3, 2], values: [0, 3, 1, 4, 2, 5] });
    expect(problemOf("transpose", [[2, 3]], { order: [0, 0] }).parameter).toBe("order");
  });
});

describe("position_bias", () => {
  it("has one number per head and absolute distance, for every query and key", () => {
    const attributes = { map: [2, 3], stride: 2, signed: false };
    const scores = { shape: [1, 2, 6, 24], values: new Array<number>(2 * 6 * 24).fill(0) };
    const weights = randomWeights("position_bias", [[2, 6, 24]], attributes);
    expect(weights.table!.shape).toEqual([4 * 6, 2]);
    const found = evaluate("position_bias", [scores], attributes, weights).values;
    for (const [head, a, b, x, y] of [[0, 0, 0, 0, 0], [1, 1, 2, 3, 0], [0, 1, 0, 0, 5], [1, 0, 2, 2, 2]] as const) {
      const row = Math.abs(2 * a - x) * 6 + Math.abs(2 * b - y);
      expect(found[(head * 6 + (a * 3 + b)) * 24 + x * 6 + y]).toBe(weights.table!.values[row * 2 + head]);
    }
  });

  it("tells directions apart where asked", () => {
    expect(weightsOf("position_bias", [[3, 49, 49]], { map: 7, stride: 1, signed: true })[0]!.shape).toEqual([13 * 13, 3]);
    expect(weightsOf("position_bias", [[8, 49, 49]], { map: 7, stride: 1, signed: false })[0]!.shape).toEqual([49, 8]);
    expect(problemOf("position_bias", [[8, 49, 48]], { map: 7, stride: 1, signed: false }).parameter).toBe("map");
  });
});

describe("relative_scores and relative_values", () => {
  const x = randomValues("x", [2, 3, 4, 6]);

  it.each([false, true])("multiplies each token with the vector of each distance (reversed: %s)", (reverse) => {
    const weights = randomWeights("relative_scores", [[3, 4, 6]], { table: "learned", reverse });
    const table = weights.table!.values;
    const expected: number[] = [];
    for (let lead = 0; lead < 6; lead++) for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) {
      let sum = 0;
      for (let d = 0; d < 6; d++) sum += x.values[(lead * 4 + i) * 6 + d]! * table[((reverse ? i - j : j - i) + 3) * 6 + d]!;
      expected.push(sum);
    }
    expectClose(evaluate("relative_scores", [x], { table: "learned", reverse }, weights), expected);
  });

  it("takes sines and cosines of the distance", () => {
    expect(weightsOf("relative_scores", [[4, 6]], { table: "waves", reverse: false })).toEqual([]);
    const one = { shape: [1, 2, 4], values: [1, 0, 0, 0, 0, 0, 0, 1] };
    expectClose(evaluate("relative_scores", [one], { table: "waves", reverse: false }), [0, Math.sin(1), Math.cos(-1 / 100), 1]);
  });

  it("mixes the vectors of the distances by weights", () => {
    const mix = randomValues("mix", [2, 3, 4, 4]);
    const weights = randomWeights("relative_values", [[3, 4, 4]], { channels: 5, reverse: false });
    const expected: number[] = [];
    for (let lead = 0; lead < 6; lead++) for (let i = 0; i < 4; i++) for (let d = 0; d < 5; d++) {
      let sum = 0;
      for (let j = 0; j < 4; j++) sum += mix.values[(lead * 4 + i) * 4 + j]! * weights.table!.values[(j - i + 3) * 5 + d]!;
      expected.push(sum);
    }
    expectClose(evaluate("relative_values", [mix], { channels: 5, reverse: false }, weights), expected);
    expect(problemOf("relative_values", [[3, 4]], { channels: 5, reverse: false }).detail).toContain("[3, 4]");
  });
});
