// Softmax over rows, and the cross-entropy with label smoothing (Szegedy et al. 2016, section 7) that training minimizes.
#pragma once
#include "functions.h"
#include "parts.h"

namespace {

constexpr float LEAST = -3.4028234e38f;

INLINE float largest(const float* row, long width) {
  Floats best = all(LEAST);
  long i = 0;
  for (; i + LANES <= width; i += LANES) best = larger(load(row + i), best);
  if (i < width) best = larger(loadPartOr(row + i, width - i, LEAST), best);
  return maxOfLanes(best);
}

// target = exp(row - top); returns the sum.
INLINE float exponentials(const float* row, long width, float top, float* target) {
  Floats sum{};
  long i = 0;
  for (; i + LANES <= width; i += LANES) { const Floats e = exponential(load(row + i) - top); store(target + i, e); sum += e; }
  if (i < width) { const Floats e = exponential(loadPartOr(row + i, width - i, LEAST) - top); storePart(target + i, e, width - i); sum += e; }
  return sumOfLanes(sum);
}

INLINE void scaleRow(float* row, long width, float factor) {
  for (long i = 0; i < width; i += LANES) storeUpTo(row + i, loadUpTo(row + i, width - i) * factor, width - i);
}

inline void softmax(const float* x, float* target, long rows, long width) {
  forRanges(rows, rowsPerPart(width), 20.0 * rows * width, [&](long first, long count) {
    for (long r = first; r < first + count; r++) {
      float* result = target + r * width;
      scaleRow(result, width, 1.0f / exponentials(x + r * width, width, largest(x + r * width, width), result));
    }
  });
}

// y * (dy - sum(y * dy)).
inline void softmaxGradient(const float* y, const float* dy, float* target, long rows, long width) {
  forRanges(rows, rowsPerPart(width), 4.0 * rows * width, [&](long first, long count) {
    for (long r = first; r < first + count; r++) {
      const float *p = y + r * width, *q = dy + r * width;
      Floats sum{};
      for (long i = 0; i < width; i += LANES) sum += loadUpTo(p + i, width - i) * loadUpTo(q + i, width - i);
      const float inner = sumOfLanes(sum);
      for (long i = 0; i < width; i += LANES) storeUpTo(target + r * width + i, loadUpTo(p + i, width - i) * (loadUpTo(q + i, width - i) - inner), width - i);
    }
  });
}

// The mean over rows of -sum target * log softmax; workspace: `classes` floats.
inline void crossEntropy(const float* logits, const std::int32_t* labels, float* target, long rows, long classes, double smoothing, float* workspace) {
  double total = 0;
  for (long r = 0; r < rows; r++) {
    const float* row = logits + r * classes;
    const float top = largest(row, classes);
    const double logSum = log((double)exponentials(row, classes, top, workspace)) + (double)top;
    double sum = 0;
    for (long c = 0; c < classes; c++) sum += logSum - (double)row[c];
    total += (1 - smoothing) * (logSum - (double)row[labels[r]]) + smoothing / (double)classes * sum;
  }
  *target = (float)(total / (double)rows);
}

// (softmax - smoothed one-hot) * dy / rows.
inline void crossEntropyGradient(const float* logits, const std::int32_t* labels, const float* dy, float* target, long rows, long classes, float smoothing) {
  const float flow = *dy / (float)rows, even = smoothing / (float)classes * flow;
  for (long r = 0; r < rows; r++) {
    const float* row = logits + r * classes;
    float* result = target + r * classes;
    scaleRow(result, classes, flow / exponentials(row, classes, largest(row, classes), result));
    for (long c = 0; c < classes; c++) result[c] -= even;
    result[labels[r]] -= (1 - smoothing) * flow;
  }
}

}  // namespace
