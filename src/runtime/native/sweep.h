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

}  // namespace
