/**
 * The depthwise adder layer and its input gradient: one filter per channel. The filter gradient is that of a depthwise convolution, less
 * filter times upstream (`subtractScaledColumns`).
 */
import { clipped } from "./adder";
import { at, loadPartial, madd, smaller, storePartial } from "./memory";
import { batchOf, gridHeight, gridWidth, insideTaps, sourceHeight, sourceWidth, strideX, strideY, tapCount, tapWeight, tapX, tapY, targetPixel } from "./sweep";

@inline
function loadUpTo(p: usize, width: i32): v128 { return width == 4 ? v128.load(p) : loadPartial(p, width, 0); }
@inline
function storeUpTo(p: usize, v: v128, width: i32): void { if (width == 4) v128.store(p, v); else storePartial(p, v, width); }

/** -sum over taps of |source - weight| for each channel; taps outside the image read zeros. Forward sweeps. list: 8 bytes per tap. */
export function depthwiseAdder(sweep: usize, source: usize, weights: usize, target: usize, channels: i32, list: usize): void {
  const taps = tapCount(sweep), height = sourceHeight(sweep), width = sourceWidth(sweep);
  for (let n = 0; n < batchOf(sweep); n++) for (let y = 0; y < gridHeight(sweep); y++) for (let x = 0; x < gridWidth(sweep); x++) {
    for (let t = 0; t < taps; t++) {
      const row = y * strideY(sweep) + tapY(sweep, t), column = x * strideX(sweep) + tapX(sweep, t), pair = list + (<usize>t << 3);
      const inside = row >= 0 && column >= 0 && row < height && column < width;
      store<usize>(pair, inside ? at(source, ((n * height + row) * width + column) * channels) : 0);
      store<usize>(pair, at(weights, tapWeight(sweep, t) * channels), 4);
    }
    const cell = at(target, targetPixel(sweep, n, y, x) * channels);
    for (let c = 0; c < channels; c += 4) {
      const lanes = smaller(4, channels - c);
      let sum = f32x4.splat(0);
      for (let t = 0; t < taps; t++) {
        const pair = list + (<usize>t << 3), pixel = load<usize>(pair), weight = loadUpTo(at(load<usize>(pair, 4), c), lanes);
        sum = f32x4.sub(sum, f32x4.abs(pixel ? f32x4.sub(loadUpTo(at(pixel, c), lanes), weight) : weight));
      }
      storeUpTo(at(cell, c), sum, lanes);
    }
  }
}

/** target = sum over taps of upstream * clip(weight - x, -1, 1), over a backward sweep. list: 8 bytes per tap. */
export function depthwiseAdderInputGradient(sweep: usize, upstream: usize, x: usize, weights: usize, target: usize, channels: i32, list: usize): void {
  for (let n = 0; n < batchOf(sweep); n++) for (let y = 0; y < gridHeight(sweep); y++) for (let u = 0; u < gridWidth(sweep); u++) {
    const found = insideTaps(sweep, n, y, u, list), cell = targetPixel(sweep, n, y, u) * channels;
    for (let c = 0; c < channels; c += 4) {
      const lanes = smaller(4, channels - c), here = loadUpTo(at(x, cell + c), lanes);
      let sum = f32x4.splat(0);
      for (let t = 0; t < found; t++) {
        const pair = list + (<usize>t << 3), flow = loadUpTo(at(upstream, load<i32>(pair) * channels + c), lanes);
        sum = madd(flow, clipped(f32x4.sub(loadUpTo(at(weights, load<i32>(pair, 4) * channels + c), lanes), here)), sum);
      }
      storeUpTo(at(target, cell + c), sum, lanes);
    }
  }
}
