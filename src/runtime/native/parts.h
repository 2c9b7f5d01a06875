// Cuts work into parts for the pool: loops over parts, over ranges, and sums of per-part results in a fixed order.
#pragma once
#include "pool.h"
#include "vector.h"

namespace {

using nasc::LOCAL;
using nasc::PARTIAL;
using nasc::SHARED;
using nasc::TABLE;
using nasc::ZEROS;

inline float* floatScratch(nasc::Slot slot, long count) { return static_cast<float*>(nasc::scratch(slot, (std::size_t)count * sizeof(float))); }

template <class Body>
void forParts(long parts, double work, const Body& body) {
  nasc::parallel(parts, work, [](const void* context, long part) { (*static_cast<const Body*>(context))(part); }, &body);
}

// body(first, count) over ranges of at most `size`.
template <class Body>
void forRanges(long total, long size, double work, const Body& body) {
  forParts(ceilingOf(total, size), work, [&](long part) { body(part * size, least(size, total - part * size)); });
}

// target[width] = sum over ranges of what body(first, count, sums) leaves in zeroed `sums`; the ranges are added in order.
template <class Body>
void sumRanges(long total, long size, double work, long width, float* target, const Body& body) {
  const long parts = ceilingOf(total, size), stride = roundedUp(width, LANES);
  float* partial = floatScratch(PARTIAL, parts * stride + LANES);
  forParts(parts, work, [&](long part) {
    float* sums = partial + part * stride;
    std::memset(sums, 0, (std::size_t)stride * sizeof(float));
    body(part * size, least(size, total - part * size), sums);
  });
  forRanges(width, 64 * LANES, (double)parts * width, [&](long first, long count) {
    for (long c = first; c < first + count; c += LANES) {
      Floats sum{};
      for (long part = 0; part < parts; part++) sum += load(partial + part * stride + c);
      storeUpTo(target + c, sum, width - c);
    }
  });
}

// As many rows of `width` as make a part worth its dispatch, and few enough that every core gets some.
inline long rowsPerPart(long width) { const long rows = 16384 / (width + 1); return rows < 8 ? 8 : rows; }

}  // namespace
