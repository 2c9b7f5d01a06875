/** Maximum and average pooling and their gradients. `list` has room for 8 bytes per tap. */
import { at } from "./memory";
import { batchOf, gridHeight, gridWidth, insideTaps, targetPixel } from "./sweep";

@inline
function pixelOf(list: usize, tap: i32): i32 { return load<i32>(list + (<usize>tap << 3)); }

export function maxPool(sweep: usize, source: usize, target: usize, channels: i32, list: usize): void {
  for (let n = 0; n < batchOf(sweep); n++) for (let y = 0; y < gridHeight(sweep); y++) for (let x = 0; x < gridWidth(sweep); x++) {
    const found = insideTaps(sweep, n, y, x, list), pixel = at(target, targetPixel(sweep, n, y, x) * channels);
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      let best = v128.load(at(source, pixelOf(list, 0) * channels + c));
      for (let t = 1; t < found; t++) best = f32x4.pmax(best, v128.load(at(source, pixelOf(list, t) * channels + c)));
      v128.store(at(pixel, c), best);
    }
    for (; c < channels; c++) {
      let best = load<f32>(at(source, pixelOf(list, 0) * channels + c));
      for (let t = 1; t < found; t++) { const value = load<f32>(at(source, pixelOf(list, t) * channels + c)); if (value > best) best = value; }
      store<f32>(at(pixel, c), best);
    }
  }
}

/** The first largest cell of each window takes the gradient. `target` is zero at the start. */
export function maxPoolGradient(sweep: usize, source: usize, upstream: usize, target: usize, channels: i32, list: usize): void {
  for (let n = 0; n < batchOf(sweep); n++) for (let y = 0; y < gridHeight(sweep); y++) for (let x = 0; x < gridWidth(sweep); x++) {
    const found = insideTaps(sweep, n, y, x, list), pixel = at(upstream, targetPixel(sweep, n, y, x) * channels);
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      let best = v128.load(at(source, pixelOf(list, 0) * channels + c)), winner = i32x4.splat(0);
      for (let t = 1; t < found; t++) {
        const value = v128.load(at(source, pixelOf(list, t) * channels + c)), larger = f32x4.gt(value, best);
        best = v128.bitselect(value, best, larger);
        winner = v128.bitselect(i32x4.splat(t), winner, larger);
      }
      const flow = v128.load(at(pixel, c));
      for (let t = 0; t < found; t++) {
        const cell = at(target, pixelOf(list, t) * channels + c);
        v128.store(cell, f32x4.add(v128.load(cell), v128.and(flow, i32x4.eq(winner, i32x4.splat(t)))));
      }
    }
    for (; c < channels; c++) {
      let winner = pixelOf(list, 0), best = load<f32>(at(source, winner * channels + c));
      for (let t = 1; t < found; t++) { const value = load<f32>(at(source, pixelOf(list, t) * channels + c)); if (value > best) { best = value; winner = pixelOf(list, t); } }
      const cell = at(target, winner * channels + c);
      store<f32>(cell, load<f32>(cell) + load<f32>(at(pixel, c)));
    }
  }
}

/** The mean of the cells inside the image. */
export function averagePool(sweep: usize, source: usize, target: usize, channels: i32, list: usize): void {
  for (let n = 0; n < batchOf(sweep); n++) for (let y = 0; y < gridHeight(sweep); y++) for (let x = 0; x < gridWidth(sweep); x++) {
    const found = insideTaps(sweep, n, y, x, list), pixel = at(target, targetPixel(sweep, n, y, x) * channels), share = <f32>1 / <f32>found;
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      let sum = f32x4.splat(0);
      for (let t = 0; t < found; t++) sum = f32x4.add(sum, v128.load(at(source, pixelOf(list, t) * channels + c)));
      v128.store(at(pixel, c), f32x4.mul(sum, f32x4.splat(share)));
    }
    for (; c < channels; c++) {
      let sum: f32 = 0;
      for (let t = 0; t < found; t++) sum += load<f32>(at(source, pixelOf(list, t) * channels + c));
      store<f32>(at(pixel, c), sum * share);
    }
  }
}

/** `target` is zero at the start. */
export function averagePoolGradient(sweep: usize, upstream: usize, target: usize, channels: i32, list: usize): void {
  for (let n = 0; n < batchOf(sweep); n++) for (let y = 0; y < gridHeight(sweep); y++) for (let x = 0; x < gridWidth(sweep); x++) {
    const found = insideTaps(sweep, n, y, x, list), pixel = at(upstream, targetPixel(sweep, n, y, x) * channels), share = <f32>1 / <f32>found;
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const flow = f32x4.mul(v128.load(at(pixel, c)), f32x4.splat(share));
      for (let t = 0; t < found; t++) { const cell = at(target, pixelOf(list, t) * channels + c); v128.store(cell, f32x4.add(v128.load(cell), flow)); }
    }
    for (; c < channels; c++) {
      const flow = load<f32>(at(pixel, c)) * share;
      for (let t = 0; t < found; t++) { const cell = at(target, pixelOf(list, t) * channels + c); store<f32>(cell, load<f32>(cell) + flow); }
    }
  }
}
