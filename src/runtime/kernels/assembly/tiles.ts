/**
 * The innermost loops of all products: a tile of 4 rows by 8 columns held in eight registers (more would spill). Both operands are
 * packed, so that a step of the depth needs two addresses and no more.
 */
import { madd } from "./memory";

/**
 * a: [depth][4], b: [depth][8]. Sets (or adds to) eight columns, at byte offset `column` of each of the four rows that `targets` points
 * to, to the sum over the depth of a * b.
 */
export function multiplyTile(depth: i32, a: usize, b: usize, targets: usize, column: usize, accumulate: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let t: v128;
    t = v128.load32_splat(a, 0);
    c00 = madd(t, b0, c00);
    c01 = madd(t, b1, c01);
    t = v128.load32_splat(a, 4);
    c10 = madd(t, b0, c10);
    c11 = madd(t, b1, c11);
    t = v128.load32_splat(a, 8);
    c20 = madd(t, b0, c20);
    c21 = madd(t, b1, c21);
    t = v128.load32_splat(a, 12);
    c30 = madd(t, b0, c30);
    c31 = madd(t, b1, c31);
    a += 16; b += 32;
  }
  storeRow(load<usize>(targets) + column, c00, c01, accumulate);
  storeRow(load<usize>(targets, 4) + column, c10, c11, accumulate);
  storeRow(load<usize>(targets, 8) + column, c20, c21, accumulate);
  storeRow(load<usize>(targets, 12) + column, c30, c31, accumulate);
}

/** As `multiplyTile`, with -|a - b| in the place of the product. */
export function distanceTile(depth: i32, a: usize, b: usize, targets: usize, column: usize, accumulate: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let t: v128;
    t = v128.load32_splat(a, 0);
    c00 = f32x4.sub(c00, f32x4.abs(f32x4.sub(t, b0)));
    c01 = f32x4.sub(c01, f32x4.abs(f32x4.sub(t, b1)));
    t = v128.load32_splat(a, 4);
    c10 = f32x4.sub(c10, f32x4.abs(f32x4.sub(t, b0)));
    c11 = f32x4.sub(c11, f32x4.abs(f32x4.sub(t, b1)));
    t = v128.load32_splat(a, 8);
    c20 = f32x4.sub(c20, f32x4.abs(f32x4.sub(t, b0)));
    c21 = f32x4.sub(c21, f32x4.abs(f32x4.sub(t, b1)));
    t = v128.load32_splat(a, 12);
    c30 = f32x4.sub(c30, f32x4.abs(f32x4.sub(t, b0)));
    c31 = f32x4.sub(c31, f32x4.abs(f32x4.sub(t, b1)));
    a += 16; b += 32;
  }
  storeRow(load<usize>(targets) + column, c00, c01, accumulate);
  storeRow(load<usize>(targets, 4) + column, c10, c11, accumulate);
  storeRow(load<usize>(targets, 8) + column, c20, c21, accumulate);
  storeRow(load<usize>(targets, 12) + column, c30, c31, accumulate);
}

/**
 * Four neighbouring left columns against eight right ones, summed over `count` rows: row i of the left operand starts at pointer i of
 * `rows`, plus `offset` bytes. target: four rows, `stride` bytes apart.
 */
export function columnTile(count: i32, rows: usize, offset: usize, panel: usize, target: usize, stride: usize, accumulate: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let i = 0; i < count; i++) {
    const p = load<usize>(rows) + offset;
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let a = v128.load32_splat(p);
    c00 = madd(a, b0, c00); c01 = madd(a, b1, c01);
    a = v128.load32_splat(p, 4);
    c10 = madd(a, b0, c10); c11 = madd(a, b1, c11);
    a = v128.load32_splat(p, 8);
    c20 = madd(a, b0, c20); c21 = madd(a, b1, c21);
    a = v128.load32_splat(p, 12);
    c30 = madd(a, b0, c30); c31 = madd(a, b1, c31);
    rows += 4; panel += 32;
  }
  storeRow(target, c00, c01, accumulate);
  storeRow(target + stride, c10, c11, accumulate);
  storeRow(target + 2 * stride, c20, c21, accumulate);
  storeRow(target + 3 * stride, c30, c31, accumulate);
}

/** As `columnTile` for four left columns that have pointer lists and offsets of their own. */
export function scatteredColumnTile(count: i32, r0: usize, r1: usize, r2: usize, r3: usize, o0: usize, o1: usize, o2: usize, o3: usize, panel: usize, target: usize, stride: usize, accumulate: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 4) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let a = v128.load32_splat(load<usize>(r0 + i) + o0);
    c00 = madd(a, b0, c00); c01 = madd(a, b1, c01);
    a = v128.load32_splat(load<usize>(r1 + i) + o1);
    c10 = madd(a, b0, c10); c11 = madd(a, b1, c11);
    a = v128.load32_splat(load<usize>(r2 + i) + o2);
    c20 = madd(a, b0, c20); c21 = madd(a, b1, c21);
    a = v128.load32_splat(load<usize>(r3 + i) + o3);
    c30 = madd(a, b0, c30); c31 = madd(a, b1, c31);
    panel += 32;
  }
  storeRow(target, c00, c01, accumulate);
  storeRow(target + stride, c10, c11, accumulate);
  storeRow(target + 2 * stride, c20, c21, accumulate);
  storeRow(target + 3 * stride, c30, c31, accumulate);
}

@inline
function storeRow(p: usize, low: v128, high: v128, accumulate: i32): void {
  if (accumulate) {
    low = f32x4.add(low, v128.load(p));
    high = f32x4.add(high, v128.load(p, 16));
  }
  v128.store(p, low);
  v128.store(p, high, 16);
}

/** Copies (or adds) the leading rows and columns of a finished 4 x 8 tile; for the edges of a matrix. */
export function storeEdge(tile: usize, rows: i32, columns: i32, target: usize, stride: usize, accumulate: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < columns; j++) {
      const p = target + <usize>r * stride + (<usize>j << 2);
      const value = load<f32>(tile + (<usize>(r * 8 + j) << 2));
      store<f32>(p, accumulate ? load<f32>(p) + value : value);
    }
  }
}
