/** Linear attention against its quadratic form, written out pair by pair; costs against shared/systems/03 (cost formulas). */
import { describe, expect, it } from "vitest";
import type { Attributes } from "../../src/ops/operator.js";
import { evaluate, expectClose, gradientsOfSum, operatorNamed, problemOf, randomValues, randomWeights, type Values } from "./evaluate.js";
import { dot, naiveAttention, rowsOf, type PairWeight } from "./naive-attention.js";

const relu = (x: number): number => Math.max(x, 0);
const elu1 = (x: number): number => (x > 0 ? x + 1 : Math.exp(x));

/** Weight of a pair before normalisation, as in Katharopoulos et al. (elu) and Qin et al. (relu, cos); `longest` is M. */
const features = {
  elu: (): PairWeight => (query, key) => dot(query.map(elu1), key.map(elu1)),
  relu: (): PairWeight => (query, key) => dot(query.map(relu), key.map(relu)),
  cos: (longest: number): PairWeight => (query, key, i, j) => dot(query.map(relu), key.map(relu)) * Math.cos((Math.PI / 2) * ((i - j) / longest)),
} as const;

const linear = (feature: string): Attributes => ({ heads: 2, kind: { tag: "linear", arguments: { feature } } });
const causally = (weigh: PairWeight): PairWeight => (query, key, i, j) => (j > i ? 0 : weigh(query, key, i, j));
const names = ["elu", "relu", "cos"] as const;

describe("linear attention", () => {
  // 150 tokens are three blocks of the causal form, the last one short.
  it.each(names.flatMap((name) => [5, 64, 150].flatMap((tokens) => [false, true].map((causal) => [name, tokens, causal] as const))))("with %s on %i tokens equals its quadratic form (causal: %s)", (name, tokens, causal) => {
    const x = randomValues("x", [1, tokens, 8]);
    const weights = randomWeights("attention", [[tokens, 8]], linear(name));
    const weigh = features[name](tokens);
    const expected = naiveAttention(rowsOf(x), rowsOf(x), weights, 2, [causal ? causally(weigh) : weigh], 1e-6);
    expectClose(evaluate("attention", [x], { ...linear(name), causal }, weights), expected.flat());
  });

  it.each(names)("with %s attends to a memory of another length; angles run over the longer one", (name) => {
    const [x, memory] = [randomValues("x", [1, 4, 6]), randomValues("memory", [1, 9, 10])];
    const weights = randomWeights("attention", [[4, 6], [9, 10]], linear(name));
    expectClose(evaluate("attention", [x, memory], linear(name), weights), naiveAttention(rowsOf(x), rowsOf(memory), weights, 2, [features[name](9)], 1e-6).flat());
  });

  // shared/systems/03, check 1: 197 tokens of 64 channels in one head, and a map of 14 x 14 pixels.
  it.each(names.flatMap((name) => [false, true].map((causal) => [name, causal] as const)))("with %s on 197 tokens of 64 channels equals its quadratic form (causal: %s)", (name, causal) => {
    const attributes = { ...linear(name), heads: 1, causal };
    const x = randomValues("x", [1, 197, 64]);
    const weights = randomWeights("attention", [[197, 64]], attributes);
    const weigh = features[name](197);
    expectClose(evaluate("attention", [x], attributes, weights), naiveAttention(rowsOf(x), rowsOf(x), weights, 1, [causal ? causally(weigh) : weigh], 1e-6).flat());
  });

  it.each(["cos_sum", "cos_product"].flatMap((feature) => [[14, 14], [3, 5]].map(([height, width]) => [feature, height!, width!] as const)))("with %s weighs pairs on a map of %i x %i by both distances", (feature, height, width) => {
    const x = randomValues("x", [1, height, width, 8]);
    const weights = randomWeights("attention", [[height, width, 8]], linear(feature));
    const weigh: PairWeight = (query, key, i, j) => {
      const down = Math.cos((Math.PI / 2) * ((Math.floor(i / width) - Math.floor(j / width)) / height));
      const across = Math.cos((Math.PI / 2) * (((i % width) - (j % width)) / width));
      return dot(query.map(relu), key.map(relu)) * (feature === "cos_sum" ? down + across : down * across);
    };
    expectClose(evaluate("attention", [x], linear(feature), weights), naiveAttention(rowsOf(x), rowsOf(x), weights, 2, [weigh], 1e-6).flat());
  });

  it.each(["cos_sum", "cos_product"])("with %s needs a map", (feature) => {
    for (const inputs of [[[16, 8]], [[4, 4, 8], [4, 4, 8]]]) expect(problemOf("attention", inputs, linear(feature))).toMatchObject({ problem: `\`${feature}\` needs a map and no second input`, parameter: "kind" });
  });

  it("leaks nothing across the blocks of the causal form", () => {
    const [tokens, channels] = [150, 4];
    const x = randomValues("x", [1, tokens, channels]);
    const weights = randomWeights("attention", [[tokens, channels]], linear("elu"));
    const before = evaluate("attention", [x], { ...linear("elu"), causal: true }, weights);
    for (const token of [1, 63, 64, 100, 128, 149]) {
      const changed: Values = { shape: x.shape, values: x.values.map((value, index) => (index >= token * channels ? 1 - value : value)) };
      const after = evaluate("attention", [changed], { ...linear("elu"), causal: true }, weights);
      expect(after.values.slice(0, token * channels)).toEqual(before.values.slice(0, token * channels));
      expect(after.values[token * channels]).not.toBe(before.values[token * channels]);
    }
  });

  it.each(names)("with %s has the gradient of its causal form across blocks", (name) => {
    const x = randomValues("x", [1, 70, 2]);
    const attributes = { ...linear(name), causal: true };
    const weights = randomWeights("attention", [[70, 2]], attributes);
    const total = (values: readonly number[]): number => evaluate("attention", [{ shape: x.shape, values }], attributes, weights).values.reduce((sum, value) => sum + value, 0);
    const gradient = gradientsOfSum("attention", [x], attributes, weights).input0!;
    for (const index of [0, 1, 60, 126, 127, 128, 139]) {
      const [above, below] = [1e-5, -1e-5].map((step) => total(x.values.map((value, i) => (i === index ? value + step : value))));
      expect(Math.abs(gradient[index]! - (above! - below!) / 2e-5) / Math.max(1, Math.abs(gradient[index]!))).toBeLessThan(1e-6);
    }
  });

  it.each(["relu", "cos"])("with %s gives exactly zero for a query without positive numbers, and finite gradients", (feature) => {
    const attributes: Attributes = { kind: { tag: "linear", arguments: { feature } }, bias: false };
    const identity: Values = { shape: [2, 2], values: [1, 0, 0, 1] };
    const weights = { query: identity, key: identity, value: identity, output: identity };
    const x: Values = { shape: [1, 3, 2], values: [-1, -2, 0.5, 1, 2, 0.25] };
    expect(evaluate("attention", [x], attributes, weights).values.slice(0, 2).map(Math.abs)).toEqual([0, 0]);
    const gradients = gradientsOfSum("attention", [x], attributes, weights);
    expect(Object.keys(gradients)).toEqual(["input0", "query", "key", "value", "output"]);
    for (const values of Object.values(gradients)) expect(values.every(Number.isFinite)).toBe(true);
  });

  it("divides by the normaliser, but not by less than epsilon", () => {
    const identity: Values = { shape: [1, 1], values: [1] };
    const weights = { query: identity, key: identity, value: identity, output: identity };
    const x: Values = { shape: [1, 1, 1], values: [0.01] };
    const run = (epsilon: number): number => evaluate("attention", [x], { kind: { tag: "linear", arguments: { feature: "relu", epsilon } }, bias: false }, weights).values[0]!;
    expect(run(1e-6)).toBeCloseTo(0.01, 15);
    expect(run(0.5)).toBeCloseTo((0.01 * 0.01 * 0.01) / 0.5, 15);
  });
});

