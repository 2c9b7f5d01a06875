/**
 * Batch normalization over rows of `channels` values (Ioffe and Szegedy 2015): statistics in two passes (the one-pass formula loses
 * the variance of data far from zero), normalization, and the gradient through the statistics.
 */
import { at, loadPartial, madd, nmadd, smaller, storePartial } from "./memory";
import { sumMiddle } from "./reduce";

const BLOCK: i32 = 256;

@inline
function loadUpTo(p: usize, width: i32): v128 { return width == 4 ? v128.load(p) : loadPartial(p, width, 0); }
@inline
function storeUpTo(p: usize, v: v128, width: i32): void { if (width == 4) v128.store(p, v); else storePartial(p, v, width); }

/** mean[channel], variance[channel] (biased). */
export function batchStatistics(x: usize, mean: usize, variance: usize, rows: i32, channels: i32): void {
  const share = f32x4.splat(<f32>1 / <f32>rows), step = <usize>channels << 2;
  sumMiddle(x, mean, 1, rows, channels);
  for (let c = 0; c < channels; c += 4) { const width = smaller(4, channels - c), p = at(mean, c); storeUpTo(p, f32x4.mul(loadUpTo(p, width), share), width); }
  memory.fill(variance, 0, step);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = smaller(BLOCK, rows - first);
    let c = 0;
    for (; c + 8 <= channels; c += 8) {
      const m0 = v128.load(at(mean, c)), m1 = v128.load(at(mean, c), 16);
      let p = at(x, first * channels + c), s0 = f32x4.splat(0), s1 = s0;
      for (let r = 0; r < count; r++) {
        const d0 = f32x4.sub(v128.load(p), m0), d1 = f32x4.sub(v128.load(p, 16), m1);
        s0 = madd(d0, d0, s0); s1 = madd(d1, d1, s1);
        p += step;
      }
      const q = at(variance, c);
      v128.store(q, f32x4.add(v128.load(q), s0)); v128.store(q, f32x4.add(v128.load(q, 16), s1), 16);
    }
    for (; c < channels; c += 4) {
      const width = smaller(4, channels - c), m = loadUpTo(at(mean, c), width), q = at(variance, c);
      let p = at(x, first * channels + c), sum = f32x4.splat(0);
      for (let r = 0; r < count; r++) { const d = f32x4.sub(loadUpTo(p, width), m); sum = madd(d, d, sum); p += step; }
      storeUpTo(q, f32x4.add(loadUpTo(q, width), sum), width);
    }
  }
  for (let c = 0; c < channels; c += 4) { const width = smaller(4, channels - c), p = at(variance, c); storeUpTo(p, f32x4.mul(loadUpTo(p, width), share), width); }
}

/** target = (x - mean) * slope + offset; slope[channel] = scale / sqrt(variance + epsilon) is left in the workspace. */
export function normalize(x: usize, target: usize, mean: usize, variance: usize, scale: usize, offset: usize, epsilon: f32, rows: i32, channels: i32, workspace: usize): void {
  for (let c = 0; c < channels; c++) store<f32>(at(workspace, c), load<f32>(at(scale, c)) / sqrt<f32>(load<f32>(at(variance, c)) + epsilon));
  const step = <usize>channels << 2, whole = step & ~<usize>15;
  for (let r = 0; r < rows; r++) {
    let c: usize = 0;
    for (; c < whole; c += 16) v128.store(target + c, madd(f32x4.sub(v128.load(x + c), v128.load(mean + c)), v128.load(workspace + c), v128.load(offset + c)));
    for (; c < step; c += 4) store<f32>(target + c, (load<f32>(x + c) - load<f32>(mean + c)) * load<f32>(workspace + c) + load<f32>(offset + c));
    x += step; target += step;
  }
}

/** offset[channel] = sum dy, scale[channel] = sum dy * (x - mean), of one block of rows added to what is there. */
function addFlows(x: usize, dy: usize, mean: usize, rows: i32, channels: i32, scale: usize, offset: usize): void {
  const step = <usize>channels << 2;
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    const m0 = v128.load(at(mean, c)), m1 = v128.load(at(mean, c), 16);
    let p = at(x, c), q = at(dy, c), s0 = f32x4.splat(0), s1 = s0, t0 = s0, t1 = s0;
    for (let r = 0; r < rows; r++) {
      const d0 = v128.load(q), d1 = v128.load(q, 16);
      s0 = f32x4.add(s0, d0); s1 = f32x4.add(s1, d1);
      t0 = madd(d0, f32x4.sub(v128.load(p), m0), t0); t1 = madd(d1, f32x4.sub(v128.load(p, 16), m1), t1);
      p += step; q += step;
    }
    const o = at(offset, c), s = at(scale, c);
    v128.store(o, f32x4.add(v128.load(o), s0)); v128.store(o, f32x4.add(v128.load(o, 16), s1), 16);
    v128.store(s, f32x4.add(v128.load(s), t0)); v128.store(s, f32x4.add(v128.load(s, 16), t1), 16);
  }
  for (; c < channels; c += 4) {
    const width = smaller(4, channels - c), m = loadUpTo(at(mean, c), width), o = at(offset, c), s = at(scale, c);
    let p = at(x, c), q = at(dy, c), sum = f32x4.splat(0), product = sum;
    for (let r = 0; r < rows; r++) {
      const d = loadUpTo(q, width);
      sum = f32x4.add(sum, d);
      product = madd(d, f32x4.sub(loadUpTo(p, width), m), product);
      p += step; q += step;
    }
    storeUpTo(o, f32x4.add(loadUpTo(o, width), sum), width);
    storeUpTo(s, f32x4.add(loadUpTo(s, width), product), width);
  }
}

/** dx, dscale and doffset of `normalize` with the statistics of x itself. workspace: 3 * channels floats. */
export function normalizeGradient(x: usize, dy: usize, mean: usize, variance: usize, scale: usize, epsilon: f32, dx: usize, dscale: usize, doffset: usize, rows: i32, channels: i32, workspace: usize): void {
  const step = <usize>channels << 2, whole = step & ~<usize>15, slope = workspace, bend = workspace + step, shift = bend + step, share = <f32>1 / <f32>rows;
  memory.fill(dscale, 0, step);
  memory.fill(doffset, 0, step);
  for (let first = 0; first < rows; first += BLOCK) addFlows(at(x, first * channels), at(dy, first * channels), mean, smaller(BLOCK, rows - first), channels, dscale, doffset);
  for (let c: usize = 0; c < step; c += 4) {
    const factor = <f32>1 / sqrt<f32>(load<f32>(variance + c) + epsilon), normal = load<f32>(dscale + c) * factor;
    store<f32>(dscale + c, normal);
    store<f32>(slope + c, load<f32>(scale + c) * factor);
    store<f32>(bend + c, factor * normal * share);
    store<f32>(shift + c, load<f32>(doffset + c) * share);
  }
  for (let r = 0; r < rows; r++) {
    let c: usize = 0;
    for (; c < whole; c += 16) {
      const centred = f32x4.sub(v128.load(x + c), v128.load(mean + c));
      v128.store(dx + c, f32x4.mul(v128.load(slope + c), nmadd(centred, v128.load(bend + c), f32x4.sub(v128.load(dy + c), v128.load(shift + c)))));
    }
    for (; c < step; c += 4) store<f32>(dx + c, load<f32>(slope + c) * (load<f32>(dy + c) - load<f32>(shift + c) - (load<f32>(x + c) - load<f32>(mean + c)) * load<f32>(bend + c)));
    x += step; dy += step; dx += step;
  }
}
