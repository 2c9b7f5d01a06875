/**
 * Convolutions, pooling and adder layers as plain loops in double precision. Slow and obvious: the cross-check for the kernels, and
 * what the engine without WebAssembly runs on.
 */
import type { EngineTensor } from "./engine.js";
import { backwardSweeps, forwardSweep, type Geometry, type Sweep } from "./geometry.js";
import type { Heap } from "./heap.js";
import type { Primitives } from "./primitives.js";

type WindowPrimitives = Pick<Primitives,
  | "convolution" | "convolutionInputGradient" | "convolutionFilterGradient" | "depthwise" | "depthwiseInputGradient" | "depthwiseFilterGradient"
  | "maxPool" | "maxPoolGradient" | "averagePool" | "averagePoolGradient" | "adder" | "adderInputGradient" | "adderFilterGradient"
  | "depthwiseAdder" | "depthwiseAdderInputGradient" | "depthwiseAdderFilterGradient">;

/** A row of the grid: its target cell, and the taps inside the source image. Cells count pixels, images included. */
interface Row { readonly target: number; readonly taps: readonly { readonly source: number; readonly weight: number }[]; readonly outside: readonly number[] }

function* rowsOf(sweep: Sweep): Generator<Row> {
  const { batch, source: [height, width], grid, stride, target, first, step } = sweep;
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < grid[0]; y++) {
      for (let x = 0; x < grid[1]; x++) {
        const taps: { source: number; weight: number }[] = [];
        const outside: number[] = [];
        for (const tap of sweep.taps) {
          const row = y * stride[0] + tap.offsetY;
          const column = x * stride[1] + tap.offsetX;
          if (row < 0 || column < 0 || row >= height || column >= width) outside.push(tap.weight);
          else taps.push({ source: (n * height + row) * width + column, weight: tap.weight });
        }
        yield { target: (n * target[0] + y * step[0] + first[0]) * target[1] + x * step[1] + first[1], taps, outside };
      }
    }
  }
}

