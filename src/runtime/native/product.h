// Matrix products. Both operands are packed in blocks; small left rows that lie in place are read where they are (`convolution.h`).
#pragma once
#include "convolution.h"
#include "small-product.h"

namespace {

constexpr long DEPTH = 256, BLOCK_ROWS = 96;

struct Matrix { const float* values; long stride; bool transposed; };

// Rows [first, first + count) at depths [k0, k0 + depth) to target[count / TILE_ROWS][depth][TILE_ROWS]; rows behind the last repeat it.
inline void packLeft(const Matrix& a, long first, long count, long k0, long depth, float* target) {
  if (a.transposed) {
    // Along the source, which comes from afar.
    for (long k = 0; k < depth; k++) {
      const float* p = a.values + (k0 + k) * a.stride + first;
      long i = 0;
      for (; i + TILE_ROWS <= count; i += TILE_ROWS) std::memcpy(target + i * depth + k * TILE_ROWS, p + i, sizeof(float) * TILE_ROWS);
      if (i < count) for (long r = 0; r < TILE_ROWS; r++) target[i * depth + k * TILE_ROWS + r] = p[i + least(r, count - i - 1)];
    }
    return;
  }
  for (long i = 0; i < count; i += TILE_ROWS) {
    const float* rows[TILE_ROWS];
    for (long r = 0; r < TILE_ROWS; r++) rows[r] = a.values + (first + i + least(r, count - i - 1)) * a.stride + k0;
    for (long k = 0; k < depth; k++) {
      UNROLL for (int r = 0; r < TILE_ROWS; r++) target[r] = rows[r][k];
      target += TILE_ROWS;
    }
  }
}

// The right operand at depths [k0, k0 + depth) in panels, one behind the other.
inline void packRight(const Matrix& b, long k0, long depth, long n, float* target) {
  const long panels = ceilingOf(n, TILE_COLUMNS);
  if (b.transposed) {
    return forParts(panels, 4.0 * depth * n, [&](long panel) {
      const long j = panel * TILE_COLUMNS;
      packPanel(b.values + j * b.stride + k0, b.stride, true, depth, least(TILE_COLUMNS, n - j), target + j * depth);
    });
  }
  forRanges(depth, 32, 4.0 * depth * n, [&](long first, long count) {
    for (long k = first; k < first + count; k++) {
      const float* row = b.values + (k0 + k) * b.stride;
      for (long j = 0; j < n; j += TILE_COLUMNS) {
        const long width = least(TILE_COLUMNS, n - j);
        float* to = target + j * depth + k * roundedUp(width, LANES);
        for (long i = 0; i < width; i += LANES) store(to + i, loadUpTo(row + j + i, width - i));
      }
    }
  });
}

// One tile at the edge of c goes through `tile`, so that nothing behind the matrix is written.
template <int VECTORS>
INLINE void placeTile(long depth, const float* a, const float* b, float* c, long stride, long height, long width, bool accumulate) {
  float tile[TILE_ROWS * TILE_COLUMNS];
  float* rows[TILE_ROWS];
  const bool inside = height == TILE_ROWS && width == VECTORS * LANES;
  UNROLL for (int r = 0; r < TILE_ROWS; r++) rows[r] = inside ? c + r * stride : tile + r * TILE_COLUMNS;
  packedTile<VECTORS>(depth, a, b, rows, 0, inside && accumulate);
  if (inside) return;
  for (long r = 0; r < height; r++) {
    for (long j = 0; j < width; j += LANES) {
      float* p = c + r * stride + j;
      const Floats v = load(tile + r * TILE_COLUMNS + j);
      storeUpTo(p, accumulate ? loadUpTo(p, width - j) + v : v, width - j);
    }
  }
}

inline void blockedProduct(const Matrix& a, const Matrix& b, float* c, long stride, long m, long n, long k) {
  const double work = 2.0 * m * n * k;
  const long panels = ceilingOf(n, TILE_COLUMNS), blocks = ceilingOf(m, BLOCK_ROWS);
  // Few blocks of rows: the panels are shared out as well.
  const long shares = blocks >= 8 ? 1 : least(ceilingOf(panels, 4), ceilingOf(8, blocks)), perShare = ceilingOf(panels, shares);
  float* packed = floatScratch(SHARED, DEPTH * roundedUp(n, LANES));
  for (long k0 = 0; k0 < k; k0 += DEPTH) {
    const long depth = least(DEPTH, k - k0);
    packRight(b, k0, depth, n, packed);
    forParts(blocks * shares, work, [&](long part) {
      const long first = part / shares * BLOCK_ROWS, count = least(BLOCK_ROWS, m - first), start = part % shares * perShare, end = least(panels, start + perShare);
      if (start >= end) return;
      float* left = floatScratch(LOCAL, (BLOCK_ROWS + TILE_ROWS) * DEPTH);
      packLeft(a, first, count, k0, depth, left);
      for (long panel = start; panel < end; panel++) {
        const long j = panel * TILE_COLUMNS, width = least(TILE_COLUMNS, n - j);
        for (long i = 0; i < count; i += TILE_ROWS) {
          const long height = least(TILE_ROWS, count - i);
          float* corner = c + (first + i) * stride + j;
          if (width > LANES) placeTile<TILE_VECTORS>(depth, left + i * depth, packed + j * depth, corner, stride, height, width, k0 > 0);
          else placeTile<1>(depth, left + i * depth, packed + j * depth, corner, stride, height, width, k0 > 0);
        }
      }
    });
  }
}

// A small result of a long sum: ranges of the depth are multiplied apart and added in order.
inline void deepProduct(const Matrix& a, const Matrix& b, float* c, long m, long n, long k) {
  // Sixteen ranges, or eight where their sums would fill the second-level cache.
  const long size = roundedUp(ceilingOf(k, m * n <= 16384 ? 16 : 8), 16);
  sumRanges(k, size, 2.0 * m * n * k, m * n, c, [&](long first, long count, float* sums) {
    const Matrix left{a.values + first * (a.transposed ? a.stride : 1), a.stride, a.transposed}, right{b.values + first * (b.transposed ? 1 : b.stride), b.stride, b.transposed};
    blockedProduct(left, right, sums, n, m, n, count);
  });
}

// c[m, n] = op(a) op(b), row-major and dense.
inline void product(const float* a, bool transposeA, const float* b, bool transposeB, float* c, long m, long n, long k) {
  const Matrix left{a, transposeA ? m : k, transposeA}, right{b, transposeB ? k : n, transposeB};
  if (k == 0) std::memset(c, 0, (std::size_t)(m * n) * sizeof(float));
  else if (!transposeA && n <= 4 * TILE_COLUMNS && k <= 512 && m >= 64) productInPlace(a, b, transposeB, c, m, n, k);
  else if (m * n <= 65536 && k >= 8 * DEPTH) deepProduct(left, right, c, m, n, k);
  else blockedProduct(left, right, c, n, m, n, k);
}

// `batch` products; an operand whose step (floats between its matrices) is 0 is used again.
inline void products(const float* a, bool transposeA, long stepA, const float* b, bool transposeB, long stepB, float* c, long batch, long m, long n, long k, float*) {
  if (batch < 8) {
    for (long i = 0; i < batch; i++) product(a + i * stepA, transposeA, b + i * stepB, transposeB, c + i * m * n, m, n, k);
    return;
  }
  const bool small = m * k <= SMALL && n * k <= SMALL;
  forParts(batch, 2.0 * batch * m * n * k, [&](long i) {
    if (small) smallProduct(a + i * stepA, transposeA, b + i * stepB, transposeB, c + i * m * n, m, n, k);
    else product(a + i * stepA, transposeA, b + i * stepB, transposeB, c + i * m * n, m, n, k);
  });
}

}  // namespace
