/** Moving values around, and sums of them, in the reference library. Most is one map from output positions to input positions. */
import { derived, offsets, stridesOf, volume, type ReferenceTensor } from "./tensor.js";

/** Output position i is input position `from[i]`; -1 is a zero. */
function moved(x: ReferenceTensor, shape: readonly number[], from: ArrayLike<number>): ReferenceTensor {
  return derived(shape, Float64Array.from({ length: volume(shape) }, (_, i) => (from[i]! < 0 ? 0 : x.values[from[i]!]!)), [x], (dy) => {
    const dx = new Float64Array(x.values.length);
    for (let i = 0; i < dy.length; i++) if (from[i]! >= 0) dx[from[i]!]! += dy[i]!;
    return [dx];
  });
}

export function reshape(x: ReferenceTensor, shape: readonly number[]): ReferenceTensor {
  const known = shape.filter((extent) => extent >= 0).reduce((product, extent) => product * extent, 1);
  const full = shape.map((extent) => (extent < 0 ? x.values.length / known : extent));
  return derived(full, x.values, [x], (dy) => [dy]);
}

export function transpose(x: ReferenceTensor, permutation: readonly number[]): ReferenceTensor {
  const strides = stridesOf(x.shape);
  const shape = permutation.map((axis) => x.shape[axis]!);
  return moved(x, shape, offsets(shape, permutation.map((axis) => strides[axis]!)));
}

export function slice(x: ReferenceTensor, begin: readonly number[], size: readonly number[]): ReferenceTensor {
  const strides = stridesOf(x.shape);
  const shape = x.shape.map((extent, axis) => (size[axis] === -1 ? extent - begin[axis]! : size[axis]!));
  if (shape.some((extent, axis) => begin[axis]! < 0 || begin[axis]! + extent > x.shape[axis]!)) throw new Error(`slice ${begin.join()} ${size.join()} of [${x.shape.join(", ")}]`);
  const start = begin.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
  return moved(x, shape, offsets(shape, strides).map((offset) => start + offset));
}

export function pad(x: ReferenceTensor, paddings: readonly (readonly [number, number])[]): ReferenceTensor {
  const shape = x.shape.map((extent, axis) => paddings[axis]![0] + extent + paddings[axis]![1]);
  const strides = stridesOf(shape);
  const start = paddings.reduce((sum, [before], axis) => sum + before * strides[axis]!, 0);
  const from = new Int32Array(volume(shape)).fill(-1);
  offsets(x.shape, strides).forEach((offset, i) => { from[start + offset] = i; });
  return moved(x, shape, from);
}

export function concat(parts: readonly ReferenceTensor[], axis: number): ReferenceTensor {
  const at = axis < 0 ? axis + parts[0]!.shape.length : axis;
  const shape = parts[0]!.shape.map((extent, i) => (i === at ? parts.reduce((sum, part) => sum + part.shape[at]!, 0) : extent));
  const strides = stridesOf(shape);
  const values = new Float64Array(volume(shape));
  let start = 0;
  const places = parts.map((part) => {
    const place = offsets(part.shape, strides).map((offset) => start + offset);
    place.forEach((to, i) => { values[to] = part.values[i]!; });
    start += part.shape[at]! * strides[at]!;
    return place;
  });
  return derived(shape, values, parts, (dy) => places.map((place) => Float64Array.from(place, (to) => dy[to]!)));
}

export function upsampleNearest(x: ReferenceTensor, factor: number): ReferenceTensor {
  const [batch, height, width, channels] = x.shape as readonly [number, number, number, number];
  const shape = [batch, height * factor, width * factor, channels];
  const from = [];
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < height * factor; y++) {
      for (let column = 0; column < width * factor; column++) {
        for (let c = 0; c < channels; c++) from.push(((n * height + Math.floor(y / factor)) * width + Math.floor(column / factor)) * channels + c);
      }
    }
  }
  return moved(x, shape, from);
}

/** Rows of `table` [v, c] by indices [n, t]. */
export function gather(table: ReferenceTensor, indices: ReferenceTensor): ReferenceTensor {
  const channels = table.shape[1]!;
  const rows = Array.from(indices.values, (index) => {
    if (!Number.isInteger(index) || index < 0 || index >= table.shape[0]!) throw new Error(`row ${index} of ${table.shape[0]!}`);
    return index;
  });
  return moved(table, [...indices.shape, channels], rows.flatMap((row) => Array.from({ length: channels }, (_, c) => row * channels + c)));
}

