// Maximum and average pooling and their gradients. Gradients add to cells that windows share, so an image belongs to one part.
#pragma once
#include "depthwise.h"

namespace {

inline void maxPool(const Sweep* sweep, const float* source, float* target, long channels, float*) {
  const Sweep& s = *sweep;
  forCells(s, 2.0 * s.rows() * s.taps * channels, [&](long n, long y, long x, const Found* list, long found) {
    float* pixel = target + s.targetPixel(n, y, x) * channels;
    for (long c = 0; c < channels; c += LANES) {
      const long width = channels - c;
      Floats best = loadUpTo(source + list[0].pixel * channels + c, width);
      for (long t = 1; t < found; t++) { const Floats value = loadUpTo(source + list[t].pixel * channels + c, width); best = value > best ? value : best; }
      storeUpTo(pixel + c, best, width);
    }
  });
}

inline void averagePool(const Sweep* sweep, const float* source, float* target, long channels, float*) {
  const Sweep& s = *sweep;
  forCells(s, 2.0 * s.rows() * s.taps * channels, [&](long n, long y, long x, const Found* list, long found) {
    float* pixel = target + s.targetPixel(n, y, x) * channels;
    const Floats share = all(1.0f / (float)found);
    for (long c = 0; c < channels; c += LANES) {
      Floats sum{};
      for (long t = 0; t < found; t++) sum += loadUpTo(source + list[t].pixel * channels + c, channels - c);
      storeUpTo(pixel + c, sum * share, channels - c);
    }
  });
}

template <class Body>
void forImages(const Sweep& s, double work, const Body& body) {
  forParts(s.batch, work, [&](long n) {
    Found* list = static_cast<Found*>(nasc::scratch(TABLE, (std::size_t)(s.taps + 1) * sizeof(Found)));
    for (long y = 0; y < s.gridHeight; y++) for (long x = 0; x < s.gridWidth; x++) body(n, y, x, list, insideTaps(s, n, y, x, list));
  });
}

// The first largest cell of each window takes the gradient. `target` is zero at the start.
inline void maxPoolGradient(const Sweep* sweep, const float* source, const float* upstream, float* target, long channels, float*) {
  const Sweep& s = *sweep;
  forImages(s, 4.0 * s.rows() * s.taps * channels, [&](long n, long y, long x, const Found* list, long found) {
    const float* pixel = upstream + s.targetPixel(n, y, x) * channels;
    for (long c = 0; c < channels; c += LANES) {
      const long width = channels - c;
      Floats best = loadUpTo(source + list[0].pixel * channels + c, width);
      Integers winner{};
      for (long t = 1; t < found; t++) {
        const Floats value = loadUpTo(source + list[t].pixel * channels + c, width);
        const Integers above = value > best;
        best = above ? value : best;
        winner = above ? everywhere((std::int32_t)t) : winner;
      }
      const Floats flow = loadUpTo(pixel + c, width);
      for (long t = 0; t < found; t++) {
        float* cell = target + list[t].pixel * channels + c;
        storeUpTo(cell, loadUpTo(cell, width) + bitsAnd(flow, winner == everywhere((std::int32_t)t)), width);
      }
    }
  });
}

// `target` is zero at the start.
inline void averagePoolGradient(const Sweep* sweep, const float* upstream, float* target, long channels, float*) {
  const Sweep& s = *sweep;
  forImages(s, 2.0 * s.rows() * s.taps * channels, [&](long n, long y, long x, const Found* list, long found) {
    const float* pixel = upstream + s.targetPixel(n, y, x) * channels;
    const Floats share = all(1.0f / (float)found);
    for (long c = 0; c < channels; c += LANES) {
      const long width = channels - c;
      const Floats flow = loadUpTo(pixel + c, width) * share;
      for (long t = 0; t < found; t++) {
        float* cell = target + list[t].pixel * channels + c;
        storeUpTo(cell, loadUpTo(cell, width) + flow, width);
      }
    }
  });
}

}  // namespace
