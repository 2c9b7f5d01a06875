// The depthwise adder layer and its input gradient: one filter per channel. The filter gradient is that of a depthwise convolution, less
// filter times upstream (`subtractScaledColumns`).
#pragma once
#include "convolution.h"
#include "depthwise.h"

namespace {

// target[pixel, channel] = -sum over taps of |source - weight|; taps outside the image read zeros. Forward sweeps.
inline void depthwiseAdder(const Sweep* sweep, const float* source, const float* weights, float* target, long channels, float*) {
  const Sweep& s = *sweep;
  const Lookup pixels(s, source, channels, zeros(channels));
  forRanges(s.lines(), ceilingOf(s.lines(), 256), 3.0 * s.rows() * s.taps * channels, [&](long first, long count) {
    const float** table = static_cast<const float**>(nasc::scratch(TABLE, (std::size_t)(s.taps + 1) * sizeof(float*)));
    for (long line = first; line < first + count; line++) {
      const long n = line / s.gridHeight, y = line % s.gridHeight;
      for (long x = 0; x < s.gridWidth; x++) {
        pixels.row(n, y, x, table, 1);
        float* cell = target + s.targetPixel(n, y, x) * channels;
        for (long c = 0; c < channels; c += LANES) {
          Floats sum{};
          for (long t = 0; t < s.taps; t++) sum -= absolute(loadUpTo(table[t] + c, channels - c) - loadUpTo(weights + s.tap[t].weight * channels + c, channels - c));
          storeUpTo(cell + c, sum, channels - c);
        }
      }
    }
  });
}

// target = sum over taps of upstream * clip(weight - x, -1, 1), over a backward sweep.
inline void depthwiseAdderInputGradient(const Sweep* sweep, const float* upstream, const float* x, const float* weights, float* target, long channels, float*) {
  const Sweep& s = *sweep;
  forCells(s, 5.0 * s.rows() * s.taps * channels, [&](long n, long y, long u, const Found* list, long found) {
    const long cell = s.targetPixel(n, y, u) * channels;
    for (long c = 0; c < channels; c += LANES) {
      const long width = channels - c;
      const Floats here = loadUpTo(x + cell + c, width);
      Floats sum{};
      for (long t = 0; t < found; t++) sum += loadUpTo(upstream + list[t].pixel * channels + c, width) * clipped(loadUpTo(weights + list[t].weight * channels + c, width) - here);
      storeUpTo(target + cell + c, sum, width);
    }
  });
}

}  // namespace
