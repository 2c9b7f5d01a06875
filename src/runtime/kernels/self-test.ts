/**
 * Holds one provider of kernels against another before its first use: every kernel on small random problems with odd sizes, on a heap
 * of its own. A compiler or processor that computes something else is found here and not in somebody's results.
 */
import { randomStream } from "../../random/stream.js";
import type { EngineTensor } from "../engine.js";
import { geometryOf } from "../geometry.js";
import { volume, type WasmHeap } from "../heap.js";
import { plainPrimitives } from "../plain-primitives.js";
import { combinations, type Primitives } from "../primitives.js";
import type { KernelPack } from "./kernel-pack.js";
import { kernelPrimitives } from "./kernel-primitives.js";

const PAGES = 96;
/** Difference relative to the largest value of a result: rounding stays a hundred times below. */
const TOLERANCE = 1e-4;

interface TestHeap extends WasmHeap { reset(): void }

/** Areas one behind the other; nothing is ever freed but all at once. */
function testHeap(): TestHeap {
  const memory = new WebAssembly.Memory({ initial: PAGES });
  const places = new Map<EngineTensor, number>();
  let next = 1024;
  const take = (bytes: number): number => {
    const place = next;
    next = (next + bytes + 15) & ~15;
    return place;
  };
  const pointer = (tensor: EngineTensor): number => places.get(tensor)!;
  return {
    memory, pointer,
    allocate(shape) {
      const tensor = { shape: [...shape], size: volume(shape), dtype: "float32" } as unknown as EngineTensor;
      places.set(tensor, take(4 * tensor.size));
      return tensor;
    },
    floats: (tensor) => new Float32Array(memory.buffer, pointer(tensor), tensor.size),
    integers: (tensor) => new Int32Array(memory.buffer, pointer(tensor), tensor.size),
    owners: () => 1,
    scratch: (_slot, bytes) => take(bytes),
    // What a kernel fails to write must not be what the other one wrote there.
    reset() { new Float32Array(memory.buffer, 1024, (next - 1024) / 4).fill(NaN); places.clear(); next = 1024; },
  };
}

interface Make {
  normal(...shape: number[]): EngineTensor;
  positive(...shape: number[]): EngineTensor;
  indices(count: number, bound: number): EngineTensor;
}

type Trial = (p: Primitives, make: Make) => readonly EngineTensor[];

const windows = [
  geometryOf([3, 9, 8], [3, 3], { strides: [1, 1], padding: "same", dilation: [1, 1] }),
  geometryOf([2, 11, 7], [5, 3], { strides: [2, 1], padding: "same", dilation: [1, 2] }),
];

const windowTrials: Readonly<Record<string, Trial>> = {
  convolution: (p, m) => windows.flatMap((g) => [19, 48].flatMap((out) => {
    const [x, dy, filter] = [m.normal(g.batch, g.height, g.width, 21), m.normal(g.batch, g.outHeight, g.outWidth, out), m.normal(g.kernelHeight, g.kernelWidth, 21, out)];
    return [p.convolution(x, filter, g, 1), p.convolutionInputGradient(dy, filter, g, 1), p.convolutionFilterGradient(x, dy, g, 1)];
  })),
  adder: (p, m) => windows.flatMap((g) => [5, 37].flatMap((channels) => {
    const [x, dy, filter] = [m.normal(g.batch, g.height, g.width, channels), m.normal(g.batch, g.outHeight, g.outWidth, 18), m.normal(g.kernelHeight, g.kernelWidth, channels, 18)];
    return [p.adder(x, filter, g), p.adderInputGradient(dy, x, filter, g), p.adderFilterGradient(dy, x, filter, g)];
  })),
  "depthwise adder": (p, m) => windows.flatMap((g) => [5, 37].flatMap((channels) => {
    const [x, dy, filter] = [m.normal(g.batch, g.height, g.width, channels), m.normal(g.batch, g.outHeight, g.outWidth, channels), m.normal(g.kernelHeight, g.kernelWidth, 1, channels)];
    return [p.depthwiseAdder(x, filter, g), p.depthwiseAdderInputGradient(dy, x, filter, g), p.depthwiseAdderFilterGradient(dy, x, filter, g)];
  })),
  depthwise: (p, m) => windows.flatMap((g) => ([[70, 1], [6, 2]] as const).flatMap(([channels, multiplier]) => {
    const [x, dy, filter] = [m.normal(g.batch, g.height, g.width, channels), m.normal(g.batch, g.outHeight, g.outWidth, channels * multiplier), m.normal(g.kernelHeight, g.kernelWidth, channels, multiplier)];
    return [p.depthwise(x, filter, g), p.depthwiseInputGradient(dy, filter, g), p.depthwiseFilterGradient(x, dy, g, multiplier)];
  })),
  pooling: (p, m) => windows.flatMap((g) => {
    const [x, dy] = [m.normal(g.batch, g.height, g.width, 21), m.normal(g.batch, g.outHeight, g.outWidth, 21)];
    return [p.maxPool(x, g), p.maxPoolGradient(x, dy, g), p.averagePool(x, g), p.averagePoolGradient(dy, g)];
  }),
};

