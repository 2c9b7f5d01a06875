// Layer normalization over rows (Ba, Kiros and Hinton 2016) and its gradient.
#pragma once
#include "batch-norm.h"

namespace {

struct RowStatistics { float mean, factor; };

// The mean and 1 / sqrt(variance + epsilon).
INLINE RowStatistics statisticsOf(const float* row, long width, float epsilon) {
  const float mean = sumOfRow(row, width) / (float)width;
  const Floats m = all(mean);
  Floats sum{};
  long i = 0;
  for (; i + LANES <= width; i += LANES) { const Floats d = load(row + i) - m; sum += d * d; }
  float squares = sumOfLanes(sum);
  for (; i < width; i++) squares += (row[i] - mean) * (row[i] - mean);
  return {mean, 1.0f / sqrtf(squares / (float)width + epsilon)};
}

inline void layerNorm(const float* x, const float* scale, const float* offset, float* target, float epsilon, long rows, long width) {
  forRanges(rows, rowsPerPart(width), 6.0 * rows * width, [&](long first, long count) {
    for (long r = first; r < first + count; r++) {
      const float* row = x + r * width;
      const RowStatistics s = statisticsOf(row, width, epsilon);
      for (long i = 0; i < width; i += LANES) {
        const long rest = width - i;
        storeUpTo(target + r * width + i, (loadUpTo(row + i, rest) - s.mean) * s.factor * loadUpTo(scale + i, rest) + loadUpTo(offset + i, rest), rest);
      }
    }
  });
}

inline void layerNormGradient(const float* x, const float* dy, const float* scale, float* dx, float* dscale, float* doffset, float epsilon, long rows, long width) {
  const long stride = roundedUp(width, LANES);
  float* flows = floatScratch(SHARED, 2 * stride);
  sumRanges(rows, RANGE * ceilingOf(rows, 32 * RANGE), 12.0 * rows * width, 2 * stride, flows, [&](long begin, long count, float* sums) {
    for (long r = begin; r < begin + count; r++) {
      const float *row = x + r * width, *flow = dy + r * width;
      const RowStatistics s = statisticsOf(row, width, epsilon);
      Floats first{}, second{};
      // The row's normalized values go through dx, so that each is computed once.
      for (long i = 0; i < width; i += LANES) {
        const long rest = width - i;
        const Floats normal = (loadUpTo(row + i, rest) - s.mean) * s.factor, up = loadUpTo(flow + i, rest), g = up * loadUpTo(scale + i, rest);
        first += g;
        second += g * normal;
        store(sums + i, load(sums + i) + up * normal);
        store(sums + stride + i, load(sums + stride + i) + up);
        storeUpTo(dx + r * width + i, normal, rest);
      }
      const float meanFlow = sumOfLanes(first) / (float)width, meanProduct = sumOfLanes(second) / (float)width;
      for (long i = 0; i < width; i += LANES) {
        const long rest = width - i;
        float* p = dx + r * width + i;
        storeUpTo(p, s.factor * (loadUpTo(flow + i, rest) * loadUpTo(scale + i, rest) - meanFlow - loadUpTo(p, rest) * meanProduct), rest);
      }
    }
  });
  std::memcpy(dscale, flows, (std::size_t)width * sizeof(float));
  std::memcpy(doffset, flows + stride, (std::size_t)width * sizeof(float));
}

}  // namespace
