/** Elementwise functions over `count` values, four at a time; the last ones go through a partial vector. */
import { loadPartial, madd, storePartial } from "./memory";
import { errorFunction, exponential } from "./functions";

@inline
function normalDistribution(x: v128): v128 { return f32x4.mul(f32x4.splat(0.5), f32x4.add(f32x4.splat(1), errorFunction(f32x4.mul(x, f32x4.splat(0.7071067811865476))))); }

@inline
function geluSlope(x: v128): v128 {
  const density = f32x4.mul(f32x4.splat(0.3989422804014327), exponential(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))));
  return madd(x, density, normalDistribution(x));
}

export function gelu(x: usize, target: usize, count: i32): void {
  for (; count >= 4; count -= 4) { const v = v128.load(x); v128.store(target, f32x4.mul(v, normalDistribution(v))); x += 16; target += 16; }
  if (count > 0) { const v = loadPartial(x, count, 0); storePartial(target, f32x4.mul(v, normalDistribution(v)), count); }
}

export function geluGradient(x: usize, dy: usize, target: usize, count: i32): void {
  for (; count >= 4; count -= 4) { v128.store(target, f32x4.mul(v128.load(dy), geluSlope(v128.load(x)))); x += 16; dy += 16; target += 16; }
  if (count > 0) storePartial(target, f32x4.mul(loadPartial(dy, count, 0), geluSlope(loadPartial(x, count, 0))), count);
}

/** Values below `low` become `low` and those above `high` become `high`; what is no number stays. */
export function clampValues(x: usize, target: usize, count: i32, low: f32, high: f32): void {
  const l = f32x4.splat(low), h = f32x4.splat(high);
  for (; count >= 4; count -= 4) { v128.store(target, f32x4.pmin(f32x4.pmax(v128.load(x), l), h)); x += 16; target += 16; }
  if (count > 0) storePartial(target, f32x4.pmin(f32x4.pmax(loadPartial(x, count, 0), l), h), count);
}

/** dy where low < y < high, else 0. */
export function gateGradient(y: usize, dy: usize, target: usize, count: i32, low: f32, high: f32): void {
  const l = f32x4.splat(low), h = f32x4.splat(high);
  for (; count >= 4; count -= 4) { const v = v128.load(y); v128.store(target, v128.and(v128.load(dy), v128.and(f32x4.gt(v, l), f32x4.lt(v, h)))); y += 16; dy += 16; target += 16; }
  if (count > 0) { const v = loadPartial(y, count, 0); storePartial(target, v128.and(loadPartial(dy, count, 0), v128.and(f32x4.gt(v, l), f32x4.lt(v, h))), count); }
}

/** Half to even. */
export function roundValues(x: usize, target: usize, count: i32): void {
  for (; count >= 4; count -= 4) { v128.store(target, f32x4.nearest(v128.load(x))); x += 16; target += 16; }
  if (count > 0) storePartial(target, f32x4.nearest(loadPartial(x, count, 0)), count);
}

/**
 * sign(w) 2^round(log2|w|) through the bits: the exponent, plus one where the mantissa exceeds sqrt 2 (which no float equals, so there
 * is no tie), clamped; zero stays zero.
 */
@inline
function nearestPower(w: v128, low: v128, high: v128): v128 {
  const size = v128.and(w, i32x4.splat(0x7fffffff)), above = i32x4.gt_s(v128.and(w, i32x4.splat(0x7fffff)), i32x4.splat(0x3504f3));
  const exponent = i32x4.max_s(i32x4.min_s(i32x4.sub(i32x4.shr_u(size, 23), above), high), low);
  const power = v128.or(i32x4.shl(exponent, 23), v128.and(w, i32x4.splat(0x80000000)));
  return v128.and(power, f32x4.ne(w, f32x4.splat(0)));
}

export function roundToPowerOfTwo(w: usize, target: usize, count: i32, lowExponent: i32, highExponent: i32): void {
  const low = i32x4.splat(lowExponent + 127), high = i32x4.splat(highExponent + 127);
  for (; count >= 4; count -= 4) { v128.store(target, nearestPower(v128.load(w), low, high)); w += 16; target += 16; }
  if (count > 0) storePartial(target, nearestPower(loadPartial(w, count, 0), low, high), count);
}
