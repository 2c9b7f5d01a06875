// Convolution without patches: tiles read the pixels under their taps in place, through pointers. The same sweep serves the forward
// pass, the input gradient (one sweep per phase of the stride, filter turned) and the adder layer (another inner step).
#pragma once
#include "parts.h"
#include "sweep.h"
#include "tiles.h"

namespace {

// Rows of a part: a panel of weights is used for all of them while it is near.
constexpr long PART_ROWS = 8 * GATHERED_ROWS;

// `rows` rows against packed panels. look(first, count, sources, targets) fills pointers for one group of rows: [tap][GATHERED_ROWS]
// sources, GATHERED_ROWS targets; for rows behind the last it repeats sources and points targets to `spare`.
template <bool DISTANCE, class Look>
void gatherRows(long rows, long taps, long channels, const float* panels, long columns, const Look& look) {
  const long depth = taps * channels, sourceCount = taps * GATHERED_ROWS, groups = PART_ROWS / GATHERED_ROWS;
  forRanges(rows, PART_ROWS, 2.0 * rows * depth * columns, [&](long first, long count) {
    const float** sources = static_cast<const float**>(nasc::scratch(TABLE, (std::size_t)(groups * (sourceCount + GATHERED_ROWS)) * sizeof(float*)));
    float** targets = const_cast<float**>(sources + groups * sourceCount);
    float* spare = floatScratch(LOCAL, roundedUp(columns, LANES));
    const long used = ceilingOf(count, GATHERED_ROWS);
    for (long g = 0; g < used; g++) look(first + g * GATHERED_ROWS, least(GATHERED_ROWS, count - g * GATHERED_ROWS), sources + g * sourceCount, targets + g * GATHERED_ROWS, spare);
    float tile[GATHERED_ROWS * TILE_COLUMNS];
    float* tileRows[GATHERED_ROWS];
    UNROLL for (int r = 0; r < GATHERED_ROWS; r++) tileRows[r] = tile + r * TILE_COLUMNS;
    for (long j = 0; j < columns; j += TILE_COLUMNS) {
      const float* panel = panels + j * depth;
      const long width = least(TILE_COLUMNS, columns - j);
      for (long g = 0; g < used; g++) {
        const float* const* group = sources + g * sourceCount;
        float* const* into = targets + g * GATHERED_ROWS;
        const bool whole = width % LANES == 0;
        if (width > LANES) gatheredTile<TILE_VECTORS, DISTANCE>(taps, channels, group, panel, whole ? into : tileRows, whole ? j : 0);
        else gatheredTile<1, DISTANCE>(taps, channels, group, panel, whole ? into : tileRows, whole ? j : 0);
        if (whole) continue;
        for (long r = 0; r < GATHERED_ROWS; r++) for (long i = 0; i < width; i += LANES) storeUpTo(into[r] + j + i, load(tileRows[r] + i), width - i);
      }
    }
  });
}

// c[m, n] = a op(b) where a's rows lie in place.
inline void productInPlace(const float* a, const float* b, bool transposeB, float* c, long m, long n, long k) {
  float* panels = floatScratch(SHARED, k * roundedUp(n, LANES));
  for (long j = 0; j < n; j += TILE_COLUMNS) packPanel(transposeB ? b + j * k : b + j, transposeB ? k : n, transposeB, k, least(TILE_COLUMNS, n - j), panels + j * k);
  gatherRows<false>(m, 1, k, panels, n, [&](long first, long count, const float** sources, float** targets, float* spare) {
    for (long r = 0; r < GATHERED_ROWS; r++) {
      sources[r] = a + (first + least(r, count - 1)) * k;
      targets[r] = r < count ? c + (first + r) * n : spare;
    }
  });
}

inline const float* zeros(long count) {
  float* place = floatScratch(ZEROS, count);
  std::memset(place, 0, (std::size_t)count * sizeof(float));
  return place;
}

// For each row of the sweep and each of `columns`: the sum over taps and channels of source times weight (kind 0), or of
// -|source - weight| (kind 1). A tap's weights are [channels, columns] with rows `weightStride` floats apart, or [columns, channels] if
// `turned`. Taps outside the image read zeros.
inline void convolve(const Sweep* sweep, const float* source, long sourceStride, long channels, const float* weights, long weightStride, bool turned, float* target, long targetStride, long columns, bool kind, float*) {
  const Sweep& s = *sweep;
  const long taps = s.taps, depth = taps * channels;
  float* panels = floatScratch(SHARED, depth * roundedUp(columns, LANES) + LANES);
  forParts(ceilingOf(columns, TILE_COLUMNS), 4.0 * depth * columns, [&](long part) {
    const long j = part * TILE_COLUMNS, width = least(TILE_COLUMNS, columns - j), whole = roundedUp(width, LANES);
    for (long t = 0; t < taps; t++) {
      const float* tap = weights + s.tap[t].weight * (turned ? columns : channels) * weightStride;
      packPanel(turned ? tap + j * weightStride : tap + j, weightStride, turned, channels, width, panels + j * depth + t * channels * whole);
    }
  });
  const Lookup pixels(s, source, sourceStride, zeros(channels));
  const long gridWidth = s.gridWidth, cells = s.gridHeight * gridWidth;
  const auto look = [&](long first, long count, const float** sources, float** targets, float* spare) {
    long n = first / cells, y = first % cells / gridWidth, x = first % gridWidth;
    for (long r = 0; r < GATHERED_ROWS; r++) {
      pixels.row(n, y, x, sources + r, GATHERED_ROWS);
      targets[r] = r < count ? target + s.targetPixel(n, y, x) * targetStride : spare;
      if (r + 1 < count && ++x == gridWidth) { x = 0; if (++y == s.gridHeight) { y = 0; n++; } }
    }
  };
  if (kind) gatherRows<true>(s.rows(), taps, channels, panels, columns, look);
  else gatherRows<false>(s.rows(), taps, channels, panels, columns, look);
}

}  // namespace
