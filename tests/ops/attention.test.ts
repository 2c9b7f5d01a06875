/** Attention as an operator: shapes, problems, weights, cross attention, causality, and the softmax kind against its formula. */
import { describe, expect, it } from "vitest";
import type { Attributes, Shape } from "../../src/ops/operator.js";
import { evaluate, expectClose, operatorNamed, problemOf, randomValues, randomWeights, shapeOf, weightsOf, type Values } from "./evaluate.js";
import { naiveAttention, rowsOf, softmaxWeight } from "./naive-attention.js";

const flat = (rows: readonly (readonly number[])[]): number[] => rows.flat();

describe("attention with softmax", () => {
  it("equals the formula, sample by sample", () => {
    const x = randomValues("x", [2, 5, 6]);
    const weights = randomWeights("attention", [[5, 6]], { heads: 3 });
    const y = evaluate("attention", [x], { heads: 3 }, weights);
    expect(y.shape).toEqual([2, 5, 6]);
    expectClose(y, [0, 1].flatMap((sample) => flat(naiveAttention(rowsOf(x, sample), rowsOf(x, sample), weights, 3, [softmaxWeight]))));
  });

  it("reads a map as its pixels row by row", () => {
    const x = randomValues("map", [2, 3, 4, 8]);
    const weights = randomWeights("attention", [[3, 4, 8]], { heads: 2 });
    const map = evaluate("attention", [x], { heads: 2 }, weights);
    expect(map.shape).toEqual([2, 3, 4, 8]);
    expectClose(map, evaluate("attention", [{ ...x, shape: [2, 12, 8] }], { heads: 2 }, weights).values);
  });

  it("attends to a memory of other length and width", () => {
    const x = randomValues("x", [1, 4, 6]);
    const memory = randomValues("memory", [1, 7, 10]);
    const attributes = { heads: 2, dim: 5, value_dim: 3, bias: false };
    const weights = randomWeights("attention", [[4, 6], [7, 10]], attributes);
    expect(Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape]))).toEqual({ query: [6, 10], key: [10, 10], value: [10, 6], output: [6, 6] });
    expectClose(evaluate("attention", [x, memory], attributes, weights), flat(naiveAttention(rowsOf(x), rowsOf(memory), weights, 2, [softmaxWeight])));
  });

  it("masks later tokens by the formula", () => {
    const x = randomValues("x", [1, 6, 4]);
    const weights = randomWeights("attention", [[6, 4]], { heads: 2 });
    const y = evaluate("attention", [x], { heads: 2, causal: true }, weights);
    expectClose(y, flat(naiveAttention(rowsOf(x), rowsOf(x), weights, 2, [(q, k, i, j) => (j > i ? 0 : softmaxWeight(q, k, i, j))])));
  });
});

const kinds = ["softmax", "linear", { tag: "linear", arguments: { feature: "relu" } }, { tag: "linear", arguments: { feature: "cos" } }, { tag: "local", arguments: { window: 2 } }, "axial", "relative"] as const;

describe("causal attention", () => {
  it.each(kinds.map((kind) => [JSON.stringify(kind), kind] as const))("%s leaks nothing from later pixels", (_name, kind) => {
    const shape = [1, 4, 6, 4];
    const x = randomValues("x", shape);
    const weights = randomWeights("attention", [[4, 6, 4]], { heads: 2, kind });
    const before = evaluate("attention", [x], { heads: 2, kind, causal: true }, weights);
    for (const pixel of [0, 5, 13, 23]) {
      const changed: Values = { shape, values: x.values.map((value, index) => (index >= pixel * 4 ? value + 1 + index : value)) };
      const after = evaluate("attention", [changed], { heads: 2, kind, causal: true }, weights);
      expect(Array.from(after.values.slice(0, pixel * 4))).toEqual(Array.from(before.values.slice(0, pixel * 4)));
      expect(Array.from(after.values.slice(pixel * 4))).not.toEqual(Array.from(before.values.slice(pixel * 4)));
    }
  });

  it.each(kinds.map((kind) => [JSON.stringify(kind), kind] as const))("%s sees later pixels where it is not causal", (_name, kind) => {
    const x = randomValues("x", [1, 4, 6, 4]);
    const weights = randomWeights("attention", [[4, 6, 4]], { heads: 2, kind });
    const changed: Values = { shape: x.shape, values: x.values.map((value, index) => (index >= 4 ? value + 1 + index : value)) };
    const [before, after] = [x, changed].map((input) => evaluate("attention", [input], { heads: 2, kind }, weights));
    expect(Array.from(after!.values.slice(0, 4))).not.toEqual(Array.from(before!.values.slice(0, 4)));
  });
});

