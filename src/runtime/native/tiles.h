// The innermost loops of all products: tiles of rows by a few vectors of columns, held in registers over the whole depth. Right operands
// are packed in panels [depth][columns of the panel]; the last panel may have fewer vectors.
#pragma once
#include "vector.h"

namespace {

// a: [depth][TILE_ROWS]. Sets (or adds to) columns [column, column + VECTORS * LANES) of the rows that `targets` points to.
template <int VECTORS>
INLINE void packedTile(long depth, const float* a, const float* b, float* const* targets, long column, bool accumulate) {
  Floats sums[TILE_ROWS][VECTORS] = {};
  for (long k = 0; k < depth; k++) {
    Floats right[VECTORS];
    UNROLL for (int v = 0; v < VECTORS; v++) right[v] = load(b + v * LANES);
    UNROLL for (int r = 0; r < TILE_ROWS; r++) {
      const Floats left = all(a[r]);
      UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] += left * right[v];
    }
    a += TILE_ROWS;
    b += VECTORS * LANES;
  }
  UNROLL for (int r = 0; r < TILE_ROWS; r++) {
    UNROLL for (int v = 0; v < VECTORS; v++) {
      float* p = targets[r] + column + v * LANES;
      store(p, accumulate ? load(p) + sums[r][v] : sums[r][v]);
    }
  }
}

// What tiles of left rows that lie in place compute, with how many rows and how wide vectors.
struct ProductTile {
  typedef Floats Vector;
  static constexpr int ROWS = GATHERED_ROWS;
  static INLINE void step(Vector& sum, Vector a, Vector b) { sum += a * b; }
};
template <class Width, int HEIGHT>
struct DistanceTile {
  typedef Width Vector;
  static constexpr int ROWS = HEIGHT;
  static INLINE void step(Vector& sum, Vector a, Vector b) { sum = difference(sum, absolute(a - b)); }
};

// Row r of tap t starts at sources[t * ROWS + r] and is `channels` long; b is a panel of WIDTH columns.
template <class Tile, int WIDTH>
INLINE void gatheredTile(long taps, long channels, const float* const* sources, const float* b, float* const* targets, long column) {
  typedef typename Tile::Vector Vector;
  constexpr int ROWS = Tile::ROWS, SIZE = sizeof(Vector) / sizeof(float), VECTORS = WIDTH / SIZE;
  Vector sums[ROWS][VECTORS] = {};
  for (long t = 0; t < taps; t++) {
    const float* rows[ROWS];
    UNROLL for (int r = 0; r < ROWS; r++) rows[r] = sources[t * ROWS + r];
    for (long c = 0; c < channels; c++) {
      Vector right[VECTORS];
      UNROLL for (int v = 0; v < VECTORS; v++) right[v] = load<Vector>(b + v * SIZE);
      UNROLL for (int r = 0; r < ROWS; r++) {
        const Vector left = all<Vector>(rows[r][c]);
        UNROLL for (int v = 0; v < VECTORS; v++) Tile::step(sums[r][v], left, right[v]);
      }
      b += WIDTH;
    }
  }
  UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int v = 0; v < VECTORS; v++) store(targets[r] + column + v * SIZE, sums[r][v]);
}

// FILTER_ROWS neighbouring left columns, `offset` floats into each of `count` left rows, against right rows `stride` floats apart; added
// to target rows `targetStride` floats apart.
template <int VECTORS>
INLINE void columnTile(long count, const float* const* rows, long offset, const float* right, long stride, float* target, long targetStride) {
  Floats sums[FILTER_ROWS][VECTORS] = {};
  for (long i = 0; i < count; i++) {
    const float* a = rows[i] + offset;
    Floats b[VECTORS];
    UNROLL for (int v = 0; v < VECTORS; v++) b[v] = load(right + v * LANES);
    UNROLL for (int r = 0; r < FILTER_ROWS; r++) {
      const Floats left = all(a[r]);
      UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] += left * b[v];
    }
    right += stride;
  }
  UNROLL for (int r = 0; r < FILTER_ROWS; r++) {
    UNROLL for (int v = 0; v < VECTORS; v++) {
      float* p = target + r * targetStride + v * LANES;
      store(p, load(p) + sums[r][v]);
    }
  }
}

// Transposes 4 x 4 floats; rows of the source are `stride` floats apart, those of the target `apart`.
INLINE void turnFour(const float* source, long stride, float* target, long apart) {
#if defined(__x86_64__)
  __m128 a = _mm_loadu_ps(source), b = _mm_loadu_ps(source + stride), c = _mm_loadu_ps(source + 2 * stride), d = _mm_loadu_ps(source + 3 * stride);
  _MM_TRANSPOSE4_PS(a, b, c, d);
  _mm_storeu_ps(target, a);
  _mm_storeu_ps(target + apart, b);
  _mm_storeu_ps(target + 2 * apart, c);
  _mm_storeu_ps(target + 3 * apart, d);
#else
  for (long i = 0; i < 4; i++) for (long j = 0; j < 4; j++) target[i * apart + j] = source[j * stride + i];
#endif
}

// One panel of a right operand: `depth` rows of `width` columns to target[depth][width up to whole vectors], zeros behind. Rows are
// `stride` floats apart; if `turned`, columns are, and rows are neighbours.
inline void packPanel(const float* source, long stride, bool turned, long depth, long width, float* target) {
  const long vectors = ceilingOf(width, LANES), whole = vectors * LANES;
  if (!turned) {
    for (long k = 0; k < depth; k++) {
      for (long j = 0; j < width; j += LANES) store(target + j, loadUpTo(source + j, width - j));
      target += whole;
      source += stride;
    }
    return;
  }
  // Four rows at a time, so that every line of the source is used while it is near.
  long k = 0;
  for (; k + 4 <= depth; k += 4, target += 4 * whole) {
    long j = 0;
    for (; j + 4 <= width; j += 4) turnFour(source + j * stride + k, stride, target + j, whole);
    for (; j < width; j++) for (long d = 0; d < 4; d++) target[d * whole + j] = source[j * stride + k + d];
    for (long d = 0; d < 4; d++) for (j = width; j < whole; j++) target[d * whole + j] = 0;
  }
  for (; k < depth; k++, target += whole) for (long j = 0; j < whole; j++) target[j] = j < width ? source[j * stride + k] : 0;
}

}  // namespace
