/**
 * What every provider of kernels must fulfil: agree with the plain loops on odd sizes, write nothing but its outputs, get by with the
 * workspace it asked for, leave its inputs alone, and give the same bits twice. Call it with a function that loads the provider.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream, type RandomStream } from "../../../src/random/stream.js";
import type { EngineTensor } from "../../../src/runtime/engine.js";
import { geometryOf, type Geometry } from "../../../src/runtime/geometry.js";
import { volume } from "../../../src/runtime/heap.js";
import type { KernelPack } from "../../../src/runtime/kernels/kernel-pack.js";
import { kernelPrimitives } from "../../../src/runtime/kernels/kernel-primitives.js";
import { plainPrimitives } from "../../../src/runtime/plain-primitives.js";
import { combinations, type Primitives } from "../../../src/runtime/primitives.js";
import { arena, type Arena } from "./arena.js";

/** Runs one primitive on fresh inputs; the results, and the tensors that may change. */
type Trial = (p: Primitives, make: Make) => readonly EngineTensor[];

interface Make {
  normal(...shape: number[]): EngineTensor;
  positive(...shape: number[]): EngineTensor;
  indices(count: number, bound: number): EngineTensor;
  readonly random: RandomStream;
}

const geometries: readonly (readonly [string, Geometry])[] = [
  ["3x3", geometryOf([2, 9, 7], [3, 3], { strides: [1, 1], padding: "same", dilation: [1, 1] })],
  ["3x3 stride 2", geometryOf([2, 9, 8], [3, 3], { strides: [2, 2], padding: "same", dilation: [1, 1] })],
  ["5x2 stride 3,1 dilation 1,2", geometryOf([3, 11, 9], [5, 2], { strides: [3, 1], padding: { top: 2, bottom: 1, left: 0, right: 1 }, dilation: [1, 2] })],
  ["1x1", geometryOf([5, 6, 5], [1, 1], { strides: [1, 1], padding: "valid", dilation: [1, 1] })],
  ["1x1 stride 2", geometryOf([5, 7, 5], [1, 1], { strides: [2, 2], padding: "valid", dilation: [1, 1] })],
  // More taps than the C++ kernels keep distances for.
  ["9x8 stride 4,3", geometryOf([1, 10, 9], [9, 8], { strides: [4, 3], padding: "same", dilation: [1, 1] })],
  ["7x7 on 3x3", geometryOf([1, 3, 3], [7, 7], { strides: [1, 1], padding: "same", dilation: [1, 1] })],
];

const inputs = (g: Geometry, channels: number): [number, number, number, number] => [g.batch, g.height, g.width, channels];
const outputs = (g: Geometry, channels: number): [number, number, number, number] => [g.batch, g.outHeight, g.outWidth, channels];

