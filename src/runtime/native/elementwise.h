// Elementwise functions and optimizer steps over `count` values, shared out in ranges.
#pragma once
#include "functions.h"
#include "parts.h"

namespace {

// body(place, width): width lanes count, LANES or fewer at the end.
template <class Body>
void forValues(long count, double operations, const Body& body) {
  forRanges(count, 16384, operations * count, [&](long first, long size) {
    for (long i = first; i < first + size; i += LANES) body(i, first + size - i);
  });
}

template <class Operation>
INLINE void combineWith(const float* a, const float* b, float* target, long rows, long width, const Operation& operation) {
  if (rows == 1 || width == 1) {
    const Floats one = all(*b);
    const bool single = width == 1;
    return forValues(rows * width, 1, [&](long i, long rest) { storeUpTo(target + i, operation(loadUpTo(a + i, rest), single ? one : loadUpTo(b + i, rest)), rest); });
  }
  forRanges(rows, rowsPerPart(width), (double)rows * width, [&](long first, long count) {
    for (long r = first; r < first + count; r++) {
      for (long i = 0; i < width; i += LANES) storeUpTo(target + r * width + i, operation(loadUpTo(a + r * width + i, width - i), loadUpTo(b + i, width - i)), width - i);
    }
  });
}

// target[rows, width] = a[rows, width] + b[width], or - (1), or * (2).
inline void combine(const float* a, const float* b, float* target, long rows, long width, long operation) {
  if (operation == 0) combineWith(a, b, target, rows, width, [](Floats x, Floats y) { return x + y; });
  else if (operation == 1) combineWith(a, b, target, rows, width, [](Floats x, Floats y) { return x - y; });
  else combineWith(a, b, target, rows, width, [](Floats x, Floats y) { return x * y; });
}

// Values below `low` become `low` and those above `high` become `high`; what is no number stays.
inline void clampValues(const float* x, float* target, long count, float low, float high) {
  forValues(count, 1, [&](long i, long width) {
    const Floats v = loadUpTo(x + i, width), raised = v < all(low) ? all(low) : v;
    storeUpTo(target + i, raised > all(high) ? all(high) : raised, width);
  });
}

INLINE Floats normalDistribution(Floats x) { return 0.5f * (1.0f + errorFunction(x * 0.7071067811865476f)); }

inline void gelu(const float* x, float* target, long count) {
  forValues(count, 20, [&](long i, long width) { const Floats v = loadUpTo(x + i, width); storeUpTo(target + i, v * normalDistribution(v), width); });
}

inline void geluGradient(const float* x, const float* dy, float* target, long count) {
  forValues(count, 40, [&](long i, long width) {
    const Floats v = loadUpTo(x + i, width), density = 0.3989422804014327f * exponential(v * v * -0.5f);
    storeUpTo(target + i, loadUpTo(dy + i, width) * (normalDistribution(v) + v * density), width);
  });
}

// dy where low < y < high, else 0.
inline void gateGradient(const float* y, const float* dy, float* target, long count, float low, float high) {
  forValues(count, 1, [&](long i, long width) {
    const Floats v = loadUpTo(y + i, width);
    storeUpTo(target + i, bitsAnd(loadUpTo(dy + i, width), (v > all(low)) & (v < all(high))), width);
  });
}

inline void roundValues(const float* x, float* target, long count) {
  forValues(count, 2, [&](long i, long width) { storeUpTo(target + i, nearest(loadUpTo(x + i, width)), width); });
}

// sign(w) 2^round(log2|w|) through the bits: the exponent, plus one where the mantissa exceeds sqrt 2, clamped; zero stays zero.
inline void roundToPowerOfTwo(const float* w, float* target, long count, long lowExponent, long highExponent) {
  const Integers low = everywhere((std::int32_t)lowExponent + 127), high = everywhere((std::int32_t)highExponent + 127);
  forValues(count, 4, [&](long i, long width) {
    const Floats v = loadUpTo(w + i, width);
    const Integers bits = (Integers)v, above = (bits & 0x7fffff) > everywhere(0x3504f3);
    Integers exponent = ((bits & 0x7fffffff) >> 23) - above;
    exponent = exponent < high ? exponent : high;
    exponent = exponent > low ? exponent : low;
    storeUpTo(target + i, bitsAnd((Floats)((exponent << 23) | (bits & (std::int32_t)0x80000000)), v != Floats{}), width);
  });
}

// v = momentum v + (g + decay p); p -= rate v.
inline void updateSgd(float* parameter, const float* gradient, float* velocity, long count, float rate, float momentum, float decay) {
  forValues(count, 2, [&](long i, long width) {
    const Floats p = loadUpTo(parameter + i, width), next = momentum * loadUpTo(velocity + i, width) + (loadUpTo(gradient + i, width) + decay * p);
    storeUpTo(velocity + i, next, width);
    storeUpTo(parameter + i, p - rate * next, width);
  });
}

INLINE Floats squareRoot(Floats v) {
#if defined(NASC_AVX512)
  return (Floats)_mm512_maskz_sqrt_ps((__mmask16)-1, (__m512)v);
#elif defined(NASC_AVX2)
  return (Floats)_mm256_sqrt_ps((__m256)v);
#else
  for (int i = 0; i < LANES; i++) v[i] = __builtin_sqrtf(v[i]);
  return v;
#endif
}

// Adam (Kingma and Ba 2015), `rate` already divided by 1 - beta1^step and `correction` being 1 / (1 - beta2^step). `decay` is added to
// the gradient; `shrink` is what AdamW (Loshchilov and Hutter 2019) takes off the parameter itself.
inline void updateAdam(float* parameter, const float* gradient, float* first, float* second, long count, float rate, float beta1, float beta2, float correction, float epsilon, float decay, float shrink) {
  forValues(count, 8, [&](long i, long width) {
    const Floats p = loadUpTo(parameter + i, width), g = loadUpTo(gradient + i, width) + decay * p;
    const Floats m = beta1 * loadUpTo(first + i, width) + (1 - beta1) * g, v = beta2 * loadUpTo(second + i, width) + (1 - beta2) * (g * g);
    storeUpTo(first + i, m, width);
    storeUpTo(second + i, v, width);
    storeUpTo(parameter + i, p - shrink * p - rate * m / (squareRoot(v * correction) + epsilon), width);
  });
}

}  // namespace
