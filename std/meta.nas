// Blocks whose token mixer is a plug, on maps first and on tokens at last, written in the language itself (Li et al., "EfficientFormer:
// Vision Transformers at MobileNet Speed", NeurIPS 2022):
//   import { PoolBlock, TokenBlock } from "std/meta"

import { MLP } from "std/blocks"

/// What the neighbourhood of a pixel has over the pixel itself.
block PoolMixer(x, window = 3) {
  return (x -> average_pool(window, stride = 1)) - x
}

/// Two pointwise convolutions with normalization, `ratio` times as wide in between.
block ConvMLP(x, ratio = 4, act = gelu) {
  out = channels(x)
  return x -> conv(round(out * ratio), kernel = 1, bias = true) -> batch_norm -> act -> conv(out, kernel = 1, bias = true) -> batch_norm
}

/// A block on a map (MB4D): pooling mixes pixels, then channels are mixed; both ways scaled channel by channel.
block PoolBlock(x, ratio = 4, scaled = 0.00001) {
  y = x + (x -> PoolMixer -> scale(scaled, learned = true))
  return y + (y -> ConvMLP(ratio = ratio) -> scale(scaled, learned = true))
}

/// Tokens [t, heads * dim] as [heads, t, dim].
block Heads(x, heads, dim) {
  return x -> reshape([tokens(x), heads, dim]) -> transpose([1, 0, 2])
}

/// Attention of the tokens of a map of the given height and width: heads of fixed sizes whatever the width is, and a learned bias for
/// each head and distance.
block BiasedAttention(x, rows, columns, heads = 8, dim = 32, value_dim = 128) {
  queries = x -> dense(heads * dim) -> Heads(heads, dim)
  keys = x -> dense(heads * dim) -> Heads(heads, dim)
  values = x -> dense(heads * value_dim) -> Heads(heads, value_dim)
  scores = matmul(queries -> scale(1 / sqrt(dim)), keys, transposed = true) -> position_bias([rows, columns]) -> softmax
  mixed = matmul(scores, values) -> transpose([1, 0, 2]) -> reshape([tokens(x), heads * value_dim])
  return mixed -> dense(channels(x))
}

/// A block on tokens (MB3D): attention mixes tokens, then channels are mixed; both ways scaled channel by channel.
block TokenBlock(x, rows, columns, ratio = 4, scaled = 0.00001, heads = 8, dim = 32, value_dim = 128) {
  y = x + (x -> layer_norm -> BiasedAttention(rows, columns, heads = heads, dim = dim, value_dim = value_dim) -> scale(scaled, learned = true))
  return y + (y -> layer_norm -> MLP(ratio = ratio) -> scale(scaled, learned = true))
}

/// Two convolutions that halve the map twice.
block ConvStem(x, out) {
  return x -> conv(out / 2, kernel = 3, stride = 2, bias = true) -> batch_norm -> relu -> conv(out, kernel = 3, stride = 2, bias = true) -> batch_norm -> relu
}

/// Halves the map and sets the width.
block ConvEmbedding(x, out) {
  return x -> conv(out, kernel = 3, stride = 2, bias = true) -> batch_norm
}
