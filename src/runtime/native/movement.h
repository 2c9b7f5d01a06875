// Transposition of any rank (whole runs are copied where the last axis stays last, else planes are turned), and regions.
#pragma once
#include "parts.h"

namespace {

// Counts through the positions of the leading axes, the last one fastest, and keeps the offset. Axes: pairs (size, stride).
class Position {
 public:
  Position(const std::int32_t* axes, long rank, long index) : axes(axes), rank(rank) {
    for (long axis = rank - 1; axis >= 0; axis--) {
      const long size = axes[2 * axis], next = index / size;
      if (axis < MOST) place[axis] = index - next * size;
      offset += (index - next * size) * axes[2 * axis + 1];
      index = next;
    }
  }
  INLINE void next() {
    for (long axis = rank - 1; axis >= 0; axis--) {
      const long stride = axes[2 * axis + 1];
      offset += stride;
      if (++place[axis] < axes[2 * axis]) return;
      offset -= place[axis] * stride;
      place[axis] = 0;
    }
  }
  // Tensors have fewer axes than this by far.
  static constexpr long MOST = 32;
  long offset = 0;

 private:
  const std::int32_t* axes;
  const long rank;
  long place[MOST];
};

INLINE void copyRun(float* target, const float* source, long run) {
  if (run > 64) std::memcpy(target, source, (std::size_t)run * sizeof(float));
  else for (long i = 0; i < run; i += LANES) storeUpTo(target + i, loadUpTo(source + i, run - i), run - i);
}

// target[outer][run] where each run is contiguous in the source; `axes` describe the outer ones in target order.
inline void copyRuns(const float* source, float* target, const std::int32_t* axes, long rank, long outer, long run) {
  forRanges(outer, rowsPerPart(run), (double)outer * run, [&](long first, long count) {
    Position at(axes, rank, first);
    for (long i = first; i < first + count; i++, at.next()) copyRun(target + i * run, source + at.offset, run);
  });
}

// The reverse: source[outer][run] to runs of the target, whose strides `axes` hold.
inline void placeRuns(const float* source, float* target, const std::int32_t* axes, long rank, long outer, long run) {
  forRanges(outer, rowsPerPart(run), (double)outer * run, [&](long first, long count) {
    Position at(axes, rank, first);
    for (long i = first; i < first + count; i++, at.next()) copyRun(target + at.offset, source + i * run, run);
  });
}

// Source rows are [columns] contiguous, target rows are [rows] contiguous: target[column][row] = source[row][column]. The outer axes are
// triples in `axes`: (size, source stride, target stride). Planes are cut into strips of 16 rows.
inline void turnPlanes(const float* source, float* target, const std::int32_t* axes, long rank, long outer, long rows, long rowStride, long columns, long columnStride) {
  constexpr long STRIP = 16;
  const long strips = ceilingOf(rows, STRIP), perPart = 1 + 16384 / (STRIP * columns + 1);
  forRanges(outer * strips, perPart, 4.0 * outer * rows * columns, [&](long begin, long count) {
    for (long number = begin; number < begin + count; number++) {
      const float* from = source;
      float* to = target;
      long index = number / strips;
      for (long axis = rank - 1; axis >= 0; axis--) {
        const long size = axes[3 * axis], next = index / size, place = index - next * size;
        from += place * axes[3 * axis + 1];
        to += place * axes[3 * axis + 2];
        index = next;
      }
      const long first = number % strips * STRIP, height = least(STRIP, rows - first);
      from += first * rowStride;
      to += first;
      if (height == STRIP) for (long c = 0; c < columns; c++) for (long h = 0; h < STRIP; h++) to[c * columnStride + h] = from[h * rowStride + c];
      else for (long c = 0; c < columns; c++) for (long h = 0; h < height; h++) to[c * columnStride + h] = from[h * rowStride + c];
    }
  });
}

}  // namespace
