/** Optimizer steps in place. */
import { loadPartial, madd, nmadd, storePartial } from "./memory";

/** v = momentum v + (g + decay p); p -= rate v. */
export function updateSgd(parameter: usize, gradient: usize, velocity: usize, count: i32, rate: f32, momentum: f32, decay: f32): void {
  const a = f32x4.splat(rate), m = f32x4.splat(momentum), d = f32x4.splat(decay);
  for (; count > 0; count -= 4) {
    const whole = count >= 4;
    const p = whole ? v128.load(parameter) : loadPartial(parameter, count, 0), g = whole ? v128.load(gradient) : loadPartial(gradient, count, 0), v = whole ? v128.load(velocity) : loadPartial(velocity, count, 0);
    const next = madd(m, v, madd(d, p, g)), moved = nmadd(a, next, p);
    if (whole) { v128.store(velocity, next); v128.store(parameter, moved); } else { storePartial(velocity, next, count); storePartial(parameter, moved, count); }
    parameter += 16; gradient += 16; velocity += 16;
  }
}

/**
 * Adam (Kingma and Ba 2015), `rate` already divided by 1 - beta1^step and `correction` being 1 / (1 - beta2^step). `decay` is added to
 * the gradient; `shrink` is what AdamW (Loshchilov and Hutter 2019) takes off the parameter itself.
 */
export function updateAdam(parameter: usize, gradient: usize, first: usize, second: usize, count: i32, rate: f32, beta1: f32, beta2: f32, correction: f32, epsilon: f32, decay: f32, shrink: f32): void {
  const a = f32x4.splat(rate), b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), r1 = f32x4.splat(1 - beta1), r2 = f32x4.splat(1 - beta2), c = f32x4.splat(correction), e = f32x4.splat(epsilon), d = f32x4.splat(decay), s = f32x4.splat(shrink);
  for (; count > 0; count -= 4) {
    const whole = count >= 4;
    const p = whole ? v128.load(parameter) : loadPartial(parameter, count, 0), m = whole ? v128.load(first) : loadPartial(first, count, 0), v = whole ? v128.load(second) : loadPartial(second, count, 0);
    const g = madd(d, p, whole ? v128.load(gradient) : loadPartial(gradient, count, 0));
    const nextFirst = madd(r1, g, f32x4.mul(b1, m)), nextSecond = madd(r2, f32x4.mul(g, g), f32x4.mul(b2, v));
    const step = f32x4.div(f32x4.mul(a, nextFirst), f32x4.add(f32x4.sqrt(f32x4.mul(nextSecond, c)), e));
    const moved = f32x4.sub(nmadd(s, p, p), step);
    if (whole) { v128.store(first, nextFirst); v128.store(second, nextSecond); v128.store(parameter, moved); }
    else { storePartial(first, nextFirst, count); storePartial(second, nextSecond, count); storePartial(parameter, moved, count); }
    parameter += 16; gradient += 16; first += 16; second += 16;
  }
}
