/** Sums over the middle axis of [outer, middle, inner], in blocks, so that rounding errors grow with the block and not with the whole. */
import { at, loadPartial, smaller, storePartial, sumOfLanes } from "./memory";

const BLOCK: i32 = 256;

function sumOfRow(p: usize, count: i32): f32 {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  let i = 0;
  for (; i + 16 <= count; i += 16) {
    a = f32x4.add(a, v128.load(p)); b = f32x4.add(b, v128.load(p, 16)); c = f32x4.add(c, v128.load(p, 32)); d = f32x4.add(d, v128.load(p, 48));
    p += 64;
  }
  for (; i + 4 <= count; i += 4) { a = f32x4.add(a, v128.load(p)); p += 16; }
  if (i < count) b = f32x4.add(b, loadPartial(p, count - i, 0));
  return sumOfLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

/** target[column] (+)= sum over `rows` rows, `stride` floats apart. */
export function addRows(p: usize, rows: i32, stride: i32, columns: i32, target: usize, accumulate: bool): void {
  const step = <usize>stride << 2;
  let c = 0;
  for (; c + 16 <= columns; c += 16) {
    let q = at(p, c), a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
    for (let r = 0; r < rows; r++) {
      a0 = f32x4.add(a0, v128.load(q)); a1 = f32x4.add(a1, v128.load(q, 16)); a2 = f32x4.add(a2, v128.load(q, 32)); a3 = f32x4.add(a3, v128.load(q, 48));
      q += step;
    }
    const t = at(target, c);
    if (accumulate) { a0 = f32x4.add(a0, v128.load(t)); a1 = f32x4.add(a1, v128.load(t, 16)); a2 = f32x4.add(a2, v128.load(t, 32)); a3 = f32x4.add(a3, v128.load(t, 48)); }
    v128.store(t, a0); v128.store(t, a1, 16); v128.store(t, a2, 32); v128.store(t, a3, 48);
  }
  for (; c < columns; c += 4) {
    const width = smaller(4, columns - c), t = at(target, c);
    let q = at(p, c), sum = f32x4.splat(0);
    if (width == 4) for (let r = 0; r < rows; r++) { sum = f32x4.add(sum, v128.load(q)); q += step; }
    else for (let r = 0; r < rows; r++) { sum = f32x4.add(sum, loadPartial(q, width, 0)); q += step; }
    if (accumulate) sum = f32x4.add(sum, width == 4 ? v128.load(t) : loadPartial(t, width, 0));
    if (width == 4) v128.store(t, sum); else storePartial(t, sum, width);
  }
}

export function sumMiddle(x: usize, target: usize, outer: i32, middle: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    const rows = at(x, o * middle * inner), result = at(target, o * inner);
    if (inner == 1) {
      let total: f32 = 0;
      for (let m = 0; m < middle; m += 4096) total += sumOfRow(at(rows, m), smaller(4096, middle - m));
      store<f32>(result, total);
    } else {
      if (middle == 0) memory.fill(result, 0, <usize>inner << 2);
      for (let m = 0; m < middle; m += BLOCK) addRows(at(rows, m * inner), smaller(BLOCK, middle - m), inner, inner, result, m > 0);
    }
  }
}

/** The reverse: target[outer, middle, inner] = factor * source[outer, inner]. */
export function spreadMiddle(source: usize, target: usize, outer: i32, middle: i32, inner: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  for (let o = 0; o < outer; o++) {
    const row = at(source, o * inner);
    if (inner == 1) {
      const value = load<f32>(row) * factor, v = f32x4.splat(value);
      let m = 0;
      for (; m + 4 <= middle; m += 4) { v128.store(target, v); target += 16; }
      for (; m < middle; m++) { store<f32>(target, value); target += 4; }
    } else {
      for (let m = 0; m < middle; m++) {
        let i = 0;
        for (; i + 4 <= inner; i += 4) { v128.store(target, f32x4.mul(v128.load(at(row, i)), f)); target += 16; }
        for (; i < inner; i++) { store<f32>(target, load<f32>(at(row, i)) * factor); target += 4; }
      }
    }
  }
}

/** target[height, width]: row i of the source is added to row indices[i], in order. */
export function segmentSum(source: usize, indices: usize, target: usize, rows: i32, width: i32, height: i32): void {
  memory.fill(target, 0, <usize>(height * width) << 2);
  for (let r = 0; r < rows; r++) {
    const sums = at(target, load<i32>(at(indices, r)) * width);
    let c = 0;
    for (; c + 4 <= width; c += 4) { v128.store(at(sums, c), f32x4.add(v128.load(at(sums, c)), v128.load(source))); source += 16; }
    for (; c < width; c++) { store<f32>(at(sums, c), load<f32>(at(sums, c)) + load<f32>(source)); source += 4; }
  }
}
