/**
 * All primitives as plain loops in double precision, over any heap. Slow and obvious: the cross-check for the kernels, and what the
 * engine without WebAssembly runs on.
 */
import type { EngineTensor } from "./engine.js";
import { volume, type Heap } from "./heap.js";
import { plainUpdates } from "./plain-updates.js";
import { plainWindows } from "./plain-windows.js";
import type { Combination, Primitives, Statistics } from "./primitives.js";
import { plainRegions } from "./regions.js";

/** Abramowitz and Stegun 7.1.5 (series) for small |x|, 7.1.14 (continued fraction) beyond; double precision. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 2.5) {
    let term = size;
    let sum = size;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
      term *= -(size * size) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = (n / 2) / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-size * size) / ((size + fraction) * Math.sqrt(Math.PI)));
}

/** The nearest integer, ties to the even one. */
export function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest < 0.5 ? floor : rest > 0.5 ? floor + 1 : floor % 2 === 0 ? floor : floor + 1;
}

export function nearestPowerOfTwo(w: number, low: number, high: number): number {
  if (w === 0) return 0;
  return Math.sign(w) * 2 ** roundHalfToEven(Math.log2(Math.min(2 ** high, Math.max(2 ** low, Math.abs(w)))));
}

export function plainPrimitives(heap: Heap): Primitives {
  const { allocate, floats, integers } = heap;
  const lastOf = (tensor: EngineTensor): number => tensor.shape.at(-1)!;

  function map(x: EngineTensor, f: (value: number, index: number) => number): EngineTensor {
    const result = allocate(x.shape);
    const [source, values] = [floats(x), floats(result)];
    for (let i = 0; i < values.length; i++) values[i] = f(source[i]!, i);
    return result;
  }

  /** Maps each row over the last axis, given twice for binary functions. */
  function mapRows(x: EngineTensor, other: EngineTensor, f: (row: Float32Array, otherRow: Float32Array, out: Float32Array) => void): EngineTensor {
    const result = allocate(x.shape);
    const [source, second, values] = [floats(x), floats(other), floats(result)];
    const width = lastOf(x);
    for (let at = 0; at < values.length; at += width) f(source.subarray(at, at + width), second.subarray(at, at + width), values.subarray(at, at + width));
    return result;
  }

  function matMul(a: EngineTensor, b: EngineTensor, transposeA: boolean, transposeB: boolean): EngineTensor {
    const [batchA, a1, a2] = a.shape as [number, number, number];
    const [batchB, b1, b2] = b.shape as [number, number, number];
    const [m, k, n] = [transposeA ? a2 : a1, transposeA ? a1 : a2, transposeB ? b1 : b2];
    const batch = Math.max(batchA, batchB);
    const result = allocate([batch, m, n]);
    const [left, right, values] = [floats(a), floats(b), floats(result)];
    for (let t = 0; t < batch; t++) {
      const [la, lb] = [batchA === 1 ? 0 : t * m * k, batchB === 1 ? 0 : t * k * n];
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let p = 0; p < k; p++) sum += left[la + (transposeA ? p * m + i : i * k + p)]! * right[lb + (transposeB ? j * k + p : p * n + j)]!;
          values[(t * m + i) * n + j] = sum;
        }
      }
    }
    return result;
  }

  function sumMiddle(x: EngineTensor, outer: number, middle: number, inner: number): EngineTensor {
    const result = allocate([outer, inner]);
    const [source, values] = [floats(x), floats(result)];
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let m = 0; m < middle; m++) sum += source[(o * middle + m) * inner + i]!;
        values[o * inner + i] = sum;
      }
    }
    return result;
  }

  function spreadMiddle(x: EngineTensor, outer: number, middle: number, inner: number, factor: number): EngineTensor {
    const result = allocate([outer, middle, inner]);
    const [source, values] = [floats(x), floats(result)];
    for (let i = 0; i < values.length; i++) values[i] = factor * source[Math.floor(i / (middle * inner)) * inner + (i % inner)]!;
    return result;
  }

  function cumulativeSum(x: EngineTensor, outer: number, middle: number, inner: number, reverse: boolean): EngineTensor {
    const result = allocate(x.shape);
    const [source, values] = [floats(x), floats(result)];
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let m = 0; m < middle; m++) {
          const at = (o * middle + (reverse ? middle - 1 - m : m)) * inner + i;
          sum += source[at]!;
          values[at] = sum;
        }
      }
    }
    return result;
  }

  function transpose(x: EngineTensor, permutation: readonly number[]): EngineTensor {
    const shape = permutation.map((axis) => x.shape[axis]!);
    const result = allocate(shape);
    const [source, values] = [floats(x), floats(result)];
    const strides = permutation.map((axis) => volume(x.shape.slice(axis + 1)));
    for (let i = 0; i < values.length; i++) {
      let rest = i;
      let from = 0;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        from += (rest % shape[axis]!) * strides[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      values[i] = source[from]!;
    }
    return result;
  }

  function scatterRows(dy: EngineTensor, indices: EngineTensor, height: number): EngineTensor {
    const width = lastOf(dy);
    const result = allocate([height, width]);
    const [source, rows, values] = [floats(dy), integers(indices), floats(result).fill(0)];
    rows.forEach((row, i) => { for (let j = 0; j < width; j++) values[row * width + j]! += source[i * width + j]!; });
    return result;
  }

  function statistics(x: EngineTensor): Statistics {
    const channels = lastOf(x);
    const rows = x.size / channels;
    const result = { mean: allocate([channels]), variance: allocate([channels]) };
    const [source, means, variances] = [floats(x), floats(result.mean), floats(result.variance)];
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += source[r * channels + c]!;
      let squares = 0;
      for (let r = 0; r < rows; r++) squares += (source[r * channels + c]! - sum / rows) ** 2;
      means[c] = sum / rows;
      variances[c] = squares / rows;
    }
    return result;
  }

  function normalize(x: EngineTensor, { mean, variance }: Statistics, scale: EngineTensor, offset: EngineTensor, epsilon: number): EngineTensor {
    const channels = lastOf(x);
    const result = allocate(x.shape);
    const [source, means, variances, scales, offsets, values] = [floats(x), floats(mean), floats(variance), floats(scale), floats(offset), floats(result)];
    for (let i = 0; i < values.length; i++) {
      const c = i % channels;
      values[i] = (scales[c]! * (source[i]! - means[c]!)) / Math.sqrt(variances[c]! + epsilon) + offsets[c]!;
    }
    return result;
  }

  function normalizeGradient(x: EngineTensor, dy: EngineTensor, stats: Statistics, scale: EngineTensor, epsilon: number): readonly [EngineTensor, EngineTensor, EngineTensor] {
    const channels = lastOf(x);
    const rows = x.size / channels;
    const results = [allocate(x.shape), allocate([channels]), allocate([channels])] as const;
    const [source, upstream, means, variances, scales] = [floats(x), floats(dy), floats(stats.mean), floats(stats.variance), floats(scale)];
    const [dx, dscale, doffset] = [floats(results[0]), floats(results[1]), floats(results[2])];
    for (let c = 0; c < channels; c++) {
      const factor = 1 / Math.sqrt(variances[c]! + epsilon);
      let sum = 0;
      let product = 0;
      for (let i = c; i < source.length; i += channels) {
        sum += upstream[i]!;
        product += upstream[i]! * (source[i]! - means[c]!) * factor;
      }
      dscale[c] = product;
      doffset[c] = sum;
      for (let i = c; i < source.length; i += channels) dx[i] = scales[c]! * factor * (upstream[i]! - sum / rows - ((source[i]! - means[c]!) * factor * product) / rows);
    }
    return results;
  }

  function moments(row: Float32Array, epsilon: number): { readonly mean: number; readonly factor: number } {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    return { mean, factor: 1 / Math.sqrt(row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length + epsilon) };
  }

  function layerNorm(x: EngineTensor, scale: EngineTensor, offset: EngineTensor, epsilon: number): EngineTensor {
    return mapRows(x, x, (row, _same, out) => {
      const { mean, factor } = moments(row, epsilon);
      const [scales, offsets] = [floats(scale), floats(offset)];
      row.forEach((value, i) => { out[i] = scales[i]! * (value - mean) * factor + offsets[i]!; });
    });
  }

  function layerNormGradient(x: EngineTensor, dy: EngineTensor, scale: EngineTensor, epsilon: number): readonly [EngineTensor, EngineTensor, EngineTensor] {
    const width = lastOf(x);
    const [dscale, doffset] = [allocate([width]), allocate([width])];
    const [sumScale, sumOffset] = [new Float64Array(width), new Float64Array(width)];
    const dx = mapRows(x, dy, (row, upstream, out) => {
      const { mean, factor } = moments(row, epsilon);
      const scales = floats(scale);
      let first = 0;
      let second = 0;
      row.forEach((value, i) => {
        const [normal, flow] = [(value - mean) * factor, upstream[i]! * scales[i]!];
        first += flow / width;
        second += (flow * normal) / width;
        sumScale[i]! += upstream[i]! * normal;
        sumOffset[i]! += upstream[i]!;
      });
      row.forEach((value, i) => { out[i] = factor * (upstream[i]! * scales[i]! - first - (value - mean) * factor * second); });
    });
    floats(dscale).set(sumScale);
    floats(doffset).set(sumOffset);
    return [dx, dscale, doffset];
  }

  function combine(a: EngineTensor, b: EngineTensor, operation: Combination): EngineTensor {
    const result = allocate(a.shape);
    const [left, right, values] = [floats(a), floats(b), floats(result)];
    for (let i = 0; i < values.length; i++) {
      const [x, y] = [left[i]!, right[i % right.length]!];
      values[i] = operation === "add" ? x + y : operation === "subtract" ? x - y : x * y;
    }
    return result;
  }

  const softmax = (x: EngineTensor): EngineTensor => mapRows(x, x, (row, _same, out) => {
    const top = row.reduce((best, value) => Math.max(best, value), -Infinity);
    const total = row.reduce((sum, value) => sum + Math.exp(value - top), 0);
    row.forEach((value, i) => { out[i] = Math.exp(value - top) / total; });
  });

  const softmaxGradient = (y: EngineTensor, dy: EngineTensor): EngineTensor => mapRows(y, dy, (row, upstream, out) => {
    const inner = row.reduce((sum, value, i) => sum + value * upstream[i]!, 0);
    row.forEach((value, i) => { out[i] = value * (upstream[i]! - inner); });
  });

  const gelu = (x: EngineTensor): EngineTensor => map(x, (value) => 0.5 * value * (1 + erf(value / Math.SQRT2)));
  const geluGradient = (x: EngineTensor, dy: EngineTensor): EngineTensor => mapRows(x, dy, (row, upstream, out) => row.forEach((value, i) => {
    out[i] = upstream[i]! * (0.5 * (1 + erf(value / Math.SQRT2)) + (value * Math.exp(-0.5 * value * value)) / Math.sqrt(2 * Math.PI));
  }));
  const reluGradient = (y: EngineTensor, dy: EngineTensor, bounded: boolean): EngineTensor => mapRows(y, dy, (row, upstream, out) => row.forEach((value, i) => {
    out[i] = value > 0 && !(bounded && value >= 6) ? upstream[i]! : 0;
  }));

  return {
    ...plainWindows(heap), ...plainUpdates(heap), ...plainRegions(heap), matMul, sumMiddle, spreadMiddle, transpose, cumulativeSum, scatterRows, statistics, normalize, normalizeGradient, layerNorm, layerNormGradient,
    combine, softmax, softmaxGradient, gelu, geluGradient, reluGradient,
    relu: (x, bounded) => map(x, (value) => Math.min(bounded ? 6 : Infinity, Math.max(0, value))),
    roundToPowerOfTwo: (w, low, high) => map(w, (value) => nearestPowerOfTwo(value, low, high)),
    round: (x) => map(x, roundHalfToEven),
  };
}
