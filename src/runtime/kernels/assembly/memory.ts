/** Addresses, loads of fewer than four floats, and sums over lanes. Sizes count floats, addresses count bytes. */

@inline
export function at(base: usize, floats: i32): usize { return base + (<usize>floats << 2); }

@inline
export function smaller(a: i32, b: i32): i32 { return a < b ? a : b; }

/** `n` rounded up to a multiple of 8. */
@inline
export function upToEight(n: i32): i32 { return (n + 7) & ~7; }

/** The first `count` (1 to 3) floats; the other lanes are `fill`. */
export function loadPartial(p: usize, count: i32, fill: f32): v128 {
  let v = f32x4.replace_lane(f32x4.splat(fill), 0, load<f32>(p));
  if (count > 1) v = f32x4.replace_lane(v, 1, load<f32>(p, 4));
  if (count > 2) v = f32x4.replace_lane(v, 2, load<f32>(p, 8));
  return v;
}

export function storePartial(p: usize, v: v128, count: i32): void {
  store<f32>(p, f32x4.extract_lane(v, 0));
  if (count > 1) store<f32>(p, f32x4.extract_lane(v, 1), 4);
  if (count > 2) store<f32>(p, f32x4.extract_lane(v, 2), 8);
}

/** a * b + c, rounded after each step; in the relaxed module perhaps only once, as the processor has it. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 { return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b)); }

/** c - a * b, likewise. */
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 { return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_nmadd(a, b, c) : f32x4.sub(c, f32x4.mul(a, b)); }

@inline
export function sumOfLanes(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

@inline
export function maxOfLanes(v: v128): f32 {
  return max(max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)), max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)));
}