export function plainWindows(heap: Heap): WindowPrimitives {
  const { allocate, floats } = heap;
  const channelsOf = (tensor: EngineTensor): number => tensor.shape.at(-1)!;
  const outShape = (g: Geometry, channels: number): number[] => [g.batch, g.outHeight, g.outWidth, channels];
  const inShape = (g: Geometry, channels: number): number[] => [g.batch, g.height, g.width, channels];

  function convolution(x: EngineTensor, filter: EngineTensor, g: Geometry, groups: number): EngineTensor {
    const [, , perGroup, out] = filter.shape as [number, number, number, number];
    const result = allocate(outShape(g, out));
    const [source, weights, values] = [floats(x), floats(filter), floats(result)];
    const channels = perGroup * groups;
    for (const row of rowsOf(forwardSweep(g))) {
      for (let o = 0; o < out; o++) {
        const group = Math.floor(o / (out / groups));
        let sum = 0;
        for (const tap of row.taps) for (let c = 0; c < perGroup; c++) sum += source[tap.source * channels + group * perGroup + c]! * weights[(tap.weight * perGroup + c) * out + o]!;
        values[row.target * out + o] = sum;
      }
    }
    return result;
  }

  function convolutionInputGradient(dy: EngineTensor, filter: EngineTensor, g: Geometry, groups: number): EngineTensor {
    const [, , perGroup, out] = filter.shape as [number, number, number, number];
    const channels = perGroup * groups;
    const outPerGroup = out / groups;
    const result = allocate(inShape(g, channels));
    const [source, weights, values] = [floats(dy), floats(filter), floats(result)];
    for (const sweep of backwardSweeps(g)) {
      for (const row of rowsOf(sweep)) {
        for (let c = 0; c < channels; c++) {
          const group = Math.floor(c / perGroup);
          let sum = 0;
          for (const tap of row.taps) {
            for (let j = 0; j < outPerGroup; j++) {
              const o = group * outPerGroup + j;
              sum += source[tap.source * out + o]! * weights[(tap.weight * perGroup + c - group * perGroup) * out + o]!;
            }
          }
          values[row.target * channels + c] = sum;
        }
      }
    }
    return result;
  }

  function convolutionFilterGradient(x: EngineTensor, dy: EngineTensor, g: Geometry, groups: number): EngineTensor {
    const [channels, out] = [channelsOf(x), channelsOf(dy)];
    const [perGroup, outPerGroup] = [channels / groups, out / groups];
    const result = allocate([g.kernelHeight, g.kernelWidth, perGroup, out]);
    const [source, upstream, values] = [floats(x), floats(dy), floats(result)];
    const sums = new Float64Array(values.length);
    for (const row of rowsOf(forwardSweep(g))) {
      for (const tap of row.taps) {
        for (let c = 0; c < perGroup; c++) {
          for (let o = 0; o < out; o++) {
            const from = tap.source * channels + Math.floor(o / outPerGroup) * perGroup + c;
            sums[(tap.weight * perGroup + c) * out + o]! += source[from]! * upstream[row.target * out + o]!;
          }
        }
      }
    }
    values.set(sums);
    return result;
  }

  function depthwise(x: EngineTensor, filter: EngineTensor, g: Geometry): EngineTensor {
    const [, , channels, multiplier] = filter.shape as [number, number, number, number];
    const out = channels * multiplier;
    const result = allocate(outShape(g, out));
    const [source, weights, values] = [floats(x), floats(filter), floats(result)];
    for (const row of rowsOf(forwardSweep(g))) {
      for (let o = 0; o < out; o++) {
        let sum = 0;
        for (const tap of row.taps) sum += source[tap.source * channels + Math.floor(o / multiplier)]! * weights[tap.weight * out + o]!;
        values[row.target * out + o] = sum;
      }
    }
    return result;
  }

  function depthwiseInputGradient(dy: EngineTensor, filter: EngineTensor, g: Geometry): EngineTensor {
    const [, , channels, multiplier] = filter.shape as [number, number, number, number];
    const out = channels * multiplier;
    const result = allocate(inShape(g, channels));
    const [source, weights, values] = [floats(dy), floats(filter), floats(result)];
    for (const sweep of backwardSweeps(g)) {
      for (const row of rowsOf(sweep)) {
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (const tap of row.taps) for (let q = 0; q < multiplier; q++) sum += source[tap.source * out + c * multiplier + q]! * weights[tap.weight * out + c * multiplier + q]!;
          values[row.target * channels + c] = sum;
        }
      }
    }
    return result;
  }

  function depthwiseFilterGradient(x: EngineTensor, dy: EngineTensor, g: Geometry, multiplier: number): EngineTensor {
    const channels = channelsOf(x);
    const out = channels * multiplier;
    const result = allocate([g.kernelHeight, g.kernelWidth, channels, multiplier]);
    const [source, upstream, values] = [floats(x), floats(dy), floats(result)];
    const sums = new Float64Array(values.length);
    for (const row of rowsOf(forwardSweep(g))) {
      for (const tap of row.taps) for (let o = 0; o < out; o++) sums[tap.weight * out + o]! += source[tap.source * channels + Math.floor(o / multiplier)]! * upstream[row.target * out + o]!;
    }
    values.set(sums);
    return result;
  }

  /** Index of the first largest cell of the window, in elements of x. */
  function largest(source: Float32Array, row: Row, channels: number, c: number): number {
    let best = row.taps[0]!.source * channels + c;
    for (const tap of row.taps) if (source[tap.source * channels + c]! > source[best]!) best = tap.source * channels + c;
    return best;
  }

  function maxPool(x: EngineTensor, g: Geometry): EngineTensor {
    const channels = channelsOf(x);
    const result = allocate(outShape(g, channels));
    const [source, values] = [floats(x), floats(result)];
    for (const row of rowsOf(forwardSweep(g))) for (let c = 0; c < channels; c++) values[row.target * channels + c] = source[largest(source, row, channels, c)]!;
    return result;
  }

  function maxPoolGradient(x: EngineTensor, dy: EngineTensor, g: Geometry): EngineTensor {
    const channels = channelsOf(x);
    const result = allocate(inShape(g, channels));
    const [source, upstream, values] = [floats(x), floats(dy), floats(result).fill(0)];
    for (const row of rowsOf(forwardSweep(g))) for (let c = 0; c < channels; c++) values[largest(source, row, channels, c)]! += upstream[row.target * channels + c]!;
    return result;
  }

  function averagePool(x: EngineTensor, g: Geometry): EngineTensor {
    const channels = channelsOf(x);
    const result = allocate(outShape(g, channels));
    const [source, values] = [floats(x), floats(result)];
    for (const row of rowsOf(forwardSweep(g))) {
      for (let c = 0; c < channels; c++) values[row.target * channels + c] = row.taps.reduce((sum, tap) => sum + source[tap.source * channels + c]!, 0) / row.taps.length;
    }
    return result;
  }

  function averagePoolGradient(dy: EngineTensor, g: Geometry): EngineTensor {
    const channels = channelsOf(dy);
    const result = allocate(inShape(g, channels));
    const [upstream, values] = [floats(dy), floats(result).fill(0)];
    for (const row of rowsOf(forwardSweep(g))) {
      for (const tap of row.taps) for (let c = 0; c < channels; c++) values[tap.source * channels + c]! += upstream[row.target * channels + c]! / row.taps.length;
    }
    return result;
  }

  function adder(x: EngineTensor, filter: EngineTensor, g: Geometry): EngineTensor {
    const [, , channels, out] = filter.shape as [number, number, number, number];
    const result = allocate(outShape(g, out));
    const [source, weights, values] = [floats(x), floats(filter), floats(result)];
    for (const row of rowsOf(forwardSweep(g))) {
      for (let o = 0; o < out; o++) {
        let sum = 0;
        for (const tap of row.taps) for (let c = 0; c < channels; c++) sum -= Math.abs(source[tap.source * channels + c]! - weights[(tap.weight * channels + c) * out + o]!);
        for (const weight of row.outside) for (let c = 0; c < channels; c++) sum -= Math.abs(weights[(weight * channels + c) * out + o]!);
        values[row.target * out + o] = sum;
      }
    }
    return result;
  }

  function adderInputGradient(dy: EngineTensor, x: EngineTensor, filter: EngineTensor, g: Geometry): EngineTensor {
    const [, , channels, out] = filter.shape as [number, number, number, number];
    const result = allocate(inShape(g, channels));
    const [upstream, source, weights, values] = [floats(dy), floats(x), floats(filter), floats(result)];
    for (const sweep of backwardSweeps(g)) {
      for (const row of rowsOf(sweep)) {
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (const tap of row.taps) {
            for (let o = 0; o < out; o++) sum += upstream[tap.source * out + o]! * Math.min(1, Math.max(-1, weights[(tap.weight * channels + c) * out + o]! - source[row.target * channels + c]!));
          }
          values[row.target * channels + c] = sum;
        }
      }
    }
    return result;
  }

  /** From sum dy * x to sum dy * (x - w). */
  function lessFilterTimesTotals(gradient: EngineTensor, dy: EngineTensor, filter: EngineTensor): EngineTensor {
    const out = channelsOf(dy);
    const [upstream, weights, values] = [floats(dy), floats(filter), floats(gradient)];
    const totals = new Float64Array(out);
    upstream.forEach((value, index) => { totals[index % out]! += value; });
    values.forEach((value, index) => { values[index] = value - weights[index]! * totals[index % out]!; });
    return gradient;
  }

  const adderFilterGradient = (dy: EngineTensor, x: EngineTensor, filter: EngineTensor, g: Geometry): EngineTensor => lessFilterTimesTotals(convolutionFilterGradient(x, dy, g, 1), dy, filter);

  function depthwiseAdder(x: EngineTensor, filter: EngineTensor, g: Geometry): EngineTensor {
    const channels = channelsOf(x);
    const result = allocate(outShape(g, channels));
    const [source, weights, values] = [floats(x), floats(filter), floats(result)];
    for (const row of rowsOf(forwardSweep(g))) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const tap of row.taps) sum -= Math.abs(source[tap.source * channels + c]! - weights[tap.weight * channels + c]!);
        for (const weight of row.outside) sum -= Math.abs(weights[weight * channels + c]!);
        values[row.target * channels + c] = sum;
      }
    }
    return result;
  }

  function depthwiseAdderInputGradient(dy: EngineTensor, x: EngineTensor, filter: EngineTensor, g: Geometry): EngineTensor {
    const channels = channelsOf(x);
    const result = allocate(inShape(g, channels));
    const [upstream, source, weights, values] = [floats(dy), floats(x), floats(filter), floats(result)];
    for (const row of backwardSweeps(g).flatMap((sweep) => [...rowsOf(sweep)])) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const tap of row.taps) sum += upstream[tap.source * channels + c]! * Math.min(1, Math.max(-1, weights[tap.weight * channels + c]! - source[row.target * channels + c]!));
        values[row.target * channels + c] = sum;
      }
    }
    return result;
  }

  function depthwiseAdderFilterGradient(dy: EngineTensor, x: EngineTensor, filter: EngineTensor, g: Geometry): EngineTensor {
    const result = allocate(filter.shape);
    floats(result).set(floats(depthwiseFilterGradient(x, dy, g, 1)));
    return lessFilterTimesTotals(result, dy, filter);
  }

  return {
    convolution, convolutionInputGradient, convolutionFilterGradient, depthwise, depthwiseInputGradient, depthwiseFilterGradient,
    maxPool, maxPoolGradient, averagePool, averagePoolGradient, adder, adderInputGradient, adderFilterGradient,
    depthwiseAdder, depthwiseAdderInputGradient, depthwiseAdderFilterGradient,
  };
}
