/** Gradients of the adder layer (Chen et al., AdderNet, CVPR 2020, eq. 5 and 6); its forward pass is `convolve` with kind 1. */
import { at, madd } from "./memory";
import { batchOf, gridHeight, gridWidth, insideTaps, targetPixel } from "./sweep";

/** Between -1 and 1. */
@inline
export function clipped(difference: v128): v128 { return f32x4.pmin(f32x4.pmax(difference, f32x4.splat(-1)), f32x4.splat(1)); }

/** Filters [tap, channel, column] to [tap, column, channel], so that a tile reads neighbouring channels. */
export function turnFilters(weights: usize, taps: i32, channels: i32, columns: i32, target: usize): void {
  for (let t = 0; t < taps; t++) for (let o = 0; o < columns; o++) for (let c = 0; c < channels; c++) {
    store<f32>(target, load<f32>(at(weights, (t * channels + c) * columns + o)));
    target += 4;
  }
}

/** target = sum over taps and columns of upstream * clip(weight - x, -1, 1), over a backward sweep; filters as `turnFilters` left them. */
export function adderInputGradient(sweep: usize, upstream: usize, x: usize, filters: usize, target: usize, channels: i32, columns: i32, list: usize): void {
  const step = <usize>channels << 2;
  for (let n = 0; n < batchOf(sweep); n++) for (let y = 0; y < gridHeight(sweep); y++) for (let u = 0; u < gridWidth(sweep); u++) {
    const found = insideTaps(sweep, n, y, u, list), pixel = targetPixel(sweep, n, y, u) * channels;
    let c = 0;
    for (; c + 16 <= channels; c += 16) {
      const p = at(x, pixel + c), x0 = v128.load(p), x1 = v128.load(p, 16), x2 = v128.load(p, 32), x3 = v128.load(p, 48);
      let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
      for (let t = 0; t < found; t++) {
        const pair = list + (<usize>t << 3);
        let q = at(upstream, load<i32>(pair) * columns), w = at(filters, load<i32>(pair, 4) * columns * channels + c);
        for (let o = 0; o < columns; o++) {
          const flow = v128.load32_splat(q);
          a0 = madd(flow, clipped(f32x4.sub(v128.load(w), x0)), a0);
          a1 = madd(flow, clipped(f32x4.sub(v128.load(w, 16), x1)), a1);
          a2 = madd(flow, clipped(f32x4.sub(v128.load(w, 32), x2)), a2);
          a3 = madd(flow, clipped(f32x4.sub(v128.load(w, 48), x3)), a3);
          q += 4; w += step;
        }
      }
      const d = at(target, pixel + c);
      v128.store(d, a0); v128.store(d, a1, 16); v128.store(d, a2, 32); v128.store(d, a3, 48);
    }
    for (; c < channels; c++) {
      const value = load<f32>(at(x, pixel + c));
      let sum: f32 = 0;
      for (let t = 0; t < found; t++) {
        const pair = list + (<usize>t << 3), q = at(upstream, load<i32>(pair) * columns), w = at(filters, load<i32>(pair, 4) * columns * channels + c);
        for (let o = 0; o < columns; o++) sum += load<f32>(at(q, o)) * max(<f32>-1, min(<f32>1, load<f32>(at(w, o * channels)) - value));
      }
      store<f32>(at(target, pixel + c), sum);
    }
  }
}

/** From sum dy * x to sum dy * (x - w): target[row, column] -= weights[row, column] * totals[column]. */
export function subtractScaledColumns(target: usize, weights: usize, totals: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) for (let o = 0; o < columns; o++) {
    const cell = at(target, r * columns + o);
    store<f32>(cell, load<f32>(cell) - load<f32>(at(weights, r * columns + o)) * load<f32>(at(totals, o)));
  }
}
