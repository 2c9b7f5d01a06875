// Sums over the middle axis of [outer, middle, inner], in ranges, so that rounding errors grow with the range and not with the whole.
#pragma once
#include "parts.h"

namespace {

constexpr long RANGE = 256;

INLINE float sumOfRow(const float* p, long count) {
  Floats a{}, b{}, c{}, d{};
  long i = 0;
  for (; i + 4 * LANES <= count; i += 4 * LANES) { a += load(p + i); b += load(p + i + LANES); c += load(p + i + 2 * LANES); d += load(p + i + 3 * LANES); }
  for (; i < count; i += LANES) a += loadUpTo(p + i, count - i);
  return sumOfLanes((a + b) + (c + d));
}

// target[column] += sum over `rows` rows.
INLINE void addRows(const float* p, long rows, long columns, float* target) {
  long c = 0;
  for (; c + 4 * LANES <= columns; c += 4 * LANES) {
    Floats sums[4] = {};
    for (long r = 0; r < rows; r++) UNROLL for (int v = 0; v < 4; v++) sums[v] += load(p + r * columns + c + v * LANES);
    UNROLL for (int v = 0; v < 4; v++) store(target + c + v * LANES, load(target + c + v * LANES) + sums[v]);
  }
  for (; c < columns; c += LANES) {
    const long width = columns - c;
    Floats even{}, odd{};
    long r = 0;
    for (; r + 2 <= rows; r += 2) { even += loadUpTo(p + r * columns + c, width); odd += loadUpTo(p + (r + 1) * columns + c, width); }
    if (r < rows) even += loadUpTo(p + r * columns + c, width);
    storeUpTo(target + c, loadUpTo(target + c, width) + (even + odd), width);
  }
}

inline void sumMiddle(const float* x, float* target, long outer, long middle, long inner) {
  const double work = (double)outer * middle * inner;
  if (inner == 1) {
    forRanges(outer, rowsPerPart(middle), work, [&](long first, long count) {
      for (long o = first; o < first + count; o++) {
        float total = 0;
        for (long m = 0; m < middle; m += 4096) total += sumOfRow(x + o * middle + m, least(4096, middle - m));
        target[o] = total;
      }
    });
  } else if (outer >= 8) {
    forRanges(outer, rowsPerPart(middle * inner), work, [&](long first, long count) {
      for (long o = first; o < first + count; o++) {
        std::memset(target + o * inner, 0, (std::size_t)inner * sizeof(float));
        for (long m = 0; m < middle; m += RANGE) addRows(x + (o * middle + m) * inner, least(RANGE, middle - m), inner, target + o * inner);
      }
    });
  } else {
    const long size = RANGE * ceilingOf(middle, 64 * RANGE);
    for (long o = 0; o < outer; o++) {
      sumRanges(middle, size, work, inner, target + o * inner, [&](long first, long count, float* sums) {
        for (long m = first; m < first + count; m += RANGE) addRows(x + (o * middle + m) * inner, least(RANGE, first + count - m), inner, sums);
      });
    }
  }
}

// The reverse: target[outer, middle, inner] = factor * source[outer, inner].
inline void spreadMiddle(const float* source, float* target, long outer, long middle, long inner, float factor) {
  if (inner == 1) {
    forRanges(outer * middle, 16384, (double)outer * middle, [&](long first, long count) {
      for (long place = first; place < first + count;) {
        const long row = place / middle, end = least(first + count, (row + 1) * middle);
        const Floats value = all(source[row] * factor);
        for (; place < end; place += LANES) storeUpTo(target + place, value, end - place);
        place = end;
      }
    });
    return;
  }
  forRanges(outer * middle, rowsPerPart(inner), (double)outer * middle * inner, [&](long first, long count) {
    for (long r = first; r < first + count; r++) {
      const float* row = source + r / middle * inner;
      for (long i = 0; i < inner; i += LANES) storeUpTo(target + r * inner + i, loadUpTo(row + i, inner - i) * factor, inner - i);
    }
  });
}

// target[height, width] = for each of its rows the sum of the rows of `source` that `indices` send there, in order. Threads share out the
// columns, so that the order stays.
inline void segmentSum(const float* source, const std::int32_t* indices, float* target, long rows, long width, long height) {
  forRanges(width, 4 * LANES, (double)rows * width, [&](long first, long count) {
    for (long r = 0; r < height; r++) std::memset(target + r * width + first, 0, (std::size_t)count * sizeof(float));
    for (long r = 0; r < rows; r++) {
      float* sums = target + indices[r] * width;
      for (long c = first; c < first + count; c += LANES) storeUpTo(sums + c, loadUpTo(sums + c, first + count - c) + loadUpTo(source + r * width + c, first + count - c), first + count - c);
    }
  });
}

}  // namespace
