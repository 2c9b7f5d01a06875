/**
 * What weight sharing means for results (Once-for-All): with leading channels and centred kernels cut from a larger candidate, the
 * smaller one computes the leading channels of the larger one's output, or what the larger one would with its outer taps at zero.
 */
import { describe, it } from "vitest";
import type { Attributes } from "../../src/ops/operator.js";
import { sliceRegion } from "../../src/runtime/sharing.js";
import { reference } from "../reference/library.js";
import { tensor } from "../reference/tensor.js";
import { evaluate, expectClose, randomValues, randomWeights, weightsOf, type Values, type Weights } from "./evaluate.js";

const IMAGE = [5, 4, 6];

const sliced = (values: Values, begin: readonly number[], size: readonly number[]): Values => {
  const part = reference.slice(tensor(values.values, values.shape), begin, size);
  return { shape: part.shape, values: Array.from(part.values) };
};

/** The weights of the smaller candidate inside those of the larger one. */
function cut(name: string, shape: readonly number[], attributes: Attributes, larger: Weights): Weights {
  return Object.fromEntries(weightsOf(name, [shape], attributes).map((weight) => {
    const region = sliceRegion(weight.axes, weight.shape, larger[weight.name]!.shape);
    return [weight.name, sliced(larger[weight.name]!, region.begin, region.size)];
  }));
}

const leading = (values: Values, channels: number): Values => sliced(values, values.shape.map(() => 0), [...values.shape.slice(0, -1), channels]);

describe("a narrower candidate gives the leading channels of a wider one", () => {
  it.each([
    ["conv", { kernel: 3, bias: true }], ["conv", { kernel: [3, 1], stride: 2 }], ["shift", { mode: "q", bias: true }], ["shift", { mode: "ps" }], ["add", { kernel: 3 }], ["dense", {}],
  ] as const)("%s %j", (name, more) => {
    const weights = randomWeights(name, [IMAGE], { channels: 8, ...more });
    const x = randomValues("elastic", [2, ...IMAGE]);
    const narrow = { channels: 5, ...more };
    expectClose(evaluate(name, [x], narrow, cut(name, IMAGE, narrow, weights)), leading(evaluate(name, [x], { channels: 8, ...more }, weights), 5).values);
  });

  it.each(["depthwise", "batch_norm", "scale", "offset"])("%s, with fewer channels in", (name) => {
    const attributes: Attributes = name === "scale" || name === "offset" ? { learned: true } : {};
    const weights = { ...randomWeights(name, [IMAGE], attributes), ...(name === "batch_norm" ? { variance: { shape: [6], values: [1, 2, 3, 4, 5, 6] } } : {}) };
    const x = randomValues("elastic", [2, ...IMAGE]);
    const small = [...IMAGE.slice(0, -1), 4];
    expectClose(evaluate(name, [leading(x, 4)], attributes, cut(name, small, attributes, weights)), leading(evaluate(name, [x], attributes, weights), 4).values);
  });
});

describe("a smaller kernel is the centre of a larger one", () => {
  /** The taps outside the centred `kernel` set to zero. */
  const masked = (values: Values, kernel: number): Values => {
    const [rows, columns] = values.shape as [number, number];
    const inner = values.values.length / (rows * columns);
    const inside = (at: number, of: number): boolean => at >= (of - kernel) / 2 && at < (of + kernel) / 2;
    return { shape: values.shape, values: values.values.map((value, i) => (inside(Math.floor(i / inner / columns), rows) && inside(Math.floor(i / inner) % columns, columns) ? value : 0)) };
  };

  it.each([["conv", { channels: 3 }], ["depthwise", {}], ["shift", { channels: 3 }], ["shift", { channels: 3, mode: "ps" }]])("%s %j", (name, more) => {
    const weights = randomWeights(name, [IMAGE], { ...more, kernel: 5 });
    const x = randomValues("elastic", [2, ...IMAGE]);
    const small = { ...more, kernel: 3 };
    const zeroed = Object.fromEntries(Object.entries(weights).map(([weight, values]) => [weight, masked(values, 3)]));
    expectClose(evaluate(name, [x], small, cut(name, IMAGE, small, weights)), evaluate(name, [x], { ...more, kernel: 5 }, zeroed).values);
  });
});
