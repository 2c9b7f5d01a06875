// Small products, which attention has by the hundred. Left rows are read where they lie, transposed or not; of the right operand only what
// does not lie in whole vectors is packed, one panel at a time.
#pragma once
#include "parts.h"
#include "tiles.h"

namespace {

// Operands of so many floats stay in the second-level cache.
constexpr long SMALL = 65536;

// Up to GATHERED_ROWS rows of c, `height` of them inside; left values are `rowStep` and `depthStep` floats apart.
template <int VECTORS>
INLINE void smallTile(long depth, const float* a, long rowStep, long depthStep, long height, const float* b, long stride, float* c, long columns, long width) {
  const float* rows[GATHERED_ROWS];
  UNROLL for (int r = 0; r < GATHERED_ROWS; r++) rows[r] = a + least(r, height - 1) * rowStep;
  Floats sums[GATHERED_ROWS][VECTORS] = {};
  for (long k = 0, place = 0; k < depth; k++, place += depthStep) {
    Floats right[VECTORS];
    UNROLL for (int v = 0; v < VECTORS; v++) right[v] = load(b + v * LANES);
    UNROLL for (int r = 0; r < GATHERED_ROWS; r++) {
      const Floats left = all(rows[r][place]);
      UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] += left * right[v];
    }
    b += stride;
  }
  UNROLL for (int r = 0; r < GATHERED_ROWS; r++) {
    if (r >= height) break;
    UNROLL for (int v = 0; v < VECTORS; v++) storeUpTo(c + r * columns + v * LANES, sums[r][v], width - v * LANES);
  }
}

// c[m, n] = op(a) op(b), row-major and dense.
inline void smallProduct(const float* a, bool transposeA, const float* b, bool transposeB, float* c, long m, long n, long k) {
  const long rowStep = transposeA ? 1 : k, depthStep = transposeA ? m : 1;
  float* packed = floatScratch(LOCAL, k * TILE_COLUMNS);
  for (long j = 0; j < n; j += TILE_COLUMNS) {
    const long width = least(TILE_COLUMNS, n - j);
    const bool inPlace = !transposeB && width % LANES == 0;
    if (!inPlace) packPanel(transposeB ? b + j * k : b + j, transposeB ? k : n, transposeB, k, width, packed);
    const float* panel = inPlace ? b + j : packed;
    const long stride = inPlace ? n : roundedUp(width, LANES);
    for (long i = 0; i < m; i += GATHERED_ROWS) {
      const long height = least(GATHERED_ROWS, m - i);
      if (width > LANES) smallTile<TILE_VECTORS>(k, a + i * rowStep, rowStep, depthStep, height, panel, stride, c + i * n + j, n, width);
      else smallTile<1>(k, a + i * rowStep, rowStep, depthStep, height, panel, stride, c + i * n + j, n, width);
    }
  }
}

}  // namespace
