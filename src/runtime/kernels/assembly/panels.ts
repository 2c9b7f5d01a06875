/** Packing of the right operand into panels of eight columns, and of transposed left operands into rows. */
import { at } from "./memory";

/** Transposes 4 x 4 floats: four source rows to four target rows `stride` bytes apart. */
@inline
export function transposeFour(p0: usize, p1: usize, p2: usize, p3: usize, target: usize, stride: usize): void {
  const a = v128.load(p0), b = v128.load(p1), c = v128.load(p2), d = v128.load(p3);
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  v128.store(target + stride, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
  v128.store(target + 2 * stride, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5));
  v128.store(target + 3 * stride, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7));
}

/** `depth` rows of `width` (at most 8) columns to target[depth][8], zeros behind. Row k of the source is `stride` floats after row k-1. */
export function packColumns(source: usize, stride: i32, depth: i32, width: i32, target: usize): void {
  const step = <usize>stride << 2;
  if (width == 8) {
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(source));
      v128.store(target, v128.load(source, 16), 16);
      target += 32; source += step;
    }
    return;
  }
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < 8; j++) store<f32>(at(target, j), j < width ? load<f32>(at(source, j)) : 0);
    target += 32; source += step;
  }
}

/** The same for a source that is stored transposed: column j is `stride` floats after column j-1, rows are neighbours. */
export function packRows(source: usize, stride: i32, depth: i32, width: i32, target: usize): void {
  const step = <usize>stride << 2;
  let k = 0;
  if (width == 8) {
    let p = source, q = source + 4 * step;
    for (; k + 4 <= depth; k += 4) {
      transposeFour(p, p + step, p + 2 * step, p + 3 * step, target, 32);
      transposeFour(q, q + step, q + 2 * step, q + 3 * step, target + 16, 32);
      target += 128; p += 16; q += 16;
    }
  }
  for (; k < depth; k++) {
    for (let j = 0; j < 8; j++) store<f32>(at(target, j), j < width ? load<f32>(at(source, j * stride + k)) : 0);
    target += 32;
  }
}

/** `depth` values of four rows to target[depth][4]. */
export function packQuads(p0: usize, p1: usize, p2: usize, p3: usize, depth: i32, target: usize): void {
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    transposeFour(p0, p1, p2, p3, target, 16);
    target += 64; p0 += 16; p1 += 16; p2 += 16; p3 += 16;
  }
  for (; k < depth; k++) {
    store<f32>(target, load<f32>(p0)); store<f32>(target, load<f32>(p1), 4); store<f32>(target, load<f32>(p2), 8); store<f32>(target, load<f32>(p3), 12);
    target += 16; p0 += 4; p1 += 4; p2 += 4; p3 += 4;
  }
}
