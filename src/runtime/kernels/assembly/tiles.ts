/**
 * The innermost loops of all products: a tile of 4 rows by 8 columns held in eight registers (more would spill). The left operand is
 * read where it lies, through row pointers; the right one is packed into panels of eight columns.
 */

/**
 * rows: for each tap four source pointers, `channels` values each. targets: four row pointers. Sets (or adds to) eight columns at byte
 * offset `column` of each row: sum over taps and channels of source * panel.
 */
export function multiplyTile(taps: i32, channels: i32, rows: usize, panel: usize, targets: usize, column: usize, accumulate: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let t = 0; t < taps; t++) {
    let p0 = load<usize>(rows), p1 = load<usize>(rows, 4), p2 = load<usize>(rows, 8), p3 = load<usize>(rows, 12);
    rows += 16;
    let c = channels;
    for (; c >= 4; c -= 4) {
      let b0 = v128.load(panel), b1 = v128.load(panel, 16);
      let a = v128.load32_splat(p0);
      c00 = f32x4.add(c00, f32x4.mul(a, b0)); c01 = f32x4.add(c01, f32x4.mul(a, b1));
      a = v128.load32_splat(p1);
      c10 = f32x4.add(c10, f32x4.mul(a, b0)); c11 = f32x4.add(c11, f32x4.mul(a, b1));
      a = v128.load32_splat(p2);
      c20 = f32x4.add(c20, f32x4.mul(a, b0)); c21 = f32x4.add(c21, f32x4.mul(a, b1));
      a = v128.load32_splat(p3);
      c30 = f32x4.add(c30, f32x4.mul(a, b0)); c31 = f32x4.add(c31, f32x4.mul(a, b1));
      b0 = v128.load(panel, 32); b1 = v128.load(panel, 48);
      a = v128.load32_splat(p0, 4);
      c00 = f32x4.add(c00, f32x4.mul(a, b0)); c01 = f32x4.add(c01, f32x4.mul(a, b1));
      a = v128.load32_splat(p1, 4);
      c10 = f32x4.add(c10, f32x4.mul(a, b0)); c11 = f32x4.add(c11, f32x4.mul(a, b1));
      a = v128.load32_splat(p2, 4);
      c20 = f32x4.add(c20, f32x4.mul(a, b0)); c21 = f32x4.add(c21, f32x4.mul(a, b1));
      a = v128.load32_splat(p3, 4);
      c30 = f32x4.add(c30, f32x4.mul(a, b0)); c31 = f32x4.add(c31, f32x4.mul(a, b1));
      b0 = v128.load(panel, 64); b1 = v128.load(panel, 80);
      a = v128.load32_splat(p0, 8);
      c00 = f32x4.add(c00, f32x4.mul(a, b0)); c01 = f32x4.add(c01, f32x4.mul(a, b1));
      a = v128.load32_splat(p1, 8);
      c10 = f32x4.add(c10, f32x4.mul(a, b0)); c11 = f32x4.add(c11, f32x4.mul(a, b1));
      a = v128.load32_splat(p2, 8);
      c20 = f32x4.add(c20, f32x4.mul(a, b0)); c21 = f32x4.add(c21, f32x4.mul(a, b1));
      a = v128.load32_splat(p3, 8);
      c30 = f32x4.add(c30, f32x4.mul(a, b0)); c31 = f32x4.add(c31, f32x4.mul(a, b1));
      b0 = v128.load(panel, 96); b1 = v128.load(panel, 112);
      a = v128.load32_splat(p0, 12);
      c00 = f32x4.add(c00, f32x4.mul(a, b0)); c01 = f32x4.add(c01, f32x4.mul(a, b1));
      a = v128.load32_splat(p1, 12);
      c10 = f32x4.add(c10, f32x4.mul(a, b0)); c11 = f32x4.add(c11, f32x4.mul(a, b1));
      a = v128.load32_splat(p2, 12);
      c20 = f32x4.add(c20, f32x4.mul(a, b0)); c21 = f32x4.add(c21, f32x4.mul(a, b1));
      a = v128.load32_splat(p3, 12);
      c30 = f32x4.add(c30, f32x4.mul(a, b0)); c31 = f32x4.add(c31, f32x4.mul(a, b1));
      panel += 128; p0 += 16; p1 += 16; p2 += 16; p3 += 16;
    }
    for (; c > 0; c--) {
      const b0 = v128.load(panel), b1 = v128.load(panel, 16);
      let a = v128.load32_splat(p0);
      c00 = f32x4.add(c00, f32x4.mul(a, b0)); c01 = f32x4.add(c01, f32x4.mul(a, b1));
      a = v128.load32_splat(p1);
      c10 = f32x4.add(c10, f32x4.mul(a, b0)); c11 = f32x4.add(c11, f32x4.mul(a, b1));
      a = v128.load32_splat(p2);
      c20 = f32x4.add(c20, f32x4.mul(a, b0)); c21 = f32x4.add(c21, f32x4.mul(a, b1));
      a = v128.load32_splat(p3);
      c30 = f32x4.add(c30, f32x4.mul(a, b0)); c31 = f32x4.add(c31, f32x4.mul(a, b1));
      panel += 32; p0 += 4; p1 += 4; p2 += 4; p3 += 4;
    }
  }
  storeRow(load<usize>(targets) + column, c00, c01, accumulate);
  storeRow(load<usize>(targets, 4) + column, c10, c11, accumulate);
  storeRow(load<usize>(targets, 8) + column, c20, c21, accumulate);
  storeRow(load<usize>(targets, 12) + column, c30, c31, accumulate);
}

