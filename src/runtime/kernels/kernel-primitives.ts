/** The primitives on the WebAssembly heap: shapes in, kernel calls out. */
import { power } from "../../random/power.js";
import type { EngineTensor } from "../engine.js";
import { volume, type WasmHeap } from "../heap.js";
import { combinations, type AdamSettings, type Primitives } from "../primitives.js";
import { regionOf, regionPrimitives, type Region } from "../regions.js";
import { kernelAttention } from "./kernel-attention.js";
import type { KernelPack } from "./kernel-pack.js";
import { transposePlan } from "./kernel-transpose.js";
import { kernelWindows } from "./kernel-windows.js";
import { Slot } from "./slots.js";

type T = EngineTensor;

const FLOAT = 4;

/** `others` supplies what needs no kernel: it is rare or only moves bytes. */
export function kernelPrimitives(heap: WasmHeap, pack: KernelPack, others: Primitives): Primitives {
  const { pointer, allocate, scratch, memory } = heap;
  const lastOf = (tensor: T): number => tensor.shape.at(-1)!;
  const rowsOf = (tensor: T): number => tensor.size / lastOf(tensor);

  /** Applies a kernel (inputs..., target) to tensors of one shape. */
  function like(model: T, kernel: (target: number) => void): T {
    const result = allocate(model.shape);
    kernel(pointer(result));
    return result;
  }

  function transpose(x: T, permutation: readonly number[]): T {
    const result = allocate(permutation.map((axis) => x.shape[axis]!));
    const plan = transposePlan(x.shape, permutation);
    const numbers = plan.kind === "runs" ? plan.outer.flatMap(({ size, from }) => [size, from]) : plan.outer.flatMap(({ size, from, to }) => [size, from, to]);
    const axes = scratch(Slot.axes, 4 * Math.max(1, numbers.length));
    new Int32Array(memory.buffer, axes, numbers.length).set(numbers);
    const outer = volume(plan.outer.map(({ size }) => size));
    if (plan.kind === "runs") pack.copyRuns(pointer(x), pointer(result), axes, plan.outer.length, outer, plan.run);
    else pack.turnPlanes(pointer(x), pointer(result), axes, plan.outer.length, outer, plan.rows.size, plan.rows.from, plan.columns.size, plan.columns.to);
    return result;
  }

  function axesOf({ axes }: Region): { readonly axes: number; readonly rank: number; readonly outer: number } {
    const address = scratch(Slot.axes, 8 * Math.max(1, axes.length));
    new Int32Array(memory.buffer, address, 2 * axes.length).set(axes.flatMap(({ size, stride }) => [size, stride]));
    return { axes: address, rank: axes.length, outer: volume(axes.map(({ size }) => size)) };
  }

  const regions = regionPrimitives(heap, {
    take(source, region, target) {
      const { axes, rank, outer } = axesOf(region);
      pack.copyRuns(pointer(source) + FLOAT * region.start, pointer(target), axes, rank, outer, region.run);
    },
    place(source, target, region) {
      const { axes, rank, outer } = axesOf(region);
      pack.placeRuns(pointer(source), pointer(target) + FLOAT * region.start, axes, rank, outer, region.run);
    },
  });

  /** `work` on the same region of some tensors: in place where it is one run, else on packed copies, which are put back. */
  function inRegion(tensors: readonly T[], begin: readonly number[], size: readonly number[], work: (...copies: number[]) => void): void {
    const region = regionOf(tensors[0]!.shape, begin, size);
    if (region.axes.every((axis) => axis.size === 1)) return work(...tensors.map((tensor) => pointer(tensor) + FLOAT * region.start));
    const bytes = FLOAT * region.run * volume(region.axes.map((axis) => axis.size));
    const packed = scratch(Slot.work, bytes * tensors.length);
    const { axes, rank, outer } = axesOf(region);
    const copies = tensors.map((_, index) => packed + index * bytes);
    tensors.forEach((tensor, index) => { pack.copyRuns(pointer(tensor) + FLOAT * region.start, copies[index]!, axes, rank, outer, region.run); });
    work(...copies);
    tensors.forEach((tensor, index) => { pack.placeRuns(copies[index]!, pointer(tensor) + FLOAT * region.start, axes, rank, outer, region.run); });
  }

  function adam(parameter: number, gradient: number, first: number, second: number, count: number, { step, rate, beta1, beta2, epsilon, decay, decoupled }: AdamSettings): void {
    pack.updateAdam(parameter, gradient, first, second, count, rate / (1 - power(beta1, step)), beta1, beta2, 1 / (1 - power(beta2, step)), epsilon, decoupled ? 0 : decay, decoupled ? rate * decay : 0);
  }

  return {
    ...others, ...kernelWindows(heap, pack), ...kernelAttention(heap, pack), ...regions, transpose,

    matMul(a, b, transposeA, transposeB) {
      const [batchA, a1, a2] = a.shape as [number, number, number];
      const [batchB, b1, b2] = b.shape as [number, number, number];
      const [m, k, n] = [transposeA ? a2 : a1, transposeA ? a1 : a2, transposeB ? b1 : b2];
      const batch = Math.max(batchA, batchB);
      const result = allocate([batch, m, n]);
      const workspace = scratch(Slot.work, pack.productWorkspace(n));
      pack.products(pointer(a), transposeA ? 1 : 0, batchA === 1 ? 0 : m * k, pointer(b), transposeB ? 1 : 0, batchB === 1 ? 0 : k * n, pointer(result), batch, m, n, k, workspace);
      return result;
    },
    sumMiddle(x, outer, middle, inner) {
      const result = allocate([outer, inner]);
      pack.sumMiddle(pointer(x), pointer(result), outer, middle, inner);
      return result;
    },
    spreadMiddle(x, outer, middle, inner, factor) {
      const result = allocate([outer, middle, inner]);
      pack.spreadMiddle(pointer(x), pointer(result), outer, middle, inner, factor);
      return result;
    },

    scatterRows(dy, indices, height) {
      const width = lastOf(dy);
      const result = allocate([height, width]);
      pack.segmentSum(pointer(dy), pointer(indices), pointer(result), indices.size, width, height);
      return result;
    },

    statistics(x) {
      const channels = lastOf(x);
      const [mean, variance] = [allocate([channels]), allocate([channels])];
      pack.batchStatistics(pointer(x), pointer(mean), pointer(variance), rowsOf(x), channels);
      return { mean, variance };
    },
    normalize(x, { mean, variance }, scale, offset, epsilon) {
      const result = allocate(x.shape);
      const workspace = scratch(Slot.work, FLOAT * lastOf(x));
      pack.normalize(pointer(x), pointer(result), pointer(mean), pointer(variance), pointer(scale), pointer(offset), epsilon, rowsOf(x), lastOf(x), workspace);
      return result;
    },
    normalizeGradient(x, dy, { mean, variance }, scale, epsilon) {
      const channels = lastOf(x);
      const [dx, dscale, doffset] = [allocate(x.shape), allocate([channels]), allocate([channels])];
      const workspace = scratch(Slot.work, 3 * FLOAT * channels);
      pack.normalizeGradient(pointer(x), pointer(dy), pointer(mean), pointer(variance), pointer(scale), epsilon, pointer(dx), pointer(dscale), pointer(doffset), rowsOf(x), channels, workspace);
      return [dx, dscale, doffset];
    },
    layerNorm: (x, scale, offset, epsilon) => like(x, (target) => pack.layerNorm(pointer(x), pointer(scale), pointer(offset), target, epsilon, rowsOf(x), lastOf(x))),
    layerNormGradient(x, dy, scale, epsilon) {
      const width = lastOf(x);
      const [dx, dscale, doffset] = [allocate(x.shape), allocate([width]), allocate([width])];
      pack.layerNormGradient(pointer(x), pointer(dy), pointer(scale), pointer(dx), pointer(dscale), pointer(doffset), epsilon, rowsOf(x), width);
      return [dx, dscale, doffset];
    },

    combine: (a, b, operation) => like(a, (target) => pack.combine(pointer(a), pointer(b), target, a.size / b.size, b.size, combinations.indexOf(operation))),
    relu: (x, bounded) => like(x, (target) => pack.clampValues(pointer(x), target, x.size, 0, bounded ? 6 : Infinity)),

    softmax: (x) => like(x, (target) => pack.softmax(pointer(x), target, rowsOf(x), lastOf(x))),
    softmaxGradient: (y, dy) => like(y, (target) => pack.softmaxGradient(pointer(y), pointer(dy), target, rowsOf(y), lastOf(y))),
    gelu: (x) => like(x, (target) => pack.gelu(pointer(x), target, x.size)),
    geluGradient: (x, dy) => like(x, (target) => pack.geluGradient(pointer(x), pointer(dy), target, x.size)),
    reluGradient: (y, dy, bounded) => like(y, (target) => pack.gateGradient(pointer(y), pointer(dy), target, y.size, 0, bounded ? 6 : Infinity)),
    round: (x) => like(x, (target) => pack.roundValues(pointer(x), target, x.size)),
    roundToPowerOfTwo: (w, low, high) => like(w, (target) => pack.roundToPowerOfTwo(pointer(w), target, w.size, low, high)),

    crossEntropy(logits, labels, smoothing) {
      const [rows, classes] = logits.shape as [number, number];
      const result = allocate([]);
      pack.crossEntropy(pointer(logits), pointer(labels), pointer(result), rows, classes, smoothing, scratch(Slot.work, FLOAT * classes));
      return result;
    },
    crossEntropyGradient: (logits, labels, smoothing, dy) => like(logits, (target) => pack.crossEntropyGradient(pointer(logits), pointer(labels), pointer(dy), target, rowsOf(logits), lastOf(logits), smoothing)),

    updateSgd(parameter, gradient, velocity, rate, momentum, decay) {
      pack.updateSgd(pointer(parameter), pointer(gradient), pointer(velocity), parameter.size, rate, momentum, decay);
    },
    updateAdam: (parameter, gradient, first, second, settings) => adam(pointer(parameter), pointer(gradient), pointer(first), pointer(second), parameter.size, settings),
    updateSgdRegion(parameter, gradient, velocity, begin, rate, momentum, decay) {
      inRegion([parameter, velocity], begin, gradient.shape, (p, v) => pack.updateSgd(p!, pointer(gradient), v!, gradient.size, rate, momentum, decay));
    },
    updateAdamRegion(parameter, gradient, first, second, begin, settings) {
      inRegion([parameter, first, second], begin, gradient.shape, (p, m, v) => adam(p!, pointer(gradient), m!, v!, gradient.size, settings));
    },
  };
}