function windowTrials([name, g]: readonly [string, Geometry]): Record<string, Trial> {
  const [kh, kw] = [g.kernelHeight, g.kernelWidth];
  const trials: Record<string, Trial> = {};
  for (const [channels, out, groups] of [[1, 3, 1], [3, 8, 1], [4, 17, 1], [37, 9, 1], [6, 9, 3], [8, 16, 2]] as const) {
    const label = `${name} ${channels}->${out}/${groups}`;
    trials[`convolution ${label}`] = (p, m) => [p.convolution(m.normal(...inputs(g, channels)), m.normal(kh, kw, channels / groups, out), g, groups)];
    trials[`convolution input gradient ${label}`] = (p, m) => [p.convolutionInputGradient(m.normal(...outputs(g, out)), m.normal(kh, kw, channels / groups, out), g, groups)];
    trials[`convolution filter gradient ${label}`] = (p, m) => [p.convolutionFilterGradient(m.normal(...inputs(g, channels)), m.normal(...outputs(g, out)), g, groups)];
  }
  for (const [channels, out] of [[1, 3], [5, 8], [16, 9], [35, 2]] as const) {
    const label = `${name} ${channels}->${out}`;
    trials[`adder ${label}`] = (p, m) => [p.adder(m.normal(...inputs(g, channels)), m.normal(kh, kw, channels, out), g)];
    trials[`adder input gradient ${label}`] = (p, m) => [p.adderInputGradient(m.normal(...outputs(g, out)), m.normal(...inputs(g, channels)), m.normal(kh, kw, channels, out), g)];
    trials[`adder filter gradient ${label}`] = (p, m) => [p.adderFilterGradient(m.normal(...outputs(g, out)), m.normal(...inputs(g, channels)), m.normal(kh, kw, channels, out), g)];
  }
  for (const channels of [1, 6, 16, 37]) {
    const [label, filter] = [`${name} ${channels}`, [kh, kw, 1, channels] as const];
    trials[`depthwise adder ${label}`] = (p, m) => [p.depthwiseAdder(m.normal(...inputs(g, channels)), m.normal(...filter), g)];
    trials[`depthwise adder input gradient ${label}`] = (p, m) => [p.depthwiseAdderInputGradient(m.normal(...outputs(g, channels)), m.normal(...inputs(g, channels)), m.normal(...filter), g)];
    trials[`depthwise adder filter gradient ${label}`] = (p, m) => [p.depthwiseAdderFilterGradient(m.normal(...outputs(g, channels)), m.normal(...inputs(g, channels)), m.normal(...filter), g)];
  }
  for (const [channels, multiplier] of [[1, 1], [7, 1], [16, 1], [21, 1], [3, 2], [5, 3]] as const) {
    const label = `${name} ${channels}x${multiplier}`;
    trials[`depthwise ${label}`] = (p, m) => [p.depthwise(m.normal(...inputs(g, channels)), m.normal(kh, kw, channels, multiplier), g)];
    trials[`depthwise input gradient ${label}`] = (p, m) => [p.depthwiseInputGradient(m.normal(...outputs(g, channels * multiplier)), m.normal(kh, kw, channels, multiplier), g)];
    trials[`depthwise filter gradient ${label}`] = (p, m) => [p.depthwiseFilterGradient(m.normal(...inputs(g, channels)), m.normal(...outputs(g, channels * multiplier)), g, multiplier)];
  }
  for (const channels of [1, 4, 7, 18]) {
    trials[`max pool ${name} ${channels}`] = (p, m) => [p.maxPool(m.normal(...inputs(g, channels)), g)];
    trials[`max pool gradient ${name} ${channels}`] = (p, m) => [p.maxPoolGradient(m.normal(...inputs(g, channels)), m.normal(...outputs(g, channels)), g)];
    trials[`average pool ${name} ${channels}`] = (p, m) => [p.averagePool(m.normal(...inputs(g, channels)), g)];
    trials[`average pool gradient ${name} ${channels}`] = (p, m) => [p.averagePoolGradient(m.normal(...outputs(g, channels)), g)];
  }
  return trials;
}