describe("attention's shape rule", () => {
  it("keeps the shape of its first input", () => {
    for (const kind of kinds) expect(shapeOf("attention", [[4, 6, 8]], { heads: 4, kind })).toEqual([4, 6, 8]);
    expect(shapeOf("attention", [[5, 8], [3, 12]], { heads: 2 })).toEqual([5, 8]);
  });

  it.each([
    [[[14, 14, 18]], { heads: 4 }, "channels 18 % heads 4 = 2", "heads"],
    [[[14, 14, 16]], { kind: { tag: "local", arguments: { window: 4 } } }, "height 14 % window 4 = 2", "kind"],
    [[[15, 16]], { kind: { tag: "local", arguments: { window: 4 } } }, "tokens 15 % window 4 = 3", "kind"],
    [[[12, 14, 16]], { kind: { tag: "local", arguments: { window: 4 } } }, "width 14 % window 4 = 2", "kind"],
    [[[16, 8]], { kind: "axial" }, "[16, 8]", "kind"],
    [[[16, 8], [4, 8]], { causal: true }, "queries 16, keys 4", "causal"],
    [[[4, 4, 8], [4, 4, 8]], { kind: "axial" }, "neighbourhood", "kind"],
    [[[10]], {}, "[10]", undefined],
  ] as const)("%j with %j is refused: %s", (inputs, attributes, detail, parameter) => {
    const problem = problemOf("attention", inputs, attributes);
    expect(problem.detail).toContain(detail);
    expect(problem.parameter).toBe(parameter);
    expect(problem.problem.length).toBeLessThanOrEqual(70);
  });

  it("names windows that fit", () => {
    expect(problemOf("attention", [[14, 28, 16]], { kind: { tag: "local", arguments: { window: 4 } } }).help).toBe("windows that fit: 2, 7, 14");
  });
});

describe("attention's weights", () => {
  it("do not depend on how heads split them", () => {
    expect(weightsOf("attention", [[7, 7, 24]], { heads: 2 })).toEqual(weightsOf("attention", [[7, 7, 24]], { heads: 4 }));
  });

  it("count as in a vision transformer: 4 E^2 + 4 E for E = 64 * heads", () => {
    // shared/systems/03: biased projections of width 64 * heads.
    const count = weightsOf("attention", [[197, 384]], { heads: 6 }).reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    expect(count).toBe(4 * 384 * 384 + 4 * 384);
  });

  it("of a smaller attention are leading parts of a larger one", () => {
    const small = { heads: 2, dim: 3 };
    const large = weightsOf("attention", [[5, 6]], { heads: 4, dim: 3 });
    for (const { name, shape, axes } of weightsOf("attention", [[5, 6]], small)) {
      const whole = large.find((weight) => weight.name === name)!;
      expect(axes.every((axis) => axis === "leading")).toBe(true);
      expect(shape.every((size, axis) => size <= whole.shape[axis]!)).toBe(true);
    }
  });
});

describe("a network of attentions", () => {
  // The example of shared/systems/03, check 5: E = 384, 13 layers, 197 tokens of 16 x 16 patches, 10 classes.
  const heads = [6, 6, 5, 7, 5, 5, 5, 6, 6, 7, 7, 6, 7];
  const hidden = [1152, 1344, 1152, 1344, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1344, 1536];
  const points = (name: string, input: Shape, attributes: Attributes): number =>
    operatorNamed(name).workload([input], attributes, shapeOf(name, [input], attributes)).nests.reduce((sum, nest) => sum + nest.points, 0);
  const dense = (tokens: number, from: number, to: number): number => points("dense", [tokens, from], { channels: to });

  it.each([[{ tag: "linear", arguments: { feature: "cos" } }, 4.6418], ["softmax", 4.7736], [{ tag: "relative", arguments: { distance: 14 } }, 4.9673]] as const)("with %j takes %f G multiply-accumulates", (kind, giga) => {
    const layers = heads.map((count, layer) => points("attention", [197, 384], { heads: count, dim: 64, kind }) + dense(197, 384, hidden[layer]!) + dense(197, hidden[layer]!, 384));
    const total = dense(196, 768, 384) + layers.reduce((sum, each) => sum + each, 0) + dense(1, 384, 10);
    expect(total / 1e9).toBeCloseTo(giga, 4);
  });

  it("has the parameters that were counted for it", () => {
    const parameters = (name: string, input: Shape, attributes: Attributes = {}): number => weightsOf(name, [input], attributes).reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    const block = (count: number, width: number): number => parameters("attention", [197, 384], { heads: count, dim: 64 }) + 2 * parameters("layer_norm", [197, 384])
      + parameters("dense", [197, 384], { channels: width }) + parameters("dense", [197, width], { channels: 384 });
    const classToken = 384;
    const embedding = parameters("dense", [196, 768], { channels: 384 }) + classToken + parameters("position_embedding", [197, 384]);
    const layers = heads.reduce((sum, count, layer) => sum + block(count, hidden[layer]!), 0);
    expect(embedding + layers + parameters("layer_norm", [197, 384]) + parameters("dense", [384], { channels: 10 })).toBe(22_410_442);
  });
});
