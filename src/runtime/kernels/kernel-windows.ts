/** Convolutions, pooling and adder layers on the heap: shapes in, kernel calls out. */
import type { EngineTensor } from "../engine.js";
import { backwardSweeps, forwardSweep, type Geometry, type Sweep } from "../geometry.js";
import { volume, type WasmHeap } from "../heap.js";
import type { Primitives } from "../primitives.js";
import type { Address, Flag, KernelPack } from "./kernel-pack.js";
import { Slot } from "./slots.js";
import { sweepBytes, writeSweep } from "./sweep-layout.js";

type T = EngineTensor;
type WindowPrimitives = Pick<Primitives,
  | "convolution" | "convolutionInputGradient" | "convolutionFilterGradient" | "depthwise" | "depthwiseInputGradient" | "depthwiseFilterGradient"
  | "maxPool" | "maxPoolGradient" | "averagePool" | "averagePoolGradient" | "adder" | "adderInputGradient" | "adderFilterGradient"
  | "depthwiseAdder" | "depthwiseAdderInputGradient" | "depthwiseAdderFilterGradient">;

const FLOAT = 4;

export function kernelWindows(heap: WasmHeap, pack: KernelPack): WindowPrimitives {
  const { pointer, allocate, scratch, memory } = heap;
  const channelsOf = (tensor: T): number => tensor.shape.at(-1)!;
  const outputOf = (g: Geometry, channels: number): T => allocate([g.batch, g.outHeight, g.outWidth, channels]);
  const inputOf = (g: Geometry, channels: number): T => allocate([g.batch, g.height, g.width, channels]);

  function place(sweep: Sweep): Address {
    const address = scratch(Slot.sweep, sweepBytes(sweep));
    writeSweep(memory, address, sweep);
    return address;
  }
  /** Room for the taps that a kernel finds inside the image. */
  const list = (sweep: Sweep): Address => scratch(Slot.list, 8 * Math.max(1, sweep.taps.length));

  /** A convolution of one group that is all in one point is one matrix product. */
  const pointwise = (g: Geometry, groups: number): boolean => groups === 1 && g.kernelHeight === 1 && g.kernelWidth === 1 && g.strideY === 1 && g.strideX === 1 && g.height === g.outHeight && g.width === g.outWidth;

  function product(a: T, transposeA: Flag, b: T, transposeB: Flag, c: T, m: number, n: number, k: number): T {
    const workspace = scratch(Slot.work, pack.productWorkspace(n));
    pack.products(pointer(a), transposeA, 0, pointer(b), transposeB, 0, pointer(c), 1, m, n, k, workspace);
    return c;
  }

  function convolution(x: T, filter: T, g: Geometry, groups: number, kind: Flag): T {
    const [, , channels, out] = filter.shape as [number, number, number, number];
    const result = outputOf(g, out);
    if (kind === 0 && pointwise(g, groups)) return product(x, 0, filter, 0, result, result.size / out, out, channels);
    const sweep = forwardSweep(g);
    const columns = out / groups;
    const workspace = scratch(Slot.work, pack.convolutionWorkspace(channels, columns, sweep.taps.length));
    const at = place(sweep);
    for (let group = 0; group < groups; group++) {
      pack.convolve(at, pointer(x) + group * channels * FLOAT, channels * groups, channels, pointer(filter) + group * columns * FLOAT, out, 0, pointer(result) + group * columns * FLOAT, out, columns, kind, workspace);
    }
    return result;
  }

  function depthwise(source: T, filter: T, result: T, sweeps: readonly Sweep[], backward: Flag): T {
    const [, , channels, multiplier] = filter.shape as [number, number, number, number];
    for (const sweep of sweeps) {
      const room = list(sweep);
      pack.depthwise(place(sweep), pointer(source), pointer(filter), pointer(result), channels, multiplier, backward, room);
    }
    return result;
  }

  function convolutionFilterGradient(x: T, dy: T, g: Geometry, groups: number): T {
    const [inputs, out] = [channelsOf(x), channelsOf(dy)];
    const [channels, columns] = [inputs / groups, out / groups];
    const result = allocate([g.kernelHeight, g.kernelWidth, channels, out]);
    if (pointwise(g, groups)) return product(x, 1, dy, 0, result, inputs, out, dy.size / out);
    const sweep = forwardSweep(g);
    const workspace = scratch(Slot.work, pack.convolutionWorkspace(channels, columns, sweep.taps.length));
    const at = place(sweep);
    for (let group = 0; group < groups; group++) {
      pack.convolutionFilterGradient(at, pointer(x) + group * channels * FLOAT, inputs, channels, pointer(dy) + group * columns * FLOAT, out, columns, pointer(result) + group * columns * FLOAT, out, workspace);
    }
    return result;
  }

  /** From sum dy * x to sum dy * (x - w). */
  function lessFilterTimesTotals(gradient: T, dy: T, filter: T): T {
    const columns = channelsOf(dy);
    const totals = scratch(Slot.work, FLOAT * columns);
    pack.sumMiddle(pointer(dy), totals, 1, dy.size / columns, columns);
    pack.subtractScaledColumns(pointer(gradient), pointer(filter), totals, volume(filter.shape.slice(0, 3)), columns);
    return gradient;
  }

  return {
    convolution: (x, filter, g, groups) => convolution(x, filter, g, groups, 0),
    convolutionInputGradient(dy, filter, g, groups) {
      const [, , channels, out] = filter.shape as [number, number, number, number];
      const result = inputOf(g, channels * groups);
      if (pointwise(g, groups)) return product(dy, 0, filter, 1, result, dy.size / out, channels, out);
      const columns = out / groups;
      for (const sweep of backwardSweeps(g)) {
        const workspace = scratch(Slot.work, pack.convolutionWorkspace(columns, channels, sweep.taps.length));
        const at = place(sweep);
        for (let group = 0; group < groups; group++) {
          pack.convolve(at, pointer(dy) + group * columns * FLOAT, out, columns, pointer(filter) + group * columns * FLOAT, out, 1, pointer(result) + group * channels * FLOAT, channels * groups, channels, 0, workspace);
        }
      }
      return result;
    },
    convolutionFilterGradient,
    depthwise: (x, filter, g) => depthwise(x, filter, outputOf(g, filter.shape[2]! * filter.shape[3]!), [forwardSweep(g)], 0),
    depthwiseInputGradient: (dy, filter, g) => depthwise(dy, filter, inputOf(g, filter.shape[2]!), backwardSweeps(g), 1),
    depthwiseFilterGradient(x, dy, g, multiplier) {
      const channels = channelsOf(x);
      const result = allocate([g.kernelHeight, g.kernelWidth, channels, multiplier]);
      pack.depthwiseFilterGradient(place(forwardSweep(g)), pointer(x), pointer(dy), pointer(result), channels, multiplier);
      return result;
    },
    maxPool(x, g) {
      const sweep = forwardSweep(g);
      const result = outputOf(g, channelsOf(x));
      const room = list(sweep);
      pack.maxPool(place(sweep), pointer(x), pointer(result), channelsOf(x), room);
      return result;
    },
    maxPoolGradient(x, dy, g) {
      const sweep = forwardSweep(g);
      const result = inputOf(g, channelsOf(x));
      const room = list(sweep);
      const at = place(sweep);
      heap.floats(result).fill(0);
      pack.maxPoolGradient(at, pointer(x), pointer(dy), pointer(result), channelsOf(x), room);
      return result;
    },
    averagePool(x, g) {
      const sweep = forwardSweep(g);
      const result = outputOf(g, channelsOf(x));
      const room = list(sweep);
      pack.averagePool(place(sweep), pointer(x), pointer(result), channelsOf(x), room);
      return result;
    },
    averagePoolGradient(dy, g) {
      const sweep = forwardSweep(g);
      const result = inputOf(g, channelsOf(dy));
      const room = list(sweep);
      const at = place(sweep);
      heap.floats(result).fill(0);
      pack.averagePoolGradient(at, pointer(dy), pointer(result), channelsOf(dy), room);
      return result;
    },
    adder: (x, filter, g) => convolution(x, filter, g, 1, 1),
    adderInputGradient(dy, x, filter, g) {
      const [, , channels, columns] = filter.shape as [number, number, number, number];
      const result = inputOf(g, channels);
      const turned = scratch(Slot.work, FLOAT * filter.size);
      pack.turnFilters(pointer(filter), g.kernelHeight * g.kernelWidth, channels, columns, turned);
      for (const sweep of backwardSweeps(g)) {
        const room = list(sweep);
        pack.adderInputGradient(place(sweep), pointer(dy), pointer(x), turned, pointer(result), channels, columns, room);
      }
      return result;
    },
    adderFilterGradient: (dy, x, filter, g) => lessFilterTimesTotals(convolutionFilterGradient(x, dy, g, 1), dy, filter),
    depthwiseAdder(x, filter, g) {
      const sweep = forwardSweep(g);
      const result = outputOf(g, channelsOf(x));
      const room = list(sweep);
      pack.depthwiseAdder(place(sweep), pointer(x), pointer(filter), pointer(result), channelsOf(x), room);
      return result;
    },
    depthwiseAdderInputGradient(dy, x, filter, g) {
      const result = inputOf(g, channelsOf(x));
      for (const sweep of backwardSweeps(g)) {
        const room = list(sweep);
        pack.depthwiseAdderInputGradient(place(sweep), pointer(dy), pointer(x), pointer(filter), pointer(result), channelsOf(x), room);
      }
      return result;
    },
    depthwiseAdderFilterGradient(dy, x, filter, g) {
      const result = allocate(filter.shape);
      pack.depthwiseFilterGradient(place(forwardSweep(g)), pointer(x), pointer(dy), pointer(result), channelsOf(x), 1);
      return lessFilterTimesTotals(result, dy, filter);
    },
  };
}
