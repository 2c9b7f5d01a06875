// Depthwise convolution and its gradients; a channel may have several filters (the multiplier).
#pragma once
#include "parts.h"
#include "sweep.h"

namespace {

// body(n, y, x, list, found) for each cell of the grid, lines shared out; `list` has room for all taps.
template <class Body>
void forCells(const Sweep& s, double work, const Body& body) {
  const long perPart = ceilingOf(s.lines(), 256);
  forRanges(s.lines(), perPart, work, [&](long first, long count) {
    Found* list = static_cast<Found*>(nasc::scratch(TABLE, (std::size_t)(s.taps + 1) * sizeof(Found)));
    for (long line = first; line < first + count; line++) {
      const long n = line / s.gridHeight, y = line % s.gridHeight;
      for (long x = 0; x < s.gridWidth; x++) body(n, y, x, list, insideTaps(s, n, y, x, list));
    }
  });
}

// VECTORS vectors of channels of one pixel with one filter per channel.
template <int VECTORS>
INLINE void gatherChannels(const Found* list, long found, const float* source, const float* weights, float* target, long channels) {
  Floats sums[VECTORS] = {};
  for (long t = 0; t < found; t++) {
    const float *p = source + list[t].pixel * channels, *w = weights + list[t].weight * channels;
    UNROLL for (int v = 0; v < VECTORS; v++) sums[v] += load(p + v * LANES) * load(w + v * LANES);
  }
  UNROLL for (int v = 0; v < VECTORS; v++) store(target + v * LANES, sums[v]);
}

INLINE void gatherAll(const Found* list, long found, const float* source, const float* weights, float* target, long channels) {
  long c = 0;
  for (; c + 4 * LANES <= channels; c += 4 * LANES) gatherChannels<4>(list, found, source + c, weights + c, target + c, channels);
  for (; c + LANES <= channels; c += LANES) gatherChannels<1>(list, found, source + c, weights + c, target + c, channels);
  if (c == channels) return;
  Floats sum{};
  for (long t = 0; t < found; t++) sum += loadPart(source + list[t].pixel * channels + c, channels - c) * loadPart(weights + list[t].weight * channels + c, channels - c);
  storePart(target + c, sum, channels - c);
}

inline void spreadFilters(const Found* list, long found, const float* source, const float* weights, float* target, long channels, long multiplier) {
  const long out = channels * multiplier;
  for (long o = 0; o < out; o++) {
    float sum = 0;
    for (long t = 0; t < found; t++) sum += source[list[t].pixel * channels + o / multiplier] * weights[list[t].weight * out + o];
    target[o] = sum;
  }
}

inline void collectFilters(const Found* list, long found, const float* source, const float* weights, float* target, long channels, long multiplier) {
  const long out = channels * multiplier;
  for (long c = 0; c < channels; c++) {
    float sum = 0;
    for (long t = 0; t < found; t++) for (long q = c * multiplier; q < (c + 1) * multiplier; q++) sum += source[list[t].pixel * out + q] * weights[list[t].weight * out + q];
    target[c] = sum;
  }
}

// Forward, or the input gradient if `backward` (source is then the upstream gradient).
inline void depthwise(const Sweep* sweep, const float* source, const float* weights, float* target, long channels, long multiplier, bool backward, float*) {
  const Sweep& s = *sweep;
  const long written = backward ? channels : channels * multiplier;
  forCells(s, 2.0 * s.rows() * s.taps * channels * multiplier, [&](long n, long y, long x, const Found* list, long found) {
    float* pixel = target + s.targetPixel(n, y, x) * written;
    if (multiplier == 1) gatherAll(list, found, source, weights, pixel, channels);
    else if (backward) collectFilters(list, found, source, weights, pixel, channels, multiplier);
    else spreadFilters(list, found, source, weights, pixel, channels, multiplier);
  });
}

// Adds `count` pixels of x (`step` floats apart) times as many of dy to VECTORS vectors of one tap's gradient.
template <int VECTORS>
INLINE void addLine(const float* x, long step, const float* dy, long count, float* target, long channels) {
  Floats even[VECTORS] = {}, odd[VECTORS] = {};
  long i = 0;
  for (; i + 2 <= count; i += 2) {
    UNROLL for (int v = 0; v < VECTORS; v++) even[v] += load(x + v * LANES) * load(dy + v * LANES);
    UNROLL for (int v = 0; v < VECTORS; v++) odd[v] += load(x + step + v * LANES) * load(dy + channels + v * LANES);
    x += 2 * step;
    dy += 2 * channels;
  }
  if (i < count) UNROLL for (int v = 0; v < VECTORS; v++) even[v] += load(x + v * LANES) * load(dy + v * LANES);
  UNROLL for (int v = 0; v < VECTORS; v++) store(target + v * LANES, load(target + v * LANES) + (even[v] + odd[v]));
}

inline void addLineOfAll(const float* x, long step, const float* dy, long count, float* target, long channels) {
  long c = 0;
  for (; c + 4 * LANES <= channels; c += 4 * LANES) addLine<4>(x + c, step, dy + c, count, target + c, channels);
  for (; c + 2 * LANES <= channels; c += 2 * LANES) addLine<2>(x + c, step, dy + c, count, target + c, channels);
  for (; c + LANES <= channels; c += LANES) addLine<1>(x + c, step, dy + c, count, target + c, channels);
  if (c == channels) return;
  Floats sum{};
  for (long i = 0; i < count; i++) sum += loadPart(x + i * step + c, channels - c) * loadPart(dy + i * channels + c, channels - c);
  storePart(target + c, loadPart(target + c, channels - c) + sum, channels - c);
}

inline void addLineSpread(const float* x, long step, const float* dy, long count, float* target, long channels, long multiplier) {
  const long out = channels * multiplier;
  for (long o = 0; o < out; o++) {
    float sum = 0;
    for (long i = 0; i < count; i++) sum += x[i * step + o / multiplier] * dy[i * out + o];
    target[o] += sum;
  }
}

// target[tap, channel * multiplier] over a forward sweep.
inline void depthwiseFilterGradient(const Sweep* sweep, const float* x, const float* dy, float* target, long channels, long multiplier) {
  const Sweep& s = *sweep;
  const long out = channels * multiplier, stride = s.strideX;
  sumRanges(s.lines(), ceilingOf(s.lines(), 32), 2.0 * s.rows() * s.taps * out, s.taps * out, target, [&](long firstLine, long lines, float* sums) {
    for (long line = firstLine; line < firstLine + lines; line++) {
      const long n = line / s.gridHeight, y = line % s.gridHeight;
      for (long t = 0; t < s.taps; t++) {
        const long row = y * s.strideY + s.tap[t].offsetY, offset = s.tap[t].offsetX;
        if (row < 0 || row >= s.height) continue;
        const long first = offset < 0 ? ceilingOf(-offset, stride) : 0, end = s.width > offset ? least(s.gridWidth, ceilingOf(s.width - offset, stride)) : 0;
        if (first >= end) continue;
        const float *source = x + ((n * s.height + row) * s.width + first * stride + offset) * channels, *flow = dy + (line * s.gridWidth + first) * out;
        float* filter = sums + s.tap[t].weight * out;
        if (multiplier == 1) addLineOfAll(source, stride * channels, flow, end - first, filter, channels);
        else addLineSpread(source, stride * channels, flow, end - first, filter, channels, multiplier);
      }
    }
  });
}

}  // namespace
