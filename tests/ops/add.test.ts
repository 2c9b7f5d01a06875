/**
 * The adder layer against numbers worked out from the published code (huawei-noah/AdderNet: adder.py): the acceptance values of the
 * ShiftAddNAS dossier, padding with real zeros, and the adaptive local rate.
 */
import { describe, expect, it } from "vitest";
import { evaluate, gradientsOfSum, operatorNamed, problemOf, randomValues, randomWeights, type Values } from "./evaluate.js";

const pixel = (...values: readonly number[]): Values => ({ shape: [1, 1, 1, values.length], values });
const filter = (...values: readonly number[]): Values => ({ shape: [1, 1, values.length, 1], values });
const norm = (values: readonly number[]): number => Math.hypot(...values);

describe("the adder layer", () => {
  const x = pixel(2, -0.5);
  const weights = { filter: filter(0.25, -0.9) };
  const one = { channels: 1, kernel: 1 };

  it("gives the values of ShiftAddNAS (dossier 01, acceptance check 3)", () => {
    expect(evaluate("add", [x], one, weights).values[0]).toBeCloseTo(-2.15, 14);
    const { input0, filter: scaled } = gradientsOfSum("add", [x], one, weights);
    expect(input0![0]).toBe(-1);
    expect(input0![1]).toBeCloseTo(-0.4, 14);
    expect(scaled![0]).toBeCloseTo(0.2757316, 7);
    expect(scaled![1]).toBeCloseTo(0.0630244, 7);
  });

  it("leaves the filter's gradient as it is with local_rate = 0", () => {
    const { filter: plain } = gradientsOfSum("add", [x], { ...one, local_rate: 0 }, weights);
    expect(plain![0]).toBeCloseTo(1.75, 14);
    expect(plain![1]).toBeCloseTo(0.4, 14);
  });

  it.each([["dense", { channels: 5, kernel: 3 }], ["strided", { channels: 2, kernel: [3, 1], stride: 2 }], ["depthwise", { channels: 4, kernel: 3, groups: 4, stride: 2 }]])("has a filter gradient of norm 0.2 sqrt(k) (%s)", (name, attributes) => {
    const drawn = randomWeights("add", [[5, 4, 4]], attributes);
    const { filter: gradient } = gradientsOfSum("add", [randomValues(`adder/${name}`, [2, 5, 4, 4])], attributes, drawn);
    expect(norm(gradient!)).toBeCloseTo(0.2 * Math.sqrt(gradient!.length), 10);
  });

  it("has no filter gradient, not NaN, where the filter equals its input", () => {
    expect(gradientsOfSum("add", [pixel(1)], one, { filter: filter(1) }).filter).toEqual([0]);
  });

  it("counts padding as real zeros: a padded tap costs |w|", () => {
    const w: Values = { shape: [3, 1, 1, 1], values: [1, 2, -4] };
    expect(evaluate("add", [pixel(5)], { channels: 1, kernel: [3, 1] }, { filter: w }).values).toEqual([-8]);
    const depthwise: Values = { shape: [3, 1, 1, 2], values: [1, 0, 2, 0, -4, 3] };
    expect(evaluate("add", [pixel(5, 1)], { channels: 2, kernel: [3, 1], groups: 2 }, { filter: depthwise }).values).toEqual([-8, -4]);
  });

  it("starts from N(0, 1) and asks for two additions a point", () => {
    const add = operatorNamed("add");
    const attributes = { channels: 8, kernel: 3 };
    expect(add.weights([[6, 6, 4]], attributes)).toMatchObject([{ name: "filter", shape: [3, 3, 4, 8], initializer: { kind: "normal", deviation: 1 }, axes: ["centre", "centre", "leading", "leading"] }]);
    expect(add.workload([[6, 6, 4]], attributes, [6, 6, 8]).nests).toMatchObject([{ operation: "add_accumulate", points: 6 * 6 * 8 * 4 * 9 }]);
    const depthwise = add.workload([[6, 6, 4]], { channels: 4, kernel: 3, groups: 4 }, [6, 6, 4]).nests[0]!;
    expect(depthwise.points).toBe(6 * 6 * 4 * 9);
    expect(depthwise.dimensions.map(({ name }) => name)).toEqual(["g", "p", "q", "r", "s"]);
  });

  it("is dense or depthwise", () => {
    expect(problemOf("add", [[6, 6, 4]], { channels: 8, groups: 2 })).toMatchObject({ parameter: "groups" });
    expect(problemOf("add", [[6, 6, 4]], { channels: 8, groups: 4 }).detail).toBe("groups 4, input channels 4, channels 8");
  });
});
