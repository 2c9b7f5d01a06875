// Gradients of the adder layer (Chen et al., AdderNet, CVPR 2020, eq. 5 and 6); its forward pass is `convolve` with kind 1.
#pragma once
#include "depthwise.h"

namespace {

// Filters [tap, channel, column] to [tap, column, channel], so that a tile reads neighbouring channels.
inline void turnFilters(const float* weights, long taps, long channels, long columns, float* target) {
  forParts(taps, 4.0 * taps * channels * columns, [&](long t) {
    const float* from = weights + t * channels * columns;
    float* to = target + t * channels * columns;
    for (long o = 0; o < columns; o += 16) {
      for (long c = 0; c < channels; c++) for (long i = o; i < least(o + 16, columns); i++) to[i * channels + c] = from[c * columns + i];
    }
  });
}

// PIXELS neighbouring cells under the same filter taps share each load of a filter: lists[p] holds the upstream pixels of cell p.
template <int PIXELS, int VECTORS>
INLINE void adderCells(const Found* const* lists, long found, const float* upstream, const float* x, const float* filters, float* target, long channels, long columns) {
  Floats here[PIXELS][VECTORS], sums[PIXELS][VECTORS] = {};
  UNROLL for (int p = 0; p < PIXELS; p++) UNROLL for (int v = 0; v < VECTORS; v++) here[p][v] = load(x + p * channels + v * LANES);
  for (long t = 0; t < found; t++) {
    const float *flow[PIXELS], *w = filters + lists[0][t].weight * columns * channels;
    UNROLL for (int p = 0; p < PIXELS; p++) flow[p] = upstream + lists[p][t].pixel * columns;
    for (long o = 0; o < columns; o++) {
      UNROLL for (int p = 0; p < PIXELS; p++) {
        const Floats f = all(flow[p][o]);
        UNROLL for (int v = 0; v < VECTORS; v++) sums[p][v] += f * clipped(load(w + v * LANES) - here[p][v]);
      }
      w += channels;
    }
  }
  UNROLL for (int p = 0; p < PIXELS; p++) UNROLL for (int v = 0; v < VECTORS; v++) store(target + p * channels + v * LANES, sums[p][v]);
}

inline void adderRest(const Found* list, long found, const float* upstream, const float* x, const float* filters, float* target, long channels, long columns, long width) {
  const Floats here = loadPart(x, width);
  Floats sum{};
  for (long t = 0; t < found; t++) {
    const float *flow = upstream + list[t].pixel * columns, *w = filters + list[t].weight * columns * channels;
    for (long o = 0; o < columns; o++) sum += all(flow[o]) * clipped(loadPart(w + o * channels, width) - here);
  }
  storePart(target, sum, width);
}

template <int PIXELS>
INLINE void adderChannels(const Found* const* lists, long found, const float* upstream, const float* x, const float* filters, float* target, long channels, long columns) {
  long c = 0;
  for (; c + 4 * LANES <= channels; c += 4 * LANES) adderCells<PIXELS, 4>(lists, found, upstream, x + c, filters + c, target + c, channels, columns);
  for (; c + 2 * LANES <= channels; c += 2 * LANES) adderCells<PIXELS, 2>(lists, found, upstream, x + c, filters + c, target + c, channels, columns);
  for (; c + LANES <= channels; c += LANES) adderCells<PIXELS, 1>(lists, found, upstream, x + c, filters + c, target + c, channels, columns);
  if (c < channels) UNROLL for (int p = 0; p < PIXELS; p++) adderRest(lists[p], found, upstream, x + p * channels + c, filters + c, target + p * channels + c, channels, columns, channels - c);
}

INLINE bool sameWeights(const Found* a, long countA, const Found* b, long countB) {
  if (countA != countB) return false;
  for (long t = 0; t < countA; t++) if (a[t].weight != b[t].weight) return false;
  return true;
}

// target = sum over taps and columns of upstream * clip(weight - x, -1, 1), over a backward sweep; filters as `turnFilters` left them.
inline void adderInputGradient(const Sweep* sweep, const float* upstream, const float* x, const float* filters, float* target, long channels, long columns, float*) {
  const Sweep& s = *sweep;
  forRanges(s.lines(), ceilingOf(s.lines(), 256), 5.0 * s.rows() * s.taps * channels * columns, [&](long first, long count) {
    Found* here = static_cast<Found*>(nasc::scratch(TABLE, (std::size_t)(2 * s.taps + 2) * sizeof(Found)));
    Found* next = here + s.taps + 1;
    for (long line = first; line < first + count; line++) {
      const long n = line / s.gridHeight, y = line % s.gridHeight;
      for (long u = 0; u < s.gridWidth;) {
        const long found = insideTaps(s, n, y, u, here), pixel = s.targetPixel(n, y, u) * channels;
        const Found* const lists[] = {here, next};
        // Neighbours in the target only: with a stride, cells of one phase lie apart.
        const bool pair = s.stepX == 1 && u + 1 < s.gridWidth && sameWeights(here, found, next, insideTaps(s, n, y, u + 1, next));
        if (pair) adderChannels<2>(lists, found, upstream, x + pixel, filters, target + pixel, channels, columns);
        else adderChannels<1>(lists, found, upstream, x + pixel, filters, target + pixel, channels, columns);
        u += pair ? 2 : 1;
      }
    }
  });
}

// From sum dy * x to sum dy * (x - w): target[row, column] -= weights[row, column] * totals[column].
inline void subtractScaledColumns(float* target, const float* weights, const float* totals, long rows, long columns) {
  for (long r = 0; r < rows; r++) {
    for (long o = 0; o < columns; o += LANES) {
      float* cell = target + r * columns + o;
      storeUpTo(cell, loadUpTo(cell, columns - o) - loadUpTo(weights + r * columns + o, columns - o) * loadUpTo(totals + o, columns - o), columns - o);
    }
  }
}

}  // namespace
