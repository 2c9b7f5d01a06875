/**
 * Where a sliding window reads and writes. Every spatial kernel, forward or backward, strided or dilated, is told the same thing: a
 * grid of rows, and per row a list of taps at fixed offsets. A strided input gradient becomes one such sweep per phase of the stride,
 * so no zero is ever multiplied.
 */
import type { Padding, PoolWindow, Window2D } from "../ops/tensor-library.js";

/** All the numbers of one window operation over [n, height, width, ...]. */
export interface Geometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly dilationY: number;
  readonly dilationX: number;
  readonly top: number;
  readonly left: number;
}

/** The cells before the image and the number of outputs along one axis; SAME as in TensorFlow (the odd cell goes behind). */
function along(size: number, kernel: number, stride: number, dilation: number, padding: Padding, before: number, behind: number): { readonly before: number; readonly out: number } {
  const reach = (kernel - 1) * dilation + 1;
  if (padding === "same") {
    const out = Math.ceil(size / stride);
    return { before: Math.max(0, (out - 1) * stride + reach - size) >> 1, out };
  }
  const [first, last] = padding === "valid" ? [0, 0] : [before, behind];
  return { before: first, out: Math.floor((size + first + last - reach) / stride) + 1 };
}

export function geometryOf(shape: readonly number[], kernel: readonly [number, number], window: Window2D): Geometry {
  const [batch, height, width] = shape as readonly [number, number, number];
  const { strides, dilation, padding } = window;
  const edges = typeof padding === "string" ? { top: 0, bottom: 0, left: 0, right: 0 } : padding;
  const vertical = along(height, kernel[0], strides[0], dilation[0], padding, edges.top, edges.bottom);
  const horizontal = along(width, kernel[1], strides[1], dilation[1], padding, edges.left, edges.right);
  return {
    batch, height, width, outHeight: vertical.out, outWidth: horizontal.out, kernelHeight: kernel[0], kernelWidth: kernel[1],
    strideY: strides[0], strideX: strides[1], dilationY: dilation[0], dilationX: dilation[1], top: vertical.before, left: horizontal.before,
  };
}

export function poolGeometry(shape: readonly number[], window: PoolWindow): Geometry {
  return geometryOf(shape, window.size, window);
}

/** One tap: row (y, x) of the grid reads source cell (y * strideY + offsetY, x * strideX + offsetX) with weights number `weight`. */
export interface Tap { readonly offsetY: number; readonly offsetX: number; readonly weight: number }

/**
 * Rows (y, x) of a grid, each reading taps of a source image and writing cell (y * stepY + firstY, x * stepX + firstX) of a target
 * image.
 */
export interface Sweep {
  readonly batch: number;
  readonly source: readonly [height: number, width: number];
  readonly grid: readonly [height: number, width: number];
  readonly stride: readonly [number, number];
  readonly target: readonly [height: number, width: number];
  readonly first: readonly [number, number];
  readonly step: readonly [number, number];
  readonly taps: readonly Tap[];
}

/** Outputs gather from the inputs. */
export function forwardSweep(g: Geometry): Sweep {
  const taps: Tap[] = [];
  for (let i = 0; i < g.kernelHeight; i++) {
    for (let j = 0; j < g.kernelWidth; j++) taps.push({ offsetY: i * g.dilationY - g.top, offsetX: j * g.dilationX - g.left, weight: i * g.kernelWidth + j });
  }
  return { batch: g.batch, source: [g.height, g.width], grid: [g.outHeight, g.outWidth], stride: [g.strideY, g.strideX], target: [g.outHeight, g.outWidth], first: [0, 0], step: [1, 1], taps };
}

/** Per kernel position, the offset in outputs of the taps that reach inputs congruent to `phase`. */
function phaseOffsets(phase: number, kernel: number, stride: number, dilation: number, before: number): { readonly position: number; readonly offset: number }[] {
  const reached: { position: number; offset: number }[] = [];
  for (let position = 0; position < kernel; position++) {
    const distance = phase + before - position * dilation;
    if (distance % stride === 0) reached.push({ position, offset: distance / stride });
  }
  return reached;
}

/** Inputs gather from the outputs: one sweep for each phase of the stride. A sweep without taps writes zeros. */
export function backwardSweeps(g: Geometry): Sweep[] {
  const sweeps: Sweep[] = [];
  for (let y = 0; y < Math.min(g.strideY, g.height); y++) {
    const rows = phaseOffsets(y, g.kernelHeight, g.strideY, g.dilationY, g.top);
    for (let x = 0; x < Math.min(g.strideX, g.width); x++) {
      const columns = phaseOffsets(x, g.kernelWidth, g.strideX, g.dilationX, g.left);
      sweeps.push({
        batch: g.batch, source: [g.outHeight, g.outWidth], grid: [Math.ceil((g.height - y) / g.strideY), Math.ceil((g.width - x) / g.strideX)], stride: [1, 1],
        target: [g.height, g.width], first: [y, x], step: [g.strideY, g.strideX],
        taps: rows.flatMap((row) => columns.map((column) => ({ offsetY: row.offset, offsetX: column.offset, weight: row.position * g.kernelWidth + column.position }))),
      });
    }
  }
  return sweeps;
}
