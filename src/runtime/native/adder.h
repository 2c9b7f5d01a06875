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

INLINE Floats clipped(Floats v) { return smaller(larger(v, all(-1)), all(1)); }

template <int VECTORS>
INLINE void adderCells(const Found* list, long found, const float* upstream, const float* x, const float* filters, float* target, long channels, long columns) {
  Floats here[VECTORS], sums[VECTORS] = {};
  for (int v = 0; v < VECTORS; v++) here[v] = load(x + v * LANES);
  for (long t = 0; t < found; t++) {
    const float *flow = upstream + list[t].pixel * columns, *w = filters + list[t].weight * columns * channels;
    for (long o = 0; o < columns; o++) {
      const Floats f = all(flow[o]);
      for (int v = 0; v < VECTORS; v++) sums[v] += f * clipped(load(w + v * LANES) - here[v]);
      w += channels;
    }
  }
  for (int v = 0; v < VECTORS; v++) store(target + v * LANES, sums[v]);
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

// target = sum over taps and columns of upstream * clip(weight - x, -1, 1), over a backward sweep; filters as `turnFilters` left them.
inline void adderInputGradient(const Sweep* sweep, const float* upstream, const float* x, const float* filters, float* target, long channels, long columns, float*) {
  const Sweep& s = *sweep;
  forCells(s, 5.0 * s.rows() * s.taps * channels * columns, [&](long n, long y, long u, const Found* list, long found) {
    const long pixel = s.targetPixel(n, y, u) * channels;
    long c = 0;
    for (; c + 4 * LANES <= channels; c += 4 * LANES) adderCells<4>(list, found, upstream, x + pixel + c, filters + c, target + pixel + c, channels, columns);
    for (; c + 2 * LANES <= channels; c += 2 * LANES) adderCells<2>(list, found, upstream, x + pixel + c, filters + c, target + pixel + c, channels, columns);
    for (; c + LANES <= channels; c += LANES) adderCells<1>(list, found, upstream, x + pixel + c, filters + c, target + pixel + c, channels, columns);
    if (c < channels) adderRest(list, found, upstream, x + pixel + c, filters + c, target + pixel + c, channels, columns, channels - c);
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
