// Convolution without patches: tiles read the pixels under their taps in place, through pointers. The same sweep serves the forward
// pass, the input gradient (one sweep per phase of the stride, filter turned) and the adder layer (another inner step).
#pragma once
#include "parts.h"
#include "sweep.h"
#include "tiles.h"

namespace {

// Tiles of rows in a part: a panel of weights is used for all of them while it is near.
constexpr long PART_TILES = 8;

// `rows` rows against packed panels. look(first, count, height, sources, targets, spare) fills pointers for one tile of `height` rows:
// [tap][height] sources, `height` targets; for rows behind the last it repeats sources and points targets to `spare`.
template <class Tile, class Look>
void gatherRows(long rows, long taps, long channels, const float* panels, long columns, const Look& look) {
  constexpr long ROWS = Tile::ROWS;
  const long depth = taps * channels, sourceCount = taps * ROWS;
  forRanges(rows, PART_TILES * ROWS, 2.0 * rows * depth * columns, [&](long first, long count) {
    const float** sources = static_cast<const float**>(nasc::scratch(TABLE, (std::size_t)(PART_TILES * (sourceCount + ROWS)) * sizeof(float*)));
    float** targets = const_cast<float**>(sources + PART_TILES * sourceCount);
    float* spare = floatScratch(LOCAL, roundedUp(columns, LANES));
    const long used = ceilingOf(count, ROWS);
    for (long g = 0; g < used; g++) look(first + g * ROWS, least(ROWS, count - g * ROWS), ROWS, sources + g * sourceCount, targets + g * ROWS, spare);
    float tile[ROWS * TILE_COLUMNS];
    float* tileRows[ROWS];
    UNROLL for (int r = 0; r < ROWS; r++) tileRows[r] = tile + r * TILE_COLUMNS;
    for (long j = 0; j < columns; j += TILE_COLUMNS) {
      const float* panel = panels + j * depth;
      const long width = least(TILE_COLUMNS, columns - j);
      for (long g = 0; g < used; g++) {
        const float* const* group = sources + g * sourceCount;
        float* const* into = targets + g * ROWS;
        const bool whole = width % LANES == 0;
        if (width > LANES) gatheredTile<Tile, TILE_COLUMNS>(taps, channels, group, panel, whole ? into : tileRows, whole ? j : 0);
        else gatheredTile<Tile, LANES>(taps, channels, group, panel, whole ? into : tileRows, whole ? j : 0);
        if (whole) continue;
        for (long r = 0; r < ROWS; r++) for (long i = 0; i < width; i += LANES) storeUpTo(into[r] + j + i, load(tileRows[r] + i), width - i);
      }
    }
  });
}

// c[m, n] = a op(b) where a's rows lie in place.
inline void productInPlace(const float* a, const float* b, bool transposeB, float* c, long m, long n, long k) {
  float* panels = floatScratch(SHARED, k * roundedUp(n, LANES));
  for (long j = 0; j < n; j += TILE_COLUMNS) packPanel(transposeB ? b + j * k : b + j, transposeB ? k : n, transposeB, k, least(TILE_COLUMNS, n - j), panels + j * k);
  gatherRows<ProductTile>(m, 1, k, panels, n, [&](long first, long count, long height, const float** sources, float** targets, float* spare) {
    for (long r = 0; r < height; r++) {
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
  const auto look = [&](long first, long count, long height, const float** sources, float** targets, float* spare) {
    long n = first / cells, y = first % cells / gridWidth, x = first % gridWidth;
    for (long r = 0; r < height; r++) {
      pixels.row(n, y, x, sources + r, height);
      targets[r] = r < count ? target + s.targetPixel(n, y, x) * targetStride : spare;
      if (r + 1 < count && ++x == gridWidth) { x = 0; if (++y == s.gridHeight) { y = 0; n++; } }
    }
  };
  if (!kind) return gatherRows<ProductTile>(s.rows(), taps, channels, panels, columns, look);
#if defined(NASC_AVX512)
  if (worksByHalves()) return gatherRows<DistanceTile<EightFloats, DISTANCE_ROWS / 2>>(s.rows(), taps, channels, panels, columns, look);
#endif
  gatherRows<DistanceTile<Floats, DISTANCE_ROWS>>(s.rows(), taps, channels, panels, columns, look);
}

}  // namespace
