// Vectors of floats as wide as the instruction set of the including file, and the sizes of the product tiles that fill its registers.
// Everything here and in the kernels lies in an unnamed namespace: each variant has its own copy, and none may leak into another.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace {

#if defined(NASC_AVX512)
// 32 registers: 24 sums, 2 columns.
constexpr int LANES = 16, TILE_ROWS = 12, TILE_VECTORS = 2, GATHERED_ROWS = 8, DISTANCE_ROWS = 8, FILTER_ROWS = 8;
#elif defined(NASC_AVX2)
// 16 registers: 12 sums, 2 columns; distances need more for what lies between, so 8 sums.
constexpr int LANES = 8, TILE_ROWS = 6, TILE_VECTORS = 2, GATHERED_ROWS = 6, DISTANCE_ROWS = 4, FILTER_ROWS = 4;
#elif defined(__aarch64__)
constexpr int LANES = 4, TILE_ROWS = 8, TILE_VECTORS = 2, GATHERED_ROWS = 8, DISTANCE_ROWS = 8, FILTER_ROWS = 8;
#else
constexpr int LANES = 4, TILE_ROWS = 4, TILE_VECTORS = 2, GATHERED_ROWS = 4, DISTANCE_ROWS = 4, FILTER_ROWS = 4;
#endif
constexpr int TILE_COLUMNS = TILE_VECTORS * LANES;

typedef float Floats __attribute__((vector_size(LANES * 4)));
typedef std::int32_t Integers __attribute__((vector_size(LANES * 4)));

#define INLINE __attribute__((always_inline)) inline
// Before loops over registers: at -O2 a loop that grows is kept, and its registers become memory.
#define UNROLL _Pragma("GCC unroll 16")

// Subtracting zero changes no value, so that nothing but the broadcast is left (adding it would change -0).
template <class Vector = Floats>
INLINE Vector all(float value) { return value - Vector{}; }
INLINE Integers everywhere(std::int32_t value) { return Integers{} + value; }
template <class Vector = Floats>
INLINE Vector load(const float* p) { Vector v; std::memcpy(&v, p, sizeof v); return v; }
template <class Vector>
INLINE void store(float* p, Vector v) { std::memcpy(p, &v, sizeof v); }

// The first `count` lanes (1 to LANES); the others are zero, and memory behind is not touched.
INLINE Floats loadPart(const float* p, long count) {
#if defined(NASC_AVX512)
  return (Floats)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
#elif defined(NASC_AVX2)
  const Integers lane = {0, 1, 2, 3, 4, 5, 6, 7};
  return (Floats)_mm256_maskload_ps(p, (__m256i)(lane < everywhere((int)count)));
#else
  Floats v{};
  for (long i = 0; i < LANES; i++) if (i < count) v[i] = p[i];
  return v;
#endif
}

// As `loadPart`, with `fill` in the other lanes.
INLINE Floats loadPartOr(const float* p, long count, float fill) {
#if defined(NASC_AVX512)
  return (Floats)_mm512_mask_loadu_ps((__m512)all(fill), (__mmask16)((1u << count) - 1), p);
#elif defined(NASC_AVX2)
  const Integers lane = {0, 1, 2, 3, 4, 5, 6, 7};
  return lane < everywhere((int)count) ? loadPart(p, count) : all(fill);
#else
  Floats v = all(fill);
  for (long i = 0; i < LANES; i++) if (i < count) v[i] = p[i];
  return v;
#endif
}

INLINE void storePart(float* p, Floats v, long count) {
#if defined(NASC_AVX512)
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
#elif defined(NASC_AVX2)
  const Integers lane = {0, 1, 2, 3, 4, 5, 6, 7};
  _mm256_maskstore_ps(p, (__m256i)(lane < everywhere((int)count)), (__m256)v);
#else
  for (long i = 0; i < LANES; i++) if (i < count) p[i] = v[i];
#endif
}

INLINE Floats loadUpTo(const float* p, long count) { return count >= LANES ? load(p) : loadPart(p, count); }
INLINE void storeUpTo(float* p, Floats v, long count) { if (count >= LANES) store(p, v); else storePart(p, v, count); }

