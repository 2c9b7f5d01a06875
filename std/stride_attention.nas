// Mobile attention over maps, in pieces (Li et al., EfficientFormerV2, ICCV 2023; Graham et al., LeViT, ICCV 2021):
//   import { StrideAttention, AttentionDown, UnifiedFeedForward } from "std/stride_attention"
// Attention looks at a coarser map, knows distances by a table, and lets heads talk to each other.

/// A map as heads: [heads, positions, channels of a head].
block Heads(x, heads) {
  return x -> reshape([tokens(x), heads, channels(x) / heads]) -> transpose([1, 0, 2])
}

/// Mixes the heads of scores [heads, queries, keys] at every pair (Shazeer et al., Talking-Heads Attention, 2020).
block TalkingHeads(scores) {
  return scores -> transpose([1, 2, 0]) -> dense(shape(scores)[0]) -> transpose([2, 0, 1])
}

/// A pointwise layer with bias and batch norm.
block Pointwise(x, out) {
  return x -> conv(out, kernel = 1, bias = true) -> batch_norm
}

/// Attention of a map to itself, on a map `stride` times coarser; values also see their neighbours. `talking` mixes heads before and
/// after the softmax. The map comes back in its size.
block StrideAttention(x, heads = 8, dim = 32, value_dim = 128, stride = 1, talking = true) {
  out = channels(x)
  small = if stride == 1 { x } else { x -> depthwise(kernel = 3, stride = stride, bias = true) -> batch_norm }
  q = small -> Pointwise(heads * dim) -> Heads(heads)
  k = small -> Pointwise(heads * dim) -> Heads(heads)
  v = small -> Pointwise(heads * value_dim)
  local = v -> depthwise(kernel = 3, bias = true) -> batch_norm
  scores = (matmul(q, k, transposed = true) * dim ^ -0.5) -> position_bias([height(small), width(small)])
  importance = if talking { scores -> TalkingHeads -> softmax -> TalkingHeads } else { scores -> softmax }
  mixed = matmul(importance, v -> Heads(heads)) -> transpose([1, 0, 2]) -> reshape(shape(v))
  whole = (mixed + local) -> upsample(stride, method = bilinear)
  return whole -> gelu -> Pointwise(out)
}

/// Halves a map by attention and by a convolution at once: queries stand on every second pixel, keys and values everywhere.
block AttentionDown(x, out, heads = 8, dim = 16, value_dim = 64) {
  q = ((x -> depthwise(kernel = 3, stride = 2, bias = true)) + (x -> max_pool(1, stride = 2))) -> Pointwise(heads * dim)
  k = x -> Pointwise(heads * dim) -> Heads(heads)
  v = x -> Pointwise(heads * value_dim)
  local = v -> depthwise(kernel = 3, stride = 2, bias = true) -> batch_norm
  scores = (matmul(q -> Heads(heads), k, transposed = true) * dim ^ -0.5) -> position_bias([height(q), width(q)], stride = 2)
  mixed = matmul(scores -> softmax, v -> Heads(heads)) -> transpose([1, 0, 2]) -> reshape(shape(local))
  attended = (mixed + local) -> gelu -> Pointwise(out)
  return attended + (x -> conv(out, kernel = 3, stride = 2, bias = true) -> batch_norm)
}

/// Pointwise, depthwise 3x3, pointwise, `ratio` times as wide in between: the one block that stands for token mixing and feed-forward.
block UnifiedFeedForward(x, ratio = 4, act = gelu) {
  wide = floor(channels(x) * ratio)
  return x -> Pointwise(wide) -> act -> depthwise(kernel = 3, bias = true) -> batch_norm -> act -> Pointwise(channels(x))
}
