// Transformer parts beyond std/blocks, written in the language itself:
//   import { VisionBlock, Attend } from "std/transformers"

/// A map or tokens as heads: [heads, tokens, channels of a head].
block HeadsOf(x, heads) {
  return x -> reshape([tokens(x), heads, channels(x) / heads]) -> transpose([1, 0, 2])
}

/// Softmax attention in pieces, without a projection afterwards: `size` channels of queries, keys and values each, cut into `heads`.
block Attend(x, heads, size, bias = false) {
  q = x -> dense(size, bias = bias) -> HeadsOf(heads)
  k = x -> dense(size, bias = bias) -> HeadsOf(heads)
  v = x -> dense(size, bias = bias) -> HeadsOf(heads)
  scores = matmul(q, k, transposed = true) * (size / heads) ^ -0.5
  mixed = matmul(scores -> softmax, v) -> transpose([1, 0, 2])
  return if length(shape(x)) == 3 { mixed -> reshape([height(x), width(x), size]) } else { mixed -> reshape([tokens(x), size]) }
}