template <class Vector>
using BitsOf = decltype(Vector{} < Vector{});
template <class Vector>
INLINE Vector bitsAnd(Vector v, BitsOf<Vector> mask) { return (Vector)((BitsOf<Vector>)v & mask); }
template <class Vector>
INLINE Vector absolute(Vector v) { return bitsAnd(v, BitsOf<Vector>{} + 0x7fffffff); }
INLINE Floats larger(Floats a, Floats b) { return a > b ? a : b; }
INLINE Floats smaller(Floats a, Floats b) { return a < b ? a : b; }

// a - b. Through the multiplier, which is idle where sums of differences keep the adder busy; the same bits.
#if defined(NASC_AVX512) || defined(NASC_AVX2)
// All lanes of AVX2, half of those of AVX-512.
typedef float EightFloats __attribute__((vector_size(32)));
INLINE EightFloats difference(EightFloats a, EightFloats b) { return (EightFloats)_mm256_fnmadd_ps((__m256)b, _mm256_set1_ps(1.0f), (__m256)a); }
#else
INLINE Floats difference(Floats a, Floats b) { return a - b; }
#endif
#if defined(NASC_AVX512)
INLINE Floats difference(Floats a, Floats b) { return (Floats)_mm512_fnmadd_ps((__m512)b, _mm512_set1_ps(1.0f), (__m512)a); }

// Zen 4 (AMD family 19h) computes a wide vector half by half in the same unit. Where a step has operations for different units, these
// are better used by half vectors.
inline bool worksByHalves() {
  static const bool zen4 = [] {
    // By number: compilers that do not know the name yet would refuse it.
    unsigned model = 0, unused = 0;
    return __builtin_cpu_is("amd") && __get_cpuid(1, &model, &unused, &unused, &unused) && (model >> 8 & 15) + (model >> 20 & 255) == 0x19;
  }();
  return zen4;
}
#endif

// v between -1 and 1.
INLINE Floats clipped(Floats v) {
#if defined(NASC_AVX512)
  // The smaller size of v and 1, with the sign of v.
  return (Floats)_mm512_range_ps((__m512)v, _mm512_set1_ps(1.0f), 2);
#else
  return smaller(larger(v, all(-1)), all(1));
#endif
}

#if defined(NASC_AVX512) || defined(NASC_AVX2)
// Halves against halves until four lanes are left, in the order of the plain loop below.
template <class Operation>
INLINE __m128 foldedLanes(Floats v, const Operation& operation) {
#if defined(NASC_AVX512)
  const __m512 whole = (__m512)v;
  const __m256 half = (__m256)operation(_mm512_castps512_ps256(whole), _mm512_extractf32x8_ps(whole, 1));
#else
  const __m256 half = (__m256)v;
#endif
  const __m128 quarter = operation(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  const __m128 two = operation(quarter, _mm_movehl_ps(quarter, quarter));
  return operation(two, _mm_shuffle_ps(two, two, 1));
}
#endif

INLINE float sumOfLanes(Floats v) {
#if defined(NASC_AVX512) || defined(NASC_AVX2)
  return _mm_cvtss_f32(foldedLanes(v, [](auto a, auto b) { return a + b; }));
#else
  float lane[LANES];
  std::memcpy(lane, &v, sizeof lane);
  for (int half = LANES / 2; half > 0; half /= 2) for (int i = 0; i < half; i++) lane[i] += lane[i + half];
  return lane[0];
#endif
}

INLINE float maxOfLanes(Floats v) {
#if defined(NASC_AVX512) || defined(NASC_AVX2)
  return _mm_cvtss_f32(foldedLanes(v, [](auto a, auto b) { return a > b ? a : b; }));
#else
  float best = v[0];
  for (int i = 1; i < LANES; i++) if (v[i] > best) best = v[i];
  return best;
#endif
}

INLINE long least(long a, long b) { return a < b ? a : b; }
INLINE long ceilingOf(long a, long b) { return (a + b - 1) / b; }
INLINE long roundedUp(long a, long b) { return ceilingOf(a, b) * b; }

}  // namespace
