/** dropout and drop_path: nothing at inference, the right elements and the right scale in training. */
import { describe, expect, it } from "vitest";
import { evaluate, gradientsOfSum, operatorNamed, problemOf, randomValues, type Values } from "./evaluate.js";

const ones = (...shape: readonly number[]): Values => ({ shape, values: new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(1) });

describe.each(["dropout", "drop_path"])("%s", (name) => {
  it("hands its input through at inference and at rate 0", () => {
    const x = randomValues("x", [3, 4, 2]);
    expect(evaluate(name, [x], { rate: 0.7 })).toEqual(x);
    expect(evaluate(name, [x], { rate: 0 }, {}, { training: true })).toEqual(x);
    expect(operatorNamed(name).workload([[4, 2]], { rate: 0.7 }, [4, 2])).toEqual({ nests: [], vectors: [] });
  });

  it("keeps the mean: a share 1 - rate survives, scaled by 1 / (1 - rate)", () => {
    for (const rate of [0.1, 0.5, 0.8]) {
      const samples = 20_000;
      const { values } = evaluate(name, [ones(samples, 1)], { rate }, {}, { training: true });
      expect(new Set(values)).toEqual(new Set([0, 1 / (1 - rate)]));
      // The mean of `samples` draws has this standard deviation; five of them bound it.
      const deviation = Math.sqrt(rate / (1 - rate) / samples);
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / samples - 1)).toBeLessThan(5 * deviation);
    }
  });

  it("passes the gradient where the value passed", () => {
    const x = ones(8, 3, 2);
    const mode = { training: true, seed: 5 };
    const { values } = evaluate(name, [x], { rate: 0.5 }, {}, mode);
    expect(gradientsOfSum(name, [x], { rate: 0.5 }, {}, mode).input0).toEqual(values);
    expect(evaluate(name, [x], { rate: 0.5 }, {}, { training: true, seed: 6 }).values).not.toEqual(values);
  });

  it.each([[1, "rate 1 leaves nothing to scale up"], [1.5, "rate = 1.5"], [-0.1, "rate = -0.1"]])("refuses rate %f", (rate, detail) => {
    const problem = problemOf(name, [[4, 2]], { rate });
    expect(problem.detail).toContain(detail);
    expect(problem.parameter).toBe("rate");
  });
});

describe("what is dropped together", () => {
  const perSample = (name: string): string[] => {
    const { values } = evaluate(name, [ones(32, 4, 4, 2)], { rate: 0.5 }, {}, { training: true });
    return Array.from({ length: 32 }, (_, sample) => [...new Set(values.slice(sample * 32, (sample + 1) * 32))].sort().join());
  };

  it("is single elements in dropout", () => {
    expect(new Set(perSample("dropout"))).toEqual(new Set(["0,2"]));
  });

  it("is a whole sample in drop_path", () => {
    expect(new Set(perSample("drop_path"))).toEqual(new Set(["0", "2"]));
  });
});
