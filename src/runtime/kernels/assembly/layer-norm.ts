/** Layer normalization over rows (Ba, Kiros and Hinton 2016) and its gradient. */
import { at, loadPartial, madd, nmadd, storePartial, sumOfLanes } from "./memory";

function meanOf(row: usize, width: i32): f32 {
  let sum = f32x4.splat(0), i = 0;
  for (; i + 4 <= width; i += 4) sum = f32x4.add(sum, v128.load(at(row, i)));
  if (i < width) sum = f32x4.add(sum, loadPartial(at(row, i), width - i, 0));
  return sumOfLanes(sum) / <f32>width;
}

/** 1 / sqrt(variance + epsilon). */
function factorOf(row: usize, width: i32, mean: f32, epsilon: f32): f32 {
  const m = f32x4.splat(mean);
  let sum = f32x4.splat(0), i = 0;
  for (; i + 4 <= width; i += 4) { const d = f32x4.sub(v128.load(at(row, i)), m); sum = madd(d, d, sum); }
  if (i < width) { const d = f32x4.sub(loadPartial(at(row, i), width - i, mean), m); sum = madd(d, d, sum); }
  return <f32>1 / sqrt<f32>(sumOfLanes(sum) / <f32>width + epsilon);
}

export function layerNorm(x: usize, scale: usize, offset: usize, target: usize, epsilon: f32, rows: i32, width: i32): void {
  for (let r = 0; r < rows; r++) {
    const row = at(x, r * width), result = at(target, r * width), mean = meanOf(row, width), factor = factorOf(row, width, mean, epsilon), m = f32x4.splat(mean), f = f32x4.splat(factor);
    let i = 0;
    for (; i + 4 <= width; i += 4) v128.store(at(result, i), madd(f32x4.mul(f32x4.sub(v128.load(at(row, i)), m), f), v128.load(at(scale, i)), v128.load(at(offset, i))));
    for (; i < width; i++) store<f32>(at(result, i), (load<f32>(at(row, i)) - mean) * factor * load<f32>(at(scale, i)) + load<f32>(at(offset, i)));
  }
}

export function layerNormGradient(x: usize, dy: usize, scale: usize, dx: usize, dscale: usize, doffset: usize, epsilon: f32, rows: i32, width: i32): void {
  memory.fill(dscale, 0, <usize>width << 2);
  memory.fill(doffset, 0, <usize>width << 2);
  for (let r = 0; r < rows; r++) {
    const row = at(x, r * width), flow = at(dy, r * width), result = at(dx, r * width), mean = meanOf(row, width), factor = factorOf(row, width, mean, epsilon), m = f32x4.splat(mean), f = f32x4.splat(factor);
    // The row's normalized values go through dx, so that each is computed once.
    let first = f32x4.splat(0), second = first, i = 0;
    for (; i + 4 <= width; i += 4) {
      const normal = f32x4.mul(f32x4.sub(v128.load(at(row, i)), m), f), up = v128.load(at(flow, i)), g = f32x4.mul(up, v128.load(at(scale, i)));
      first = f32x4.add(first, g);
      second = madd(g, normal, second);
      v128.store(at(dscale, i), madd(up, normal, v128.load(at(dscale, i))));
      v128.store(at(doffset, i), f32x4.add(v128.load(at(doffset, i)), up));
      v128.store(at(result, i), normal);
    }
    if (i < width) {
      const count = width - i, normal = f32x4.mul(f32x4.sub(loadPartial(at(row, i), count, mean), m), f), up = loadPartial(at(flow, i), count, 0), g = f32x4.mul(up, loadPartial(at(scale, i), count, 0));
      first = f32x4.add(first, g);
      second = madd(g, normal, second);
      storePartial(at(dscale, i), madd(up, normal, loadPartial(at(dscale, i), count, 0)), count);
      storePartial(at(doffset, i), f32x4.add(loadPartial(at(doffset, i), count, 0), up), count);
      storePartial(at(result, i), normal, count);
    }
    const meanFlow = sumOfLanes(first) / <f32>width, meanProduct = sumOfLanes(second) / <f32>width, a = f32x4.splat(meanFlow), b = f32x4.splat(meanProduct);
    for (i = 0; i + 4 <= width; i += 4) v128.store(at(result, i), f32x4.mul(f, nmadd(v128.load(at(result, i)), b, f32x4.sub(f32x4.mul(v128.load(at(flow, i)), v128.load(at(scale, i))), a))));
    for (; i < width; i++) store<f32>(at(result, i), factor * (load<f32>(at(flow, i)) * load<f32>(at(scale, i)) - meanFlow - load<f32>(at(result, i)) * meanProduct));
  }
}