function matrixTrials(): Record<string, Trial> {
  const trials: Record<string, Trial> = {};
  for (const [batch, m, n, k] of [[8, 5, 3, 2], [9, 50, 33, 18], [16, 8, 64, 7], [1, 1, 1, 1], [1, 4, 8, 16], [1, 5, 9, 7], [1, 130, 17, 300], [1, 98, 33, 513], [3, 7, 5, 6], [2, 33, 8, 1]] as const) {
    for (const [ta, tb] of [[false, false], [false, true], [true, false], [true, true]] as const) {
      trials[`product ${batch}x ${m} ${n} ${k} ${ta} ${tb}`] = (p, make) => [p.matMul(ta ? make.normal(batch, k, m) : make.normal(batch, m, k), tb ? make.normal(1, n, k) : make.normal(1, k, n), ta, tb)];
      trials[`products ${batch}x ${m} ${n} ${k} ${ta} ${tb}`] = (p, make) => [p.matMul(ta ? make.normal(1, k, m) : make.normal(1, m, k), tb ? make.normal(batch, n, k) : make.normal(batch, k, n), ta, tb)];
    }
  }
  for (const [outer, middle, inner] of [[1, 1, 1], [3, 5, 7], [1, 1000, 1], [2, 9001, 1], [1, 600, 37], [5, 1, 16], [4, 30, 3]] as const) {
    trials[`sum ${outer} ${middle} ${inner}`] = (p, m) => [p.sumMiddle(m.normal(outer, middle, inner), outer, middle, inner)];
    trials[`spread ${outer} ${middle} ${inner}`] = (p, m) => [p.spreadMiddle(m.normal(outer, inner), outer, middle, inner, 0.25)];
    trials[`cumulative sum ${outer} ${middle} ${inner}`] = (p, m) => [p.cumulativeSum(m.normal(outer, middle, inner), outer, middle, inner, middle % 2 === 0)];
  }
  for (const [leading, shape] of [[[], [1]], [[5], [1]], [[7], []], [[6], [13]], [[3, 4], [5, 8]], [[40], [64]], [[1], [1001]]] as const) {
    for (const operation of combinations) trials[`${operation} ${leading.join("x")} of ${shape.join("x")}`] = (p, m) => [p.combine(m.normal(...leading, ...shape), m.normal(...shape), operation)];
  }
  for (const [shape, permutation] of [[[7], [0]], [[5, 9], [1, 0]], [[16, 8], [1, 0]], [[3, 4, 5], [1, 0, 2]], [[3, 4, 5], [2, 1, 0]], [[2, 1, 5, 1], [3, 2, 1, 0]], [[2, 3, 4, 5, 6], [2, 0, 3, 1, 4]], [[2, 3, 4, 5, 2, 3], [5, 3, 1, 0, 2, 4]]] as const) {
    trials[`transpose ${shape.join("x")} by ${permutation.join()}`] = (p, m) => [p.transpose(m.normal(...shape), permutation)];
  }
  return trials;
}