const otherTrials: Readonly<Record<string, Trial>> = {
  products: (p, m) => [false, true].flatMap((ta) => [false, true].flatMap((tb) => ([[1, 130, 33, 300], [9, 13, 50, 7]] as const).map(([batch, rows, columns, depth]) =>
    p.matMul(ta ? m.normal(batch, depth, rows) : m.normal(batch, rows, depth), tb ? m.normal(batch, columns, depth) : m.normal(batch, depth, columns), ta, tb)))),
  "long products": (p, m) => [p.matMul(m.normal(1, 8200, 5), m.normal(1, 8200, 9), true, false)],
  sums: (p, m) => ([[3, 50, 37], [1, 700, 21], [2, 5000, 1], [9, 3, 4]] as const).flatMap(([a, b, c]) => [p.sumMiddle(m.normal(a, b, c), a, b, c), p.spreadMiddle(m.normal(a, c), a, b, c, 0.5)]),
  "segment sums": (p, m) => [p.scatterRows(m.normal(40, 21), m.indices(40, 7), 9), p.scatterRows(m.normal(30, 150), m.indices(30, 4), 4)],
  movement: (p, m) => [p.transpose(m.normal(3, 20, 5, 18), [2, 0, 3, 1]), p.transpose(m.normal(3, 4, 70), [1, 0, 2]), p.slice(m.normal(6, 5, 19), [1, 2, 3], [4, 2, 15]), p.concat([m.normal(4, 7), m.normal(4, 70)], 1)],
  "batch normalization": (p, m) => [3, 21, 64].flatMap((width) => {
    const [x, dy, scale, offset] = [m.normal(600, width), m.normal(600, width), m.positive(width), m.normal(width)];
    const statistics = p.statistics(x);
    return [statistics.mean, statistics.variance, p.normalize(x, statistics, scale, offset, 1e-3), ...p.normalizeGradient(x, dy, statistics, scale, 1e-3)];
  }),
  rows: (p, m) => [3, 21, 64].flatMap((width) => {
    const [x, dy, scale, offset] = [m.normal(50, width), m.normal(50, width), m.positive(width), m.normal(width)];
    return [p.layerNorm(x, scale, offset, 1e-3), ...p.layerNormGradient(x, dy, scale, 1e-3), p.softmax(x), p.softmaxGradient(p.softmax(x), dy)];
  }),
  loss: (p, m) => { const [x, labels] = [m.normal(30, 21), m.indices(30, 21)]; return [p.crossEntropy(x, labels, 0.1), p.crossEntropyGradient(x, labels, 0.1, m.positive())]; },
  combinations: (p, m) => combinations.flatMap((operation) => [[1, 37], [5, 21], [1013]].map((shape) => p.combine(m.normal(...(shape.length === 1 ? shape : [9, ...shape])), m.normal(...shape), operation))),
  elementwise: (p, m) => { const [x, dy] = [m.normal(1013), m.normal(1013)]; return [p.relu(x, true), p.gelu(x), p.geluGradient(x, dy), p.reluGradient(x, dy, true), p.round(x), p.roundToPowerOfTwo(x, -5, 0)]; },
  updates: (p, m) => {
    const [a, b, g, v, first, second] = [m.normal(1013), m.normal(1013), m.normal(1013), m.normal(1013), m.normal(1013), m.positive(1013)];
    p.updateSgd(a, g, v, 0.1, 0.9, 0.01);
    p.updateAdam(b, g, first, second, { step: 3, rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, decoupled: false });
    return [a, v, b, first, second];
  },
};

/** A prime number of random values between -3 and 3, from which every input is cut. */
function randomValues(): Float32Array {
  const random = randomStream(5, "kernel self-test");
  return Float32Array.from({ length: 4099 }, () => 3 * (random.uniform() + random.uniform() - 1));
}

function resultsOf(heap: TestHeap, primitives: Primitives, values: Float32Array, trial: Trial): Float32Array[] {
  heap.reset();
  let drawn = 0;
  const draw = (): number => values[drawn++ % values.length]!;
  const fill = (shape: readonly number[], next: () => number): EngineTensor => {
    const tensor = heap.allocate(shape);
    const place = heap.floats(tensor);
    for (let i = 0; i < place.length; i++) place[i] = next();
    return tensor;
  };
  const results = trial(primitives, {
    normal: (...shape) => fill(shape, draw),
    positive: (...shape) => fill(shape, () => Math.abs(draw()) + 0.2),
    indices(count, bound) { const tensor = heap.allocate([count]); heap.integers(tensor).forEach((_, i, all) => { all[i] = Math.floor(bound * Math.abs(draw()) / 3); }); return tensor; },
  });
  return results.map((tensor) => heap.floats(tensor).slice());
}

/** Largest difference relative to the largest value; infinite where something is no number. */
function distance(found: Float32Array, expected: Float32Array): number {
  let [size, worst] = [1, 0];
  for (let i = 0; i < expected.length; i++) {
    size = Math.max(size, Math.abs(expected[i]!));
    const difference = Math.abs(found[i]! - expected[i]!);
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
  }
  return worst / size;
}

/** The kernels of `candidate` that differ from those of `reference`, with by how much; empty when all agree. */
export function kernelDifferences(candidate: (memory: WebAssembly.Memory) => KernelPack, reference: (memory: WebAssembly.Memory) => KernelPack): string[] {
  const heap = testHeap();
  const others = plainPrimitives(heap);
  const [mine, theirs] = [kernelPrimitives(heap, candidate(heap.memory), others), kernelPrimitives(heap, reference(heap.memory), others)];
  const values = randomValues();
  return Object.entries({ ...windowTrials, ...otherTrials }).flatMap(([name, trial]) => {
    const expected = resultsOf(heap, theirs, values, trial);
    const found = resultsOf(heap, mine, values, trial);
    const worst = Math.max(...found.map((values, i) => distance(values, expected[i]!)));
    return worst < TOLERANCE ? [] : [`${name} differ by ${worst.toExponential(1)}`];
  });
}
