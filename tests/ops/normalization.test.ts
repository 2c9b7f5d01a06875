/** Norms, activations and arithmetic on tensors: values by definition and what broadcasting allows. */
import { describe, expect, it } from "vitest";
import { erf } from "../reference/elementwise.js";
import { evaluate, expectClose, operatorNamed, problemOf, randomValues, shapeOf, type Values } from "./evaluate.js";

const filled = (value: number, count: number): Values => ({ shape: [count], values: new Array<number>(count).fill(value) });
const affine = (count: number): Record<string, Values> => ({ scale: filled(1, count), offset: filled(0, count) });

describe("norms", () => {
  it("group norm of one group per channel and of one group are instance and whole-image normalization", () => {
    const x = randomValues("group norm", [1, 2, 2, 4]);
    const normalized = (values: readonly number[]): number[] => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      return values.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
    };
    expectClose(evaluate("group_norm", [x], { groups: 1 }, affine(4)), normalized(x.values));
    const columns = [0, 1, 2, 3].map((channel) => normalized(x.values.filter((_, i) => i % 4 === channel)));
    expectClose(evaluate("group_norm", [x], { groups: 4 }, affine(4)), x.values.map((_, i) => columns[i % 4]![Math.floor(i / 4)]!));
    expect(problemOf("group_norm", [[2, 2, 4]], { groups: 3 })).toMatchObject({ detail: "4 / 3 = 1.333", parameter: "groups" });
  });

  it("batch norm starts a residual branch as nothing where asked, and costs nothing folded", () => {
    const [scale, offset, mean, variance] = operatorNamed("batch_norm").weights([[3]], { scale_init: 0 });
    expect([scale, offset, mean, variance].map((weight) => [weight!.name, weight!.initializer, weight!.role, weight!.decay])).toEqual([
      ["scale", { kind: "constant", value: 0 }, "parameter", false], ["offset", { kind: "constant", value: 0 }, "parameter", false],
      ["mean", { kind: "constant", value: 0 }, "statistic", false], ["variance", { kind: "constant", value: 1 }, "statistic", false],
    ]);
    expect(operatorNamed("batch_norm").workload([[3]], {}, [3])).toEqual({ nests: [], vectors: [] });
  });

  it("batch norm reads running statistics at inference", () => {
    const weights = { ...affine(1), mean: filled(3, 1), variance: filled(4 - 1e-5, 1) };
    expectClose(evaluate("batch_norm", [{ shape: [2, 1], values: [5, 1] }], {}, weights), [1, -1]);
    expectClose(evaluate("batch_norm", [{ shape: [2, 1], values: [5, 1] }], { epsilon: 1 }, weights, { training: true }), [2 / Math.sqrt(5), -2 / Math.sqrt(5)]);
  });

  it("count what hardware.md 2.1 counts for layer norm: 8 operations an element and a root a token", () => {
    expect(operatorNamed("layer_norm").workload([[5, 8]], {}, [5, 8]).vectors).toMatchObject([{ adds: 5 * 40, multiplies: 3 * 40, specials: 5 }]);
  });
});

describe("activations", () => {
  const at: readonly number[] = [-4, -3, -1, 0, 0.5, 2, 3, 7];
  it.each<[string, (x: number) => number]>([
    ["relu", (x) => Math.max(x, 0)], ["relu6", (x) => Math.min(Math.max(x, 0), 6)],
    ["gelu", (x) => (x / 2) * (1 + erf(x / Math.SQRT2))], ["silu", (x) => x / (1 + Math.exp(-x))],
    ["hswish", (x) => (x <= -3 ? 0 : x >= 3 ? x : (x * (x + 3)) / 6)],
    ["sigmoid", (x) => 1 / (1 + Math.exp(-x))], ["tanh", Math.tanh],
  ])("%s", (name, f) => {
    expectClose(evaluate(name, [{ shape: [1, 8], values: at }]), at.map(f));
  });
});

describe("arithmetic", () => {
  const map: Values = { shape: [2, 1, 2, 2], values: [1, 2, 3, 4, 5, 6, 7, 8] };
  const gate: Values = { shape: [2, 2], values: [10, 100, 1000, 10000] };

  it("broadcasts a vector of every example over its own image", () => {
    expect(evaluate("times", [map, gate]).values).toEqual([10, 200, 30, 400, 5000, 60000, 7000, 80000]);
    expect(evaluate("minus", [gate, map]).values).toEqual([9, 98, 7, 96, 995, 9994, 993, 9992]);
    expect(evaluate("divided_by", [map, map]).values).toEqual(new Array(8).fill(1));
  });

  it("aligns shapes at the last axis", () => {
    expect(shapeOf("plus", [[4, 4, 8], [8]], {})).toEqual([4, 4, 8]);
    expect(shapeOf("plus", [[4, 1, 8], [3, 1]], {})).toEqual([4, 3, 8]);
    expect(problemOf("plus", [[8, 8, 16], [8, 8, 24]], {})).toMatchObject({ detail: "[8, 8, 16] and [8, 8, 24]: 16 != 24" });
  });

  it("scales and offsets by a number, or by learned ones", () => {
    expect(evaluate("scale", [gate], { factor: 0.5 }).values).toEqual([5, 50, 500, 5000]);
    expect(evaluate("offset", [gate], { amount: 1 }).values).toEqual([11, 101, 1001, 10001]);
    expect(evaluate("scale", [gate], { learned: true }, { factor: { shape: [2], values: [1, -1] } }).values).toEqual([10, -100, 1000, -10000]);
    expect(operatorNamed("scale").weights([[2]], { learned: true, factor: 1e-4 })).toMatchObject([{ name: "factor", shape: [2], initializer: { kind: "constant", value: 1e-4 }, decay: false }]);
  });

  it("pools to one number per channel", () => {
    expect(evaluate("global_pool", [map])).toEqual({ shape: [2, 2], values: [2, 3, 6, 7] });
    expect(evaluate("global_pool", [map], { kind: "max" }).values).toEqual([3, 4, 7, 8]);
    expect(evaluate("zero", [gate]).values).toEqual([0, 0, 0, 0]);
    expect(evaluate("identity", [gate])).toEqual(gate);
  });
});