function rowTrials(): Record<string, Trial> {
  const trials: Record<string, Trial> = {};
  for (const [rows, width] of [[1, 1], [5, 3], [300, 8], [9, 13], [700, 21], [2, 64]] as const) {
    const label = `${rows} x ${width}`;
    trials[`statistics ${label}`] = (p, m) => { const { mean, variance } = p.statistics(m.normal(rows, width)); return [mean, variance]; };
    trials[`normalize ${label}`] = (p, m) => [p.normalize(m.normal(rows, width), { mean: m.normal(width), variance: m.positive(width) }, m.normal(width), m.normal(width), 1e-3)];
    trials[`normalize gradient ${label}`] = (p, m) => p.normalizeGradient(m.normal(rows, width), m.normal(rows, width), { mean: m.normal(width), variance: m.positive(width) }, m.normal(width), 1e-3);
    trials[`layer norm ${label}`] = (p, m) => [p.layerNorm(m.normal(rows, width), m.normal(width), m.normal(width), 1e-3)];
    trials[`layer norm gradient ${label}`] = (p, m) => p.layerNormGradient(m.normal(rows, width), m.normal(rows, width), m.normal(width), 1e-3);
    trials[`softmax ${label}`] = (p, m) => [p.softmax(m.normal(rows, width))];
    trials[`softmax gradient ${label}`] = (p, m) => [p.softmaxGradient(m.positive(rows, width), m.normal(rows, width))];
    trials[`gelu ${label}`] = (p, m) => [p.gelu(m.normal(rows, width))];
    trials[`gelu gradient ${label}`] = (p, m) => [p.geluGradient(m.normal(rows, width), m.normal(rows, width))];
    trials[`relu ${label}`] = (p, m) => [p.relu(m.normal(rows, width), false), p.relu(p.spreadMiddle(m.normal(rows, width), rows, 1, width, 9), true)];
    trials[`relu gradient ${label}`] = (p, m) => [p.reluGradient(m.normal(rows, width), m.normal(rows, width), false), p.reluGradient(m.normal(rows, width), m.normal(rows, width), true)];
    trials[`round ${label}`] = (p, m) => [p.round(m.normal(rows, width)), p.roundToPowerOfTwo(m.normal(rows, width), -5, 0)];
    trials[`cross-entropy ${label}`] = (p, m) => [p.crossEntropy(m.normal(rows, width), m.indices(rows, width), 0.1)];
    trials[`cross-entropy gradient ${label}`] = (p, m) => [p.crossEntropyGradient(m.normal(rows, width), m.indices(rows, width), 0.1, m.normal())];
    trials[`scatter ${label}`] = (p, m) => [p.scatterRows(m.normal(rows, width), m.indices(rows, 4), 4)];
    trials[`sgd ${label}`] = (p, m) => { const [w, g, v] = [m.normal(rows, width), m.normal(rows, width), m.normal(rows, width)]; p.updateSgd(w, g, v, 0.1, 0.9, 0.01); return [w, v]; };
    for (const decoupled of [false, true]) trials[`adam ${decoupled} ${label}`] = (p, m) => {
      const [w, g, first, second] = [m.normal(rows, width), m.normal(rows, width), m.normal(rows, width), m.positive(rows, width)];
      p.updateAdam(w, g, first, second, { step: 3, rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, decoupled });
      return [w, first, second];
    };
    trials[`slice ${label}`] = (p, m) => [p.slice(m.normal(rows + 2, 3, width + 1), [1, 0, 1], [rows, 2, width]), p.slice(m.normal(rows + 2, 3, width), [1, 0, 0], [rows, 3, width])];
    trials[`pad ${label}`] = (p, m) => [p.pad(m.normal(rows, 3, width), [[0, 1], [2, 0], [1, 1]]), p.pad(m.normal(rows, width), [[1, 0], [0, 0]])];
    trials[`concat ${label}`] = (p, m) => [0, 1, 2].map((axis) => p.concat([m.normal(rows, 3, width), m.normal(rows, 3, width)], axis));
    trials[`region ${label}`] = (p, m) => { const target = m.normal(rows + 2, 3, width + 1); p.writeRegion(target, m.normal(rows, 2, width), [1, 0, 1]); return [target]; };
  }
  return trials;
}

function run(heap: Arena, primitives: Primitives, name: string, trial: Trial): { readonly results: Float32Array[]; readonly broken: number; readonly changed: number } {
  heap.reset();
  const random = randomStream(9, name);
  const made: { readonly tensor: EngineTensor; readonly before: Float32Array }[] = [];
  const keep = (tensor: EngineTensor): EngineTensor => { made.push({ tensor, before: heap.floats(tensor).slice() }); return tensor; };
  const draw = (shape: readonly number[], f: (value: number) => number): EngineTensor => keep(heap.tensor(Array.from({ length: volume(shape) }, () => f(random.normal())), shape));
  const results = trial(primitives, {
    random,
    normal: (...shape) => draw(shape, (value) => value),
    positive: (...shape) => draw(shape, (value) => Math.abs(value) + 0.2),
    indices: (count, bound) => keep(heap.indices(Array.from({ length: count }, () => random.integer(bound)))),
  });
  return {
    results: results.map((tensor) => heap.floats(tensor).slice()), broken: heap.broken(),
    changed: made.filter(({ tensor, before }) => !results.includes(tensor) && !sameBits(before, heap.floats(tensor))).length,
  };
}

function sameBits(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
}

/** Largest difference, relative to the largest value of the tensor. */
function distance(found: Float32Array, expected: Float32Array): number {
  const size = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  return found.reduce((worst, value, i) => (Number.isNaN(value) ? Infinity : Math.max(worst, Math.abs(value - expected[i]!) / size)), 0);
}