@inline
function minusDistance(sum: v128, a: v128, b: v128): v128 { return f32x4.sub(sum, f32x4.abs(f32x4.sub(a, b))); }

/** As `multiplyTile`, with -|source - panel| in the place of the product. */
export function distanceTile(taps: i32, channels: i32, rows: usize, panel: usize, targets: usize, column: usize, accumulate: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let t = 0; t < taps; t++) {
    let p0 = load<usize>(rows), p1 = load<usize>(rows, 4), p2 = load<usize>(rows, 8), p3 = load<usize>(rows, 12);
    rows += 16;
    let c = channels;
    for (; c >= 2; c -= 2) {
      let b0 = v128.load(panel), b1 = v128.load(panel, 16);
      let a = v128.load32_splat(p0);
      c00 = minusDistance(c00, a, b0); c01 = minusDistance(c01, a, b1);
      a = v128.load32_splat(p1);
      c10 = minusDistance(c10, a, b0); c11 = minusDistance(c11, a, b1);
      a = v128.load32_splat(p2);
      c20 = minusDistance(c20, a, b0); c21 = minusDistance(c21, a, b1);
      a = v128.load32_splat(p3);
      c30 = minusDistance(c30, a, b0); c31 = minusDistance(c31, a, b1);
      b0 = v128.load(panel, 32); b1 = v128.load(panel, 48);
      a = v128.load32_splat(p0, 4);
      c00 = minusDistance(c00, a, b0); c01 = minusDistance(c01, a, b1);
      a = v128.load32_splat(p1, 4);
      c10 = minusDistance(c10, a, b0); c11 = minusDistance(c11, a, b1);
      a = v128.load32_splat(p2, 4);
      c20 = minusDistance(c20, a, b0); c21 = minusDistance(c21, a, b1);
      a = v128.load32_splat(p3, 4);
      c30 = minusDistance(c30, a, b0); c31 = minusDistance(c31, a, b1);
      panel += 64; p0 += 8; p1 += 8; p2 += 8; p3 += 8;
    }
    if (c > 0) {
      const b0 = v128.load(panel), b1 = v128.load(panel, 16);
      let a = v128.load32_splat(p0);
      c00 = minusDistance(c00, a, b0); c01 = minusDistance(c01, a, b1);
      a = v128.load32_splat(p1);
      c10 = minusDistance(c10, a, b0); c11 = minusDistance(c11, a, b1);
      a = v128.load32_splat(p2);
      c20 = minusDistance(c20, a, b0); c21 = minusDistance(c21, a, b1);
      a = v128.load32_splat(p3);
      c30 = minusDistance(c30, a, b0); c31 = minusDistance(c31, a, b1);
      panel += 32;
    }
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
    c00 = f32x4.add(c00, f32x4.mul(a, b0)); c01 = f32x4.add(c01, f32x4.mul(a, b1));
    a = v128.load32_splat(p, 4);
    c10 = f32x4.add(c10, f32x4.mul(a, b0)); c11 = f32x4.add(c11, f32x4.mul(a, b1));
    a = v128.load32_splat(p, 8);
    c20 = f32x4.add(c20, f32x4.mul(a, b0)); c21 = f32x4.add(c21, f32x4.mul(a, b1));
    a = v128.load32_splat(p, 12);
    c30 = f32x4.add(c30, f32x4.mul(a, b0)); c31 = f32x4.add(c31, f32x4.mul(a, b1));
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
    c00 = f32x4.add(c00, f32x4.mul(a, b0)); c01 = f32x4.add(c01, f32x4.mul(a, b1));
    a = v128.load32_splat(load<usize>(r1 + i) + o1);
    c10 = f32x4.add(c10, f32x4.mul(a, b0)); c11 = f32x4.add(c11, f32x4.mul(a, b1));
    a = v128.load32_splat(load<usize>(r2 + i) + o2);
    c20 = f32x4.add(c20, f32x4.mul(a, b0)); c21 = f32x4.add(c21, f32x4.mul(a, b1));
    a = v128.load32_splat(load<usize>(r3 + i) + o3);
    c30 = f32x4.add(c30, f32x4.mul(a, b0)); c31 = f32x4.add(c31, f32x4.mul(a, b1));
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
