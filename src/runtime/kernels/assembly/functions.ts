/**
 * Exponential, error function and logarithm without tables (a table would be data in a heap that is not ours). The same operations in
 * the same order on every machine.
 */
import { madd, nmadd } from "./memory";

/**
 * exp(x): x = n ln 2 + r, a degree-6 minimax polynomial in r (Cephes `expf`), then 2^n through the exponent bits. Relative error below
 * 2e-7; zero below -87.3, bounded above 88.3.
 */
export function exponential(x: v128): v128 {
  const alive = f32x4.ge(x, f32x4.splat(-87.33));
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(88.37)), f32x4.splat(-87.33));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)));
  // ln 2 in two parts, so that r keeps its low bits.
  const r = nmadd(n, f32x4.splat(-2.12194440e-4), nmadd(n, f32x4.splat(0.693359375), bounded));
  let p = f32x4.splat(1.9875691500e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd(f32x4.mul(p, r), r, r), f32x4.splat(1));
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(p, scale), alive);
}

/** erf(x) as an odd rational function on [-4, 4], where it is 1 in float32 beyond (the coefficients of Eigen and XLA). */
export function errorFunction(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(4)), f32x4.splat(-4)), square = f32x4.mul(bounded, bounded);
  let p = f32x4.splat(-2.72614225801306e-10);
  p = madd(p, square, f32x4.splat(2.77068142495902e-8));
  p = madd(p, square, f32x4.splat(-2.10102402082508e-6));
  p = madd(p, square, f32x4.splat(-5.69250639462346e-5));
  p = madd(p, square, f32x4.splat(-7.34990630326855e-4));
  p = madd(p, square, f32x4.splat(-2.95459980854025e-3));
  p = madd(p, square, f32x4.splat(-1.60960333262415e-2));
  let q = f32x4.splat(-1.45660718464996e-5);
  q = madd(q, square, f32x4.splat(-2.13374055278905e-4));
  q = madd(q, square, f32x4.splat(-1.68282697438203e-3));
  q = madd(q, square, f32x4.splat(-7.37332916720468e-3));
  q = madd(q, square, f32x4.splat(-1.42647390514189e-2));
  return f32x4.div(f32x4.mul(bounded, p), q);
}

/** ln(x) for normal x > 0: exponent and mantissa, then the series of the inverse hyperbolic tangent. */
export function logarithm(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let exponent = <i32>((bits >> 52) & 0x7ff) - 1023;
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) { mantissa *= 0.5; exponent++; }
  const s = (mantissa - 1) / (mantissa + 1), square = s * s;
  let sum: f64 = 0;
  for (let k = 21; k >= 1; k -= 2) sum = sum * square + 1 / <f64>k;
  return <f64>exponent * 0.6931471805599453 + 2 * s * sum;
}
