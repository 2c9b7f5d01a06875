// Exponential, error function and logarithm: the formulas of the AssemblyScript kernels (`assembly/functions.ts`).
#pragma once
#include "vector.h"

namespace {

// Half to even; beyond 2^23 every float is whole. The sign of a zero is kept.
INLINE Floats nearest(Floats x) {
  const Integers sign = (Integers)x & everywhere((std::int32_t)0x80000000);
  const Floats shift = all(8388608.0f), size = absolute(x), rounded = (size + shift) - shift;
  return (Floats)((Integers)(size < shift ? rounded : size) | sign);
}

// Cephes `expf`: relative error below 2e-7; zero below -87.3, bounded above 88.3.
INLINE Floats exponential(Floats x) {
  const Integers alive = x >= all(-87.33f);
  const Floats bounded = larger(smaller(x, all(88.37f)), all(-87.33f)), n = nearest(bounded * 1.44269504088896341f);
  const Floats r = bounded - n * 0.693359375f - n * -2.12194440e-4f;
  Floats p = all(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const Integers scale = (__builtin_convertvector(n, Integers) + 127) << 23;
  return bitsAnd(p * (Floats)scale, alive);
}

INLINE Floats errorFunction(Floats x) {
  const Floats bounded = larger(smaller(x, all(4)), all(-4)), square = bounded * bounded;
  Floats p = all(-2.72614225801306e-10f);
  p = p * square + 2.77068142495902e-8f;
  p = p * square + -2.10102402082508e-6f;
  p = p * square + -5.69250639462346e-5f;
  p = p * square + -7.34990630326855e-4f;
  p = p * square + -2.95459980854025e-3f;
  p = p * square + -1.60960333262415e-2f;
  Floats q = all(-1.45660718464996e-5f);
  q = q * square + -2.13374055278905e-4f;
  q = q * square + -1.68282697438203e-3f;
  q = q * square + -7.37332916720468e-3f;
  q = q * square + -1.42647390514189e-2f;
  return bounded * p / q;
}

extern "C" double log(double) noexcept;

}  // namespace
