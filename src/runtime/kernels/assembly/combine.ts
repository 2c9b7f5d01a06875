/** Sums, differences and products of two operands value by value; the second may be used again for each row of the first. */
import { at, loadPartial, storePartial } from "./memory";

@inline
function apply(x: v128, y: v128, operation: i32): v128 { return operation == 0 ? f32x4.add(x, y) : operation == 1 ? f32x4.sub(x, y) : f32x4.mul(x, y); }

/** `step`: bytes from one right vector to the next, 0 to use the same one again. */
@inline
function combineRow(a: usize, b: usize, target: usize, count: i32, step: usize, operation: i32): void {
  for (; count >= 4; count -= 4) { v128.store(target, apply(v128.load(a), step ? v128.load(b) : v128.load32_splat(b), operation)); a += 16; b += step; target += 16; }
  if (count > 0) storePartial(target, apply(loadPartial(a, count, 0), step ? loadPartial(b, count, 0) : v128.load32_splat(b), operation), count);
}

@inline
function combineRows(a: usize, b: usize, target: usize, rows: i32, width: i32, operation: i32): void {
  if (width == 1) { combineRow(a, b, target, rows, 0, operation); return; }
  for (let r = 0; r < rows; r++) combineRow(at(a, r * width), b, at(target, r * width), width, 16, operation);
}

/** target[rows, width] = a[rows, width] + b[width], or - (1), or * (2). */
export function combine(a: usize, b: usize, target: usize, rows: i32, width: i32, operation: i32): void {
  if (operation == 0) combineRows(a, b, target, rows, width, 0);
  else if (operation == 1) combineRows(a, b, target, rows, width, 1);
  else combineRows(a, b, target, rows, width, 2);
}