describe("the work of attention kinds between the projections", () => {
  const points = (tokens: number, kind: Attributes["kind"], dim = 64): number => {
    const attributes = { heads: 1, kind: kind! };
    const { nests } = operatorNamed("attention").workload([[tokens, dim]], attributes, [tokens, dim]);
    return nests.filter(({ name }) => !name.endsWith("projection")).reduce((sum, nest) => sum + nest.points, 0);
  };
  const cos = { tag: "linear", arguments: { feature: "cos" } };

  // shared/systems/03, "per head at d = 64": N, softmax, cosFormer, elu + 1.
  it.each([[49, 307_328, 815_360, 407_680], [197, 4_967_552, 3_278_080, 1_639_040], [1024, 134_217_728, 17_039_360, 8_519_680], [4096, 2_147_483_648, 68_157_440, 34_078_720]])("on %i tokens is that of the published formulas", (tokens, softmax, cosformer, elu) => {
    expect([points(tokens, "softmax"), points(tokens, cos), points(tokens, "linear")]).toEqual([softmax, cosformer, elu]);
  });

  it("on a map is that of features four times as wide", () => {
    const { nests } = operatorNamed("attention").workload([[7, 7, 64]], { heads: 1, kind: { tag: "linear", arguments: { feature: "cos_product" } } }, [7, 7, 64]);
    expect(nests.filter(({ name }) => !name.endsWith("projection")).reduce((sum, nest) => sum + nest.points, 0)).toBe(2 * 49 * (4 * 64) * (64 + 1));
  });

  it("crosses over at 2 d + 2 tokens", () => {
    expect(points(129, "softmax")).toBeLessThan(points(129, cos));
    expect(points(130, "softmax")).toBe(points(130, cos));
    expect(points(131, "softmax")).toBeGreaterThan(points(131, cos));
  });

  it("takes 4 N E q multiply-accumulates for the projections", () => {
    const { nests } = operatorNamed("attention").workload([[197, 320]], { heads: 6, dim: 64 }, [197, 320]);
    expect(nests.filter(({ name }) => name.endsWith("projection")).reduce((sum, nest) => sum + nest.points, 0)).toBe(4 * 197 * 320 * 384);
  });

  it("of softmax has five operations per score and one reciprocal per row", () => {
    const { vectors } = operatorNamed("attention").workload([[7, 12]], { heads: 3, bias: false }, [7, 12]);
    const [h, t, u] = [3, 7, 7];
    expect(vectors.map(({ multiplies = 0, adds = 0, compares = 0, specials = 0 }) => multiplies + adds + compares + specials)).toEqual([5 * h * t * u + h * t]);
  });
});
