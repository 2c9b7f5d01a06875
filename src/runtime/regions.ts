/** Slices, padding and concatenation: all are copies between a whole tensor and a rectangular region of another. */
import type { EngineTensor } from "./engine.js";
import { volume, type Heap } from "./heap.js";
import type { Primitives } from "./primitives.js";

type T = EngineTensor;

/** A region of a tensor of `shape`: contiguous runs of `run` values, the axes in front of them as sizes and strides, the first at `start`. */
export interface Region { readonly start: number; readonly axes: readonly { readonly size: number; readonly stride: number }[]; readonly run: number }

/** Axes that are covered whole are joined with the ones before them, so that runs are as long as they can be. */
export function regionOf(shape: readonly number[], begin: readonly number[], size: readonly number[]): Region {
  const strides = shape.map((_, axis) => volume(shape.slice(axis + 1)));
  const start = begin.reduce((sum, first, axis) => sum + first * strides[axis]!, 0);
  let last = shape.length - 1;
  while (last > 0 && size[last] === shape[last]) last--;
  const run = last < 0 ? 1 : size[last]! * strides[last]!;
  return { start, run, axes: size.slice(0, Math.max(0, last)).map((count, axis) => ({ size: count, stride: strides[axis]! })) };
}

export interface RegionCopies {
  /** The values of a region, in order, into `target`. */
  take(source: T, region: Region, target: T): void;
  /** All values of `source`, in order, into a region of `target`. */
  place(source: T, target: T, region: Region): void;
}

export function regionPrimitives({ allocate, floats }: Heap, { take, place }: RegionCopies): Pick<Primitives, "slice" | "pad" | "concat" | "writeRegion"> {
  return {
    slice(x, begin, size) {
      const result = allocate(size);
      take(x, regionOf(x.shape, begin, size), result);
      return result;
    },
    pad(x, paddings) {
      const result = allocate(x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]));
      floats(result).fill(0);
      place(x, result, regionOf(result.shape, paddings.map(([before]) => before), x.shape));
      return result;
    },
    concat(parts, axis) {
      const shape = parts[0]!.shape.map((size, at) => (at === axis ? parts.reduce((total, part) => total + part.shape[axis]!, 0) : size));
      const result = allocate(shape);
      let offset = 0;
      for (const part of parts) {
        const before = offset;
        place(part, result, regionOf(shape, shape.map((_, at) => (at === axis ? before : 0)), part.shape));
        offset += part.shape[axis]!;
      }
      return result;
    },
    writeRegion: (target, source, begin) => place(source, target, regionOf(target.shape, begin, source.shape)),
  };
}

/** The offset of each run of a region, in order. */
export function* runsOf({ start, axes }: Region): Generator<number> {
  const count = volume(axes.map(({ size }) => size));
  for (let i = 0; i < count; i++) {
    let rest = i;
    let offset = start;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const { size, stride } = axes[axis]!;
      offset += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    yield offset;
  }
}

export function plainRegions(heap: Heap): Pick<Primitives, "slice" | "pad" | "concat" | "writeRegion"> {
  const { floats } = heap;
  return regionPrimitives(heap, {
    take(source, region, target) {
      const [from, to] = [floats(source), floats(target)];
      let at = 0;
      for (const offset of runsOf(region)) { to.set(from.subarray(offset, offset + region.run), at); at += region.run; }
    },
    place(source, target, region) {
      const [from, to] = [floats(source), floats(target)];
      let at = 0;
      for (const offset of runsOf(region)) { to.set(from.subarray(at, at + region.run), offset); at += region.run; }
    },
  });
}