/** Splits positions by whether an axis is reduced: which output cell each input position falls into. */
function cells(x: ReferenceTensor, axes: readonly number[]): { readonly kept: number[]; readonly dropped: number[]; readonly cell: Int32Array } {
  const reduced = new Set(axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis)));
  const kept = x.shape.map((extent, axis) => (reduced.has(axis) ? 1 : extent));
  const strides = stridesOf(kept);
  return { kept, dropped: x.shape.filter((_, axis) => !reduced.has(axis)), cell: offsets(x.shape, x.shape.map((_, axis) => (reduced.has(axis) ? 0 : strides[axis]!))) };
}

export function sum(x: ReferenceTensor, axes: readonly number[], keepDimensions: boolean): ReferenceTensor {
  const { kept, dropped, cell } = cells(x, axes);
  const values = new Float64Array(volume(kept));
  x.values.forEach((value, i) => { values[cell[i]!]! += value; });
  return derived(keepDimensions ? kept : dropped, values, [x], (dy) => [Float64Array.from(cell, (to) => dy[to]!)]);
}

/** The gradient goes to the first of equal maxima. */
export function max(x: ReferenceTensor, axes: readonly number[], keepDimensions: boolean): ReferenceTensor {
  const { kept, dropped, cell } = cells(x, axes);
  const winners = new Int32Array(volume(kept)).fill(-1);
  x.values.forEach((value, i) => { if (winners[cell[i]!]! < 0 || value > x.values[winners[cell[i]!]!]!) winners[cell[i]!] = i; });
  return moved(x, keepDimensions ? kept : dropped, winners);
}

export function cumulativeSum(x: ReferenceTensor, axis: number): ReferenceTensor {
  const at = axis < 0 ? axis + x.shape.length : axis;
  const step = stridesOf(x.shape)[at]!;
  const place = (i: number): number => Math.floor(i / step) % x.shape[at]!;
  const values = Float64Array.from(x.values);
  for (let i = 0; i < values.length; i++) if (place(i) > 0) values[i]! += values[i - step]!;
  return derived(x.shape, values, [x], (dy) => {
    const dx = Float64Array.from(dy);
    for (let i = dx.length - 1; i >= 0; i--) if (place(i) < x.shape[at]! - 1) dx[i]! += dx[i + step]!;
    return [dx];
  });
}

/** a [..., i, j] times b [..., j, k]; leading dimensions agree or are 1. */
export function matrixProduct(a: ReferenceTensor, b: ReferenceTensor): ReferenceTensor {
  const rank = Math.max(a.shape.length, b.shape.length);
  const lead = (t: ReferenceTensor): number[] => [...new Array<number>(rank - t.shape.length).fill(1), ...t.shape.slice(0, -2)];
  const [leadA, leadB] = [lead(a), lead(b)];
  const batch = leadA.map((extent, axis) => {
    if (extent !== leadB[axis] && extent !== 1 && leadB[axis] !== 1) throw new Error(`[${a.shape.join(", ")}] times [${b.shape.join(", ")}]`);
    return Math.max(extent, leadB[axis]!);
  });
  const [rows, inner, columns] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  if (b.shape.at(-2) !== inner) throw new Error(`[${a.shape.join(", ")}] times [${b.shape.join(", ")}]`);
  const blocks = (own: readonly number[]): Int32Array => { const strides = stridesOf(own); return offsets(batch, own.map((extent, axis) => (extent === 1 ? 0 : strides[axis]!))); };
  const [blockA, blockB] = [blocks(leadA), blocks(leadB)];
  const visit = (each: (y: number, i: number, j: number) => void): void => {
    blockA.forEach((blockOfA, block) => {
      for (let i = 0; i < rows; i++) {
        for (let k = 0; k < columns; k++) {
          for (let j = 0; j < inner; j++) each((block * rows + i) * columns + k, (blockOfA * rows + i) * inner + j, (blockB[block]! * inner + j) * columns + k);
        }
      }
    });
  };
  const shape = [...batch, rows, columns];
  const values = new Float64Array(volume(shape));
  visit((y, i, j) => { values[y]! += a.values[i]! * b.values[j]!; });
  return derived(shape, values, [a, b], (dy) => {
    const [da, db] = [new Float64Array(a.values.length), new Float64Array(b.values.length)];
    visit((y, i, j) => { da[i]! += dy[y]! * b.values[j]!; db[j]! += dy[y]! * a.values[i]!; });
    return [da, db];
  });
}
