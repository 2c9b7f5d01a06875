/**
 * The window description that the caller writes as 32-bit integers: a grid of rows, each reading taps of a source image and writing
 * one cell of a target image. Sixteen fields, then (offset y, offset x, weight number) per tap. See `src/runtime/geometry.ts`.
 */

@inline
function field(sweep: usize, index: i32): i32 { return load<i32>(sweep + (<usize>index << 2)); }

@inline
export function batchOf(s: usize): i32 { return field(s, 0); }
@inline
export function sourceHeight(s: usize): i32 { return field(s, 1); }
@inline
export function sourceWidth(s: usize): i32 { return field(s, 2); }
@inline
export function gridHeight(s: usize): i32 { return field(s, 3); }
@inline
export function gridWidth(s: usize): i32 { return field(s, 4); }
@inline
export function strideY(s: usize): i32 { return field(s, 5); }
@inline
export function strideX(s: usize): i32 { return field(s, 6); }
@inline
export function tapCount(s: usize): i32 { return field(s, 13); }
@inline
export function tapY(s: usize, tap: i32): i32 { return field(s, 16 + 3 * tap); }
@inline
export function tapX(s: usize, tap: i32): i32 { return field(s, 17 + 3 * tap); }
@inline
export function tapWeight(s: usize, tap: i32): i32 { return field(s, 18 + 3 * tap); }

export function rowCount(s: usize): i32 { return batchOf(s) * gridHeight(s) * gridWidth(s); }

/** The pixel (counted over all images) that row (n, y, x) of the grid writes. */
@inline
export function targetPixel(s: usize, n: i32, y: i32, x: i32): i32 {
  return (n * field(s, 7) + y * field(s, 11) + field(s, 9)) * field(s, 8) + x * field(s, 12) + field(s, 10);
}

/**
 * The taps of row (n, y, x) that lie inside the source image, as pairs (source pixel, weight number) at `list`; returns how many.
 */
export function insideTaps(s: usize, n: i32, y: i32, x: i32, list: usize): i32 {
  const height = sourceHeight(s), width = sourceWidth(s), count = tapCount(s);
  const top = y * strideY(s), left = x * strideX(s);
  let found = 0;
  for (let t = 0; t < count; t++) {
    const row = top + tapY(s, t), column = left + tapX(s, t);
    if (row < 0 || column < 0 || row >= height || column >= width) continue;
    store<i32>(list + (<usize>found << 3), (n * height + row) * width + column);
    store<i32>(list + (<usize>found << 3), tapWeight(s, t), 4);
    found++;
  }
  return found;
}
