/** Depthwise convolution and its gradients; a channel may have several filters (the multiplier). */
import { at, madd, smaller } from "./memory";
import { batchOf, gridHeight, gridWidth, insideTaps, sourceHeight, sourceWidth, strideX, strideY, tapCount, tapWeight, tapX, tapY, targetPixel } from "./sweep";

/** One pixel with one filter per channel: `list` holds `found` (pixel, weight) pairs. */
function gatherChannels(list: usize, found: i32, source: usize, weights: usize, target: usize, channels: i32): void {
  const bytes = <usize>channels << 2;
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    let low = f32x4.splat(0), high = low;
    for (let t = 0; t < found; t++) {
      const pair = list + (<usize>t << 3), p = source + <usize>load<i32>(pair) * bytes + (<usize>c << 2), w = weights + <usize>load<i32>(pair, 4) * bytes + (<usize>c << 2);
      low = madd(v128.load(p), v128.load(w), low);
      high = madd(v128.load(p, 16), v128.load(w, 16), high);
    }
    v128.store(at(target, c), low);
    v128.store(at(target, c), high, 16);
  }
  for (; c < channels; c++) {
    let sum: f32 = 0;
    for (let t = 0; t < found; t++) {
      const pair = list + (<usize>t << 3);
      sum += load<f32>(at(source, load<i32>(pair) * channels + c)) * load<f32>(at(weights, load<i32>(pair, 4) * channels + c));
    }
    store<f32>(at(target, c), sum);
  }
}

/** One pixel of the forward pass with `multiplier` filters per channel. */
function spreadFilters(list: usize, found: i32, source: usize, weights: usize, target: usize, channels: i32, multiplier: i32): void {
  const out = channels * multiplier;
  for (let o = 0; o < out; o++) {
    let sum: f32 = 0;
    for (let t = 0; t < found; t++) {
      const pair = list + (<usize>t << 3);
      sum += load<f32>(at(source, load<i32>(pair) * channels + o / multiplier)) * load<f32>(at(weights, load<i32>(pair, 4) * out + o));
    }
    store<f32>(at(target, o), sum);
  }
}

/** One pixel of the input gradient with `multiplier` filters per channel. */
function collectFilters(list: usize, found: i32, source: usize, weights: usize, target: usize, channels: i32, multiplier: i32): void {
  const out = channels * multiplier;
  for (let c = 0; c < channels; c++) {
    let sum: f32 = 0;
    for (let t = 0; t < found; t++) {
      const pair = list + (<usize>t << 3);
      for (let q = c * multiplier; q < (c + 1) * multiplier; q++) sum += load<f32>(at(source, load<i32>(pair) * out + q)) * load<f32>(at(weights, load<i32>(pair, 4) * out + q));
    }
    store<f32>(at(target, c), sum);
  }
}

/** Forward, or the input gradient if `backward` (source is then the upstream gradient). list: 8 bytes per tap. */
export function depthwise(sweep: usize, source: usize, weights: usize, target: usize, channels: i32, multiplier: i32, backward: i32, list: usize): void {
  const written = backward ? channels : channels * multiplier;
  for (let n = 0; n < batchOf(sweep); n++) {
    for (let y = 0; y < gridHeight(sweep); y++) {
      for (let x = 0; x < gridWidth(sweep); x++) {
        const found = insideTaps(sweep, n, y, x, list), pixel = at(target, targetPixel(sweep, n, y, x) * written);
        if (multiplier == 1) gatherChannels(list, found, source, weights, pixel, channels);
        else if (backward) collectFilters(list, found, source, weights, pixel, channels, multiplier);
        else spreadFilters(list, found, source, weights, pixel, channels, multiplier);
      }
    }
  }
}

/** Adds one line of the image to one tap's gradient: `count` pixels of x (`step` floats apart) times as many of dy. */
function addLine(x: usize, step: i32, dy: usize, count: i32, target: usize, channels: i32): void {
  const next = <usize>step << 2, nextUpstream = <usize>channels << 2;
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    let p = at(x, c), q = at(dy, c);
    let low = f32x4.splat(0), high = low;
    for (let i = 0; i < count; i++) {
      low = madd(v128.load(p), v128.load(q), low);
      high = madd(v128.load(p, 16), v128.load(q, 16), high);
      p += next; q += nextUpstream;
    }
    const w = at(target, c);
    v128.store(w, f32x4.add(v128.load(w), low));
    v128.store(w, f32x4.add(v128.load(w, 16), high), 16);
  }
  for (; c < channels; c++) {
    let sum: f32 = 0;
    for (let i = 0; i < count; i++) sum += load<f32>(at(x, i * step + c)) * load<f32>(at(dy, i * channels + c));
    store<f32>(at(target, c), load<f32>(at(target, c)) + sum);
  }
}

function addLineSpread(x: usize, step: i32, dy: usize, count: i32, target: usize, channels: i32, multiplier: i32): void {
  const out = channels * multiplier;
  for (let o = 0; o < out; o++) {
    let sum: f32 = 0;
    for (let i = 0; i < count; i++) sum += load<f32>(at(x, i * step + o / multiplier)) * load<f32>(at(dy, i * out + o));
    store<f32>(at(target, o), load<f32>(at(target, o)) + sum);
  }
}

/** target[tap, channel * multiplier] over a forward sweep. */
export function depthwiseFilterGradient(sweep: usize, x: usize, dy: usize, target: usize, channels: i32, multiplier: i32): void {
  const height = sourceHeight(sweep), width = sourceWidth(sweep), gridW = gridWidth(sweep), gridH = gridHeight(sweep), out = channels * multiplier, stride = strideX(sweep);
  memory.fill(target, 0, <usize>(tapCount(sweep) * out) << 2);
  for (let n = 0; n < batchOf(sweep); n++) {
    for (let y = 0; y < gridH; y++) {
      for (let t = 0; t < tapCount(sweep); t++) {
        const row = y * strideY(sweep) + tapY(sweep, t), offset = tapX(sweep, t);
        if (row < 0 || row >= height) continue;
        const first = offset < 0 ? (-offset + stride - 1) / stride : 0;
        const end = width > offset ? smaller(gridW, (width - offset + stride - 1) / stride) : 0;
        if (first >= end) continue;
        const source = at(x, ((n * height + row) * width + first * stride + offset) * channels), upstream = at(dy, ((n * gridH + y) * gridW + first) * out), filter = at(target, tapWeight(sweep, t) * out);
        if (multiplier == 1) addLine(source, stride * channels, upstream, end - first, filter, channels);
        else addLineSpread(source, stride * channels, upstream, end - first, filter, channels, multiplier);
      }
    }
  }
}