/** Any window that has an output and no place wholly outside the image. */
const anyWindow = fc.record({
  batch: fc.integer({ min: 1, max: 3 }), height: fc.integer({ min: 1, max: 12 }), width: fc.integer({ min: 1, max: 12 }),
  kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), strides: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  dilation: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })), same: fc.boolean(),
  groups: fc.integer({ min: 1, max: 3 }), channels: fc.integer({ min: 1, max: 9 }), out: fc.integer({ min: 1, max: 10 }), multiplier: fc.integer({ min: 1, max: 3 }),
}).map(({ batch, height, width, kernel, strides, dilation, same, ...rest }) => ({ ...rest, g: geometryOf([batch, height, width], kernel, { strides, dilation, padding: same ? "same" : "valid" }) }))
  .filter(({ g }) => g.outHeight > 0 && g.outWidth > 0);

function randomWindowTrial({ g, groups, channels, out, multiplier }: { g: Geometry; groups: number; channels: number; out: number; multiplier: number }): Trial {
  const [kh, kw] = [g.kernelHeight, g.kernelWidth];
  return (p, m) => {
    const [wide, wideOut] = [channels * groups, out * groups];
    const [x, dy, filter] = [m.normal(...inputs(g, wide)), m.normal(...outputs(g, wideOut)), m.normal(kh, kw, channels, wideOut)];
    const [thin, thinOut, adder] = [m.normal(...inputs(g, channels)), m.normal(...outputs(g, out)), m.normal(kh, kw, channels, out)];
    const [thinFlow, oneFilter] = [m.normal(...outputs(g, channels)), m.normal(kh, kw, 1, channels)];
    const [deepOut, deep] = [m.normal(...outputs(g, channels * multiplier)), m.normal(kh, kw, channels, multiplier)];
    return [
      p.convolution(x, filter, g, groups), p.convolutionInputGradient(dy, filter, g, groups), p.convolutionFilterGradient(x, dy, g, groups),
      p.adder(thin, adder, g), p.adderInputGradient(thinOut, thin, adder, g), p.adderFilterGradient(thinOut, thin, adder, g),
      p.depthwiseAdder(thin, oneFilter, g), p.depthwiseAdderInputGradient(thinFlow, thin, oneFilter, g), p.depthwiseAdderFilterGradient(thinFlow, thin, oneFilter, g),
      p.depthwise(thin, deep, g), p.depthwiseInputGradient(deepOut, deep, g), p.depthwiseFilterGradient(thin, deepOut, g, multiplier),
    ];
  };
}

export function kernelContract(name: string, load: (memory: WebAssembly.Memory) => KernelPack): void {
  const heap = arena();
  const plain = plainPrimitives(heap);
  const kernels = kernelPrimitives(heap, load(heap.memory), plain);
  describe(`the kernels of ${name}`, () => {
    it("agree with the plain loops on any window", () => {
      fc.assert(fc.property(anyWindow, (example) => {
        const trial = randomWindowTrial(example);
        const expected = run(heap, plain, "any window", trial);
        const found = run(heap, kernels, "any window", trial);
        found.results.forEach((values, i) => expect(distance(values, expected.results[i]!)).toBeLessThan(2e-5));
        expect([found.broken, found.changed]).toEqual([0, 0]);
      }), { numRuns: 150, seed: 1 });
    });

    it("pass on what is no number", () => {
      heap.reset();
      for (const count of [5, 40]) for (const bounded of [false, true]) expect(heap.floats(kernels.relu(heap.tensor(new Float32Array(count).fill(NaN), [count]), bounded))).toEqual(new Float32Array(count).fill(NaN));
    });

    it.each(Object.entries({ ...Object.assign({}, ...geometries.map(windowTrials)) as Record<string, Trial>, ...matrixTrials(), ...rowTrials() }))("%s", (trialName, trial) => {
      const expected = run(heap, plain, trialName, trial);
      const found = run(heap, kernels, trialName, trial);
      const again = run(heap, kernels, trialName, trial);
      found.results.forEach((values, i) => expect(distance(values, expected.results[i]!)).toBeLessThan(2e-5));
      expect(found.broken).toBe(0);
      expect(found.changed).toBe(0);
      expect(again.results.every((values, i) => sameBits(values, found.results[i]!))).toBe(true);
    });
  });
}
