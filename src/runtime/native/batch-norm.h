// Batch normalization over rows of `channels` values (Ioffe and Szegedy 2015): statistics in two passes (the one-pass formula loses the
// variance of data far from zero), normalization, and the gradient through the statistics.
#pragma once
#include "reduce.h"

namespace {

extern "C" float sqrtf(float) noexcept;

inline long statisticRows(long rows) { return RANGE * ceilingOf(rows, 64 * RANGE); }

inline void scaleAll(float* values, long count, float factor) {
  for (long c = 0; c < count; c += LANES) storeUpTo(values + c, loadUpTo(values + c, count - c) * factor, count - c);
}

// mean[channel], variance[channel] (biased).
inline void batchStatistics(const float* x, float* mean, float* variance, long rows, long channels) {
  const float share = 1.0f / (float)rows;
  sumMiddle(x, mean, 1, rows, channels);
  scaleAll(mean, channels, share);
  sumRanges(rows, statisticRows(rows), 2.0 * rows * channels, channels, variance, [&](long first, long count, float* sums) {
    for (long start = first; start < first + count; start += RANGE) {
      const long end = least(first + count, start + RANGE);
      for (long c = 0; c < channels; c += LANES) {
        const long width = channels - c;
        const Floats m = loadUpTo(mean + c, width);
        Floats even{}, odd{};
        long r = start;
        for (; r + 2 <= end; r += 2) {
          const Floats d = loadUpTo(x + r * channels + c, width) - m, e = loadUpTo(x + (r + 1) * channels + c, width) - m;
          even += d * d;
          odd += e * e;
        }
        if (r < end) { const Floats d = loadUpTo(x + r * channels + c, width) - m; even += d * d; }
        store(sums + c, load(sums + c) + (even + odd));
      }
    }
  });
  scaleAll(variance, channels, share);
}

// target = (x - mean) * slope + offset, slope = scale / sqrt(variance + epsilon).
inline void normalize(const float* x, float* target, const float* mean, const float* variance, const float* scale, const float* offset, float epsilon, long rows, long channels, float* slope) {
  for (long c = 0; c < channels; c++) slope[c] = scale[c] / sqrtf(variance[c] + epsilon);
  forRanges(rows, rowsPerPart(channels), 2.0 * rows * channels, [&](long first, long count) {
    for (long r = first; r < first + count; r++) {
      for (long c = 0; c < channels; c += LANES) {
        const long width = channels - c;
        storeUpTo(target + r * channels + c, (loadUpTo(x + r * channels + c, width) - loadUpTo(mean + c, width)) * loadUpTo(slope + c, width) + loadUpTo(offset + c, width), width);
      }
    }
  });
}

// dx, dscale and doffset of `normalize` with the statistics of x itself. workspace: 3 * channels floats.
inline void normalizeGradient(const float* x, const float* dy, const float* mean, const float* variance, const float* scale, float epsilon, float* dx, float* dscale, float* doffset, long rows, long channels, float* workspace) {
  const long stride = roundedUp(channels, LANES);
  float* flows = floatScratch(SHARED, 2 * stride);
  sumRanges(rows, statisticRows(rows), 4.0 * rows * channels, 2 * stride, flows, [&](long first, long count, float* sums) {
    for (long start = first; start < first + count; start += RANGE) {
      const long end = least(first + count, start + RANGE);
      for (long c = 0; c < channels; c += LANES) {
        const long width = channels - c;
        const Floats m = loadUpTo(mean + c, width);
        Floats flow{}, product{};
        for (long r = start; r < end; r++) {
          const Floats d = loadUpTo(dy + r * channels + c, width);
          flow += d;
          product += d * (loadUpTo(x + r * channels + c, width) - m);
        }
        store(sums + c, load(sums + c) + flow);
        store(sums + stride + c, load(sums + stride + c) + product);
      }
    }
  });
  float *slope = workspace, *bend = slope + channels, *shift = bend + channels;
  const float share = 1.0f / (float)rows;
  for (long c = 0; c < channels; c++) {
    const float factor = 1.0f / sqrtf(variance[c] + epsilon), normal = flows[stride + c] * factor;
    doffset[c] = flows[c];
    dscale[c] = normal;
    slope[c] = scale[c] * factor;
    bend[c] = factor * normal * share;
    shift[c] = flows[c] * share;
  }
  forRanges(rows, rowsPerPart(channels), 4.0 * rows * channels, [&](long first, long count) {
    for (long r = first; r < first + count; r++) {
      for (long c = 0; c < channels; c += LANES) {
        const long width = channels - c, place = r * channels + c;
        const Floats centred = loadUpTo(x + place, width) - loadUpTo(mean + c, width);
        storeUpTo(dx + place, loadUpTo(slope + c, width) * (loadUpTo(dy + place, width) - loadUpTo(shift + c, width) - centred * loadUpTo(bend + c, width)), width);
      }
    }
  });
}

}  // namespace
