// From wide, flat images to sequences (Zhang et al., TREFE, TPAMI 2023; AutoSTR, ECCV 2020; Transformer-XL, ACL 2019):
//   import { HandwritingLayer, RelativeLayer } from "std/text"

import { ConvBN } from "std/blocks"

/// Inverted residual of unchanged size; where the resolution changes, a pointwise layer with that stride comes first.
block HandwritingLayer(x, out, kernel, expand, stride = 1, changed = false, drop = 0.1) {
  x = if changed { x -> ConvBN(out, kernel = 1, stride = stride) } else { x }
  wide = x -> ConvBN(out * expand, kernel = 1, act = silu) -> depthwise(kernel = kernel) -> batch_norm
  squeezed = max(1, floor(channels(wide) / 12))
  importance = wide -> global_pool -> dense(squeezed) -> batch_norm -> relu -> dense(channels(wide)) -> sigmoid
  return x + ((wide * importance) -> relu6 -> conv(out, kernel = 1) -> batch_norm -> dropout(drop))
}

/// Inverted residual whose depthwise filter has the stride; then the shortcut is a pointwise layer. An activation after the sum.
block SceneLayer(x, out, kernel, expand, stride = 1, changed = false) {
  y = x -> ConvBN(channels(x) * expand, kernel = 1, act = silu)
        -> depthwise(kernel = kernel, stride = stride) -> batch_norm -> silu
        -> conv(out, kernel = 1) -> batch_norm
  return relu(y + if changed { x -> ConvBN(out, kernel = 1, stride = stride, act = identity) } else { x })
}

/// Tokens as heads: [heads, tokens, channels of a head].
block TokenHeads(x, heads) {
  return x -> reshape([tokens(x), heads, channels(x) / heads]) -> transpose([1, 0, 2])
}

/// Scores of queries and keys; `relative` adds what the query makes of the way to the key, and the key of the way to the query:
/// (q_i + u) k_j + (q_i + v) r_(j - i) + k_j r_(i - j).
block RelativeScores(q, k, heads, relative) {
  content = matmul(if relative { q -> offset(learned = true) -> TokenHeads(heads) } else { q -> TokenHeads(heads) }, k -> TokenHeads(heads), transposed = true)
  return if relative {
    content + (q -> offset(learned = true) -> TokenHeads(heads) -> relative_scores(table = waves))
            + (k -> TokenHeads(heads) -> relative_scores(table = waves) -> transpose([0, 2, 1]))
  } else { content }
}

/// A gated convolution along the sequence (Dauphin et al., ICML 2017), or two dense layers, twice as wide in between.
block GatedConv(x) {
  both = x -> reshape([1, tokens(x), channels(x)]) -> conv(2 * channels(x), kernel = [1, 3], bias = true) -> reshape([tokens(x), 2 * channels(x)])
  return (both -> split(2, 0)) * (both -> split(2, 1) -> sigmoid)
}

block Feed(x) {
  return x -> dense(2 * channels(x)) -> relu -> dense(channels(x))
}

/// A transformer layer, normalised after each half, and its raw scores for the next layer; `carried` adds those of the layer before.
block RelativeLayer(x, before, heads, scaled = true, relative = false, carried = false, gated = false, drop = 0.1) {
  width = channels(x)
  raw = RelativeScores(x -> dense(width), x -> dense(width), heads, relative) * if scaled { (width / heads) ^ -0.5 } else { 1 }
  scores = if carried { raw + before } else { raw }
  mixed = matmul(scores -> softmax, x -> dense(width) -> TokenHeads(heads)) -> transpose([1, 0, 2]) -> reshape([tokens(x), width]) -> dense(width)
  y = layer_norm(x + (mixed -> dropout(drop)))
  fed = if gated { y -> GatedConv } else { y -> Feed }
  return layer_norm(y + (fed -> dropout(drop))), scores
}
