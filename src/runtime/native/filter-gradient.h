// The filter gradient of a convolution: columns of the source under each tap times rows of the upstream gradient, both where they lie.
#pragma once
#include "convolution.h"

namespace {

// Rows that one step sums over: sources and upstream of so many stay in the first-level cache.
constexpr long SUMMED = 256;

// Source addresses of all taps for rows [first, first + count): [tap][count].
inline void lookUpRows(const Sweep& s, const Lookup& pixels, long first, long count, const float** table) {
  const long cells = (long)s.gridHeight * s.gridWidth;
  long n = first / cells, y = first % cells / s.gridWidth, x = first % s.gridWidth;
  for (long i = 0; i < count; i++) {
    pixels.row(n, y, x, table + i, count);
    if (++x == s.gridWidth) { x = 0; if (++y == s.gridHeight) { y = 0; n++; } }
  }
}

// FILTER_ROWS (tap, channel) pairs that do not lie side by side are copied together: gathered[row][FILTER_ROWS].
inline void gatherColumns(const float* const* table, long count, long channels, long depth, long k, float* gathered, const float** rows) {
  for (long r = 0; r < FILTER_ROWS; r++) {
    const long number = least(k + r, depth - 1), channel = number % channels;
    const float* const* list = table + number / channels * count;
    for (long i = 0; i < count; i++) gathered[i * FILTER_ROWS + r] = list[i][channel];
  }
  for (long i = 0; i < count; i++) rows[i] = gathered + i * FILTER_ROWS;
}

// Adds the rows [first, first + total) to sums[depth up to FILTER_ROWS][stride].
inline void addFilterRows(const Sweep& s, const Lookup& pixels, long channels, const float* upstream, long upstreamStride, long columns, long first, long total, float* sums, long stride) {
  const long taps = s.taps, depth = taps * channels, wholeColumns = columns / LANES * LANES;
  const float** table = static_cast<const float**>(nasc::scratch(TABLE, (std::size_t)((taps + 1) * SUMMED) * sizeof(float*)));
  const float** gatheredRows = table + taps * SUMMED;
  float* gathered = floatScratch(LOCAL, SUMMED * FILTER_ROWS + SUMMED * LANES);
  float* rest = gathered + SUMMED * FILTER_ROWS;
  for (long done = 0; done < total; done += SUMMED) {
    const long row = first + done, count = least(SUMMED, total - done);
    lookUpRows(s, pixels, row, count, table);
    const float* flow = upstream + row * upstreamStride;
    if (wholeColumns < columns) packPanel(flow + wholeColumns, upstreamStride, false, count, columns - wholeColumns, rest);
    for (long k = 0; k < depth; k += FILTER_ROWS) {
      const long channel = k % channels;
      const bool together = channel + FILTER_ROWS <= channels;
      if (!together) gatherColumns(table, count, channels, depth, k, gathered, gatheredRows);
      const float* const* rows = together ? table + k / channels * count : gatheredRows;
      const long offset = together ? channel : 0;
      long j = 0;
      for (; j + TILE_COLUMNS <= wholeColumns; j += TILE_COLUMNS) columnTile<TILE_VECTORS>(count, rows, offset, flow + j, upstreamStride, sums + k * stride + j, stride);
      for (; j < wholeColumns; j += LANES) columnTile<1>(count, rows, offset, flow + j, upstreamStride, sums + k * stride + j, stride);
      if (j < columns) columnTile<1>(count, rows, offset, rest, LANES, sums + k * stride + j, stride);
    }
  }
}

// target[tap, channel, column] = sum over rows of source[tap of row, channel] * upstream[row, column]. Target rows are `targetStride`
// floats apart. The sweep is a forward one: its taps are numbered in order and its rows are the pixels of `upstream`.
inline void convolutionFilterGradient(const Sweep* sweep, const float* source, long sourceStride, long channels, const float* upstream, long upstreamStride, long columns, float* target, long targetStride, float*) {
  const Sweep& s = *sweep;
  const long depth = s.taps * channels, stride = roundedUp(columns, LANES), size = roundedUp(depth, FILTER_ROWS) * stride, rows = s.rows();
  // At most 16 ranges of rows, and no more than 16 MB of partial sums.
  const long most = 4194304 / (size + 1) < 1 ? 1 : least(16, 4194304 / (size + 1)), perPart = roundedUp(ceilingOf(rows, most), SUMMED);
  float* sums = floatScratch(SHARED, size);
  const Lookup pixels(s, source, sourceStride, zeros(channels));
  sumRanges(rows, perPart, 2.0 * rows * depth * columns, size, sums, [&](long first, long count, float* partial) {
    addFilterRows(s, pixels, channels, upstream, upstreamStride, columns, first, count, partial, stride);
  });
  for (long k = 0; k < depth; k++) for (long j = 0; j < columns; j += LANES) storeUpTo(target + k * targetStride + j, load(sums + k * stride + j), columns - j);
}

}  // namespace
