// Attention that knows positions, along the rows and columns of a map and in windows that slide over it, written in the language itself
// (Wang et al., Axial-DeepLab, ECCV 2020; Ramachandran et al., Stand-Alone Self-Attention, NeurIPS 2019):
//   import { AxialAttention, LocalAttention } from "std/axial"
// Every score is the sum of content, of query and distance, and of key and distance, each with its batch norm per head; queries and keys
// have half the channels of values; nothing is divided by a square root. Channel c belongs to head c mod heads, so that a narrower network,
// which takes the leading channels, takes the leading ones of every head (multi-head sharing, Gu et al., TrioNet, BMVC 2021).

/// A pointwise layer and batch norm.
block Projected(x, out) { return x -> conv(out, kernel = 1) -> batch_norm }

/// Batch norm of scores [lines, heads, queries, keys], one channel per head.
block PerHead(scores) { return scores -> transpose([0, 2, 3, 1]) -> batch_norm -> transpose([0, 3, 1, 2]) }

/// A map as the lines that attend, [lines, heads, length, channels of a head]: its columns where `vertical`, else its rows.
block Lines(x, heads, vertical) {
  y = x -> reshape([height(x), width(x), channels(x) / heads, heads])
  return if vertical { y -> transpose([1, 3, 0, 2]) } else { y -> transpose([0, 3, 1, 2]) }
}

/// The map that lines [lines, heads, length, channels of a head] came from, with its batch norm.
block FromLines(y, rows, columns, out, vertical) {
  z = if vertical { y -> transpose([2, 0, 3, 1]) } else { y -> transpose([0, 2, 3, 1]) }
  return z -> reshape([rows, columns, out]) -> batch_norm
}

/// Attention inside each column of a map, or inside each row.
block AxialPass(x, out, heads, vertical) {
  dim = floor(out / heads / 2)
  q = x -> Projected(heads * dim) -> Lines(heads, vertical)
  k = x -> Projected(heads * dim) -> Lines(heads, vertical)
  v = x -> Projected(out) -> Lines(heads, vertical)
  content = matmul(q, k, transposed = true) -> PerHead
  by_query = q -> relative_scores -> PerHead
  by_key = k -> relative_scores(reverse = true) -> transpose([0, 1, 3, 2]) -> PerHead
  importance = (content + by_query + by_key) -> softmax
  mixed = matmul(importance, v) -> FromLines(height(x), width(x), out, vertical)
  return mixed + (importance -> relative_values(out / heads) -> FromLines(height(x), width(x), out, vertical))
}

/// Along the columns, then along the rows; a stride averages afterwards.
block AxialAttention(x, out, heads = 8, stride = 1) {
  y = x -> AxialPass(out, heads, true) -> AxialPass(out, heads, false)
  return if stride == 1 { y } else { y -> average_pool(stride, stride = stride) }
}

/// What lies around each pixel, by heads: [pixels, heads, taps, channels of a head].
block Around(x, heads, window) {
  return x -> neighbours(window) -> reshape([tokens(x), window * window, channels(x) / heads, heads]) -> transpose([0, 3, 1, 2])
}

/// Batch norm of scores [pixels, heads, taps], one channel per head.
block PerHeadLocal(scores) { return scores -> transpose([0, 2, 1]) -> batch_norm -> transpose([0, 2, 1]) }

/// 0 for the pixels around each pixel, and a number that softmax turns to nothing where they are outside the map: [pixels, 1, taps].
block Outside(x, window) {
  ones = (x -> slice(0, 1)) * 0 + 1
  inside = ones -> neighbours(window) -> reshape([tokens(x), 1, window * window])
  return (inside + -1) * 1000000000
}

/// Attention of each pixel to a window around it; a stride averages afterwards.
block LocalAttention(x, out, heads = 8, window = 3, stride = 1) {
  dim = floor(out / heads / 2)
  taps = window * window
  q = x -> Projected(heads * dim)
  k = x -> Projected(heads * dim) -> Around(heads, window)
  v = x -> Projected(out) -> Around(heads, window)
  query = q -> reshape([tokens(x), 1, dim, heads]) -> transpose([0, 3, 1, 2])
  content = matmul(query, k, transposed = true) -> reshape([tokens(x), heads, taps]) -> PerHeadLocal
  by_query = query -> reshape([tokens(x), heads, dim]) -> dense(taps, bias = false) -> PerHeadLocal
  // A vector of its own for each tap: as many groups as taps.
  by_key = k -> reshape([tokens(x), heads, taps * dim]) -> conv(taps, kernel = 1, groups = taps) -> PerHeadLocal
  importance = (content + by_query + by_key + (x -> Outside(window))) -> softmax
  mixed = matmul(importance -> reshape([tokens(x), heads, 1, taps]), v) -> transpose([0, 2, 3, 1]) -> reshape([height(x), width(x), out]) -> batch_norm
  y = mixed + (importance -> dense(out / heads, bias = false) -> transpose([0, 2, 1]) -> reshape([height(x), width(x), out]) -> batch_norm)
  return if stride == 1 { y } else { y -> average_pool(stride, stride = stride) }
}
