// The window description that the caller writes as 32-bit integers (`src/runtime/geometry.ts`): a grid of rows, each reading taps of a
// source image and writing one cell of a target image.
#pragma once
#include "vector.h"

namespace {

struct Tap { std::int32_t offsetY, offsetX, weight; };

struct Sweep {
  std::int32_t batch, height, width, gridHeight, gridWidth, strideY, strideX, targetHeight, targetWidth, firstY, firstX, stepY, stepX, taps, unused[2];
  Tap tap[1];

  long rows() const { return (long)batch * gridHeight * gridWidth; }
  long lines() const { return (long)batch * gridHeight; }
  // The pixel (counted over all images) that row (n, y, x) of the grid writes.
  long targetPixel(long n, long y, long x) const { return (n * targetHeight + y * stepY + firstY) * targetWidth + x * stepX + firstX; }
};

// A tap inside the image: its pixel and its weight number.
struct Found { long pixel, weight; };

// The taps of row (n, y, x) that lie inside the source image; returns how many.
INLINE long insideTaps(const Sweep& s, long n, long y, long x, Found* list) {
  const long top = y * s.strideY, left = x * s.strideX;
  long found = 0;
  for (long t = 0; t < s.taps; t++) {
    const long row = top + s.tap[t].offsetY, column = left + s.tap[t].offsetX;
    if (row < 0 || column < 0 || row >= s.height || column >= s.width) continue;
    list[found++] = {(n * s.height + row) * s.width + column, s.tap[t].weight};
  }
  return found;
}

// Finds the source address under every tap of a row; `outside` where a tap is not on the image. Most rows have all taps on it, and then
// a tap is a fixed distance away from the pixel under offset (0, 0).
class Lookup {
 public:
  Lookup(const Sweep& sweep, const float* source, long stride, const float* outside) : s(sweep), source(source), stride(stride), outside(outside), quick(sweep.taps <= MOST) {
    for (long t = 0; t < s.taps; t++) {
      const long y = s.tap[t].offsetY, x = s.tap[t].offsetX;
      if (quick) distance[t] = (y * s.width + x) * stride;
      top = least(top, y);
      left = least(left, x);
      bottom = -least(-bottom, -y);
      right = -least(-right, -x);
    }
  }

  // Entries of neighbouring taps are `apart` apart.
  INLINE void row(long n, long y, long x, const float** table, long apart) const {
    const long v = y * s.strideY, u = x * s.strideX;
    const float* pixel = source + ((n * s.height + v) * s.width + u) * stride;
    if (quick && v + top >= 0 && u + left >= 0 && v + bottom < s.height && u + right < s.width) {
      for (long t = 0; t < s.taps; t++) table[t * apart] = pixel + distance[t];
      return;
    }
    for (long t = 0; t < s.taps; t++) {
      const long row = v + s.tap[t].offsetY, column = u + s.tap[t].offsetX;
      const bool inside = (unsigned long)row < (unsigned long)s.height && (unsigned long)column < (unsigned long)s.width;
      table[t * apart] = inside ? source + ((n * s.height + row) * s.width + column) * stride : outside;
    }
  }

 private:
  static constexpr long MOST = 64;
  const Sweep& s;
  const float* source;
  const long stride;
  const float* outside;
  const bool quick;
  long top = 0, bottom = 0, left = 0, right = 0, distance[MOST];
};

}  // namespace
