/**
 * Rounded and cut weights by hand, and where the gradient is the true one (a cut weight) against differences in float64. The straight-
 * through gradients of rounding are held by the contract suite against closed forms.
 */
import { describe, expect, it } from "vitest";
import { isCompressed, keptWeights } from "../../src/ops/compression.js";
import { largestMask } from "../../src/ops/largest.js";
import type { Attributes } from "../../src/ops/operator.js";
import { operators } from "../../src/ops/registry.js";
import { randomStream } from "../../src/random/stream.js";
import { largestDifference, numericGradient, randomTensor } from "../reference/finite-differences.js";
import { reference } from "../reference/library.js";
import { gradientsOf, tensor, type ReferenceTensor } from "../reference/tensor.js";

const quantized = (given: Readonly<Record<string, number>>): Attributes => ({ precision: { tag: "quantized", arguments: given } });

function dense(x: ReferenceTensor, weight: ReferenceTensor, attributes: Attributes, training = true, ranges: readonly [number, number] = [0, 1]): ReferenceTensor {
  const [inputs, channels] = weight.shape as [number, number];
  return operators.get("dense")!.forward<ReferenceTensor>({
    library: reference, inputs: [x], weights: { weight, input_low: tensor([ranges[0]], [1]), input_high: tensor([ranges[1]], [1]) }, training,
    inputShapes: [[inputs]], outputShape: [channels], attributes: { channels, bias: false, ...attributes }, uniform: () => x, observe: () => undefined,
  });
}

const identity = (size: number): ReferenceTensor => tensor(Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0)), [size, size]);

describe("rounding", () => {
  it("gives each filter a symmetric grid: 3 bits are -3 .. 3 times a third of the greatest magnitude", () => {
    const weight = tensor([0.9, 2, -0.31, 5, 0.14, -6], [3, 2]);
    expect(Array.from(dense(identity(3), weight, quantized({ weights: 3 })).values)).toEqual([0.9, 2, -0.3, 4, 0, -6].map((value) => expect.closeTo(value, 12) as number));
  });

  it("keeps of one bit the sign, and the mean magnitude of the filter", () => {
    expect(Array.from(dense(identity(2), tensor([0.5, -1, -1.5, 3], [2, 2]), quantized({ weights: 1 })).values)).toEqual([1, -2, -1, 2]);
  });

  it("rounds inputs over the batch's range in training and over the running range at inference, zero exact", () => {
    const x = tensor([-0.5, 0, 1, 0.24], [1, 4]);
    // 2 bits: step 0.5, and zero is place 1.
    expect(Array.from(dense(x, identity(4), quantized({ activations: 2 })).values)).toEqual([-0.5, 0, 1, 0]);
    // Over [0, 3] the steps are 1, and nothing is below 0.
    expect(Array.from(dense(tensor([-0.5, 0, 5, 1.6], [1, 4]), identity(4), quantized({ activations: 2 }), false, [0, 3]).values)).toEqual([0, 0, 3, 2]);
  });

  it("is finer the more bits there are, and passes 16 nearly unchanged", () => {
    const random = randomStream(5, "rounding");
    const [x, weight] = [randomTensor(random, [6, 8]), randomTensor(random, [8, 4])];
    const exact = dense(x, weight, {}).values;
    const errors = [2, 4, 8, 16].map((bits) => largestDifference(dense(x, weight, quantized({ weights: bits, activations: bits })).values, exact));
    for (const [at, error] of errors.entries()) if (at > 0) expect(error).toBeLessThan(errors[at - 1]! / 3);
    expect(errors[3]).toBeLessThan(1e-3);
  });
});

describe("cutting", () => {
  it("keeps the greatest magnitudes, the first of equals, as many as are left", () => {
    expect(Array.from(largestMask(Float32Array.from([0.1, -3, 2, -2, 1e-30, 0]), 2))).toEqual([0, 1, 1, 0, 0, 0]);
    expect(Array.from(largestMask(Float32Array.from([1, 1, 1, 1]), 3))).toEqual([1, 1, 1, 0]);
    expect(Array.from(largestMask(Float32Array.from([1, 2]), 0))).toEqual([0, 0]);
    const random = randomStream(2, "largest");
    const values = Float32Array.from({ length: 3000 }, () => random.uniform() * 2 - 1);
    const least = Math.abs([...values].sort((a, b) => Math.abs(b) - Math.abs(a))[899]!);
    expect(largestMask(values, 900)).toEqual(values.map((value) => (Math.abs(value) >= least ? 1 : 0)));
    expect([keptWeights(100, 0.9), keptWeights(3, 0.999), keptWeights(7, 0)]).toEqual([10, 1, 7]);
  });

  it("has the true gradient: none for what is cut", () => {
    const random = randomStream(7, "cutting");
    const [x, weight] = [randomTensor(random, [5, 6]), randomTensor(random, [6, 3])];
    const f = ([input, latent]: readonly ReferenceTensor[]): ReferenceTensor => dense(input!, latent!, { sparsity: 0.5 });
    const output = f([x, weight]);
    const seed = randomTensor(random, output.shape).values;
    const gradients = gradientsOf(output, [x, weight], seed);
    gradients.forEach((gradient, which) => expect(largestDifference(gradient, numericGradient(f, [x, weight], which, seed))).toBeLessThan(1e-6));
    expect(gradients[1]!.filter((each) => each === 0).length).toBe(9);
  });
});

describe("left out", () => {
  it("changes nothing of a layer", () => {
    for (const name of ["conv", "dense", "depthwise"]) {
      const operator = operators.get(name)!;
      const quiet = operator.parameters.filter((parameter) => parameter.quiet).map((parameter) => parameter.name);
      expect(quiet).toEqual(["precision", "sparsity"]);
    }
    expect([{}, { precision: "full" }, { sparsity: 0 }, quantized({})].map(isCompressed)).toEqual([false, false, false, false]);
    expect([{ sparsity: 0.1 }, quantized({ weights: 8 }), quantized({ activations: 8 })].map(isCompressed)).toEqual([true, true, true]);
  });
});
