// Building blocks, written in the language itself. Import what a space needs:
//   import { ConvBN, MBConv } from "std/blocks"
// Where a block takes `op`, it may be conv, shift or add; `act` may be any activation, or identity.

/// A linear operator, batch norm, an activation.
block ConvBN(x, out, kernel = 3, stride = 1, act = relu, op = conv) {
  return x -> op(out, kernel = kernel, stride = stride) -> batch_norm -> act
}

/// Depthwise convolution, batch norm, an activation (MobileNets).
block DepthwiseBN(x, kernel = 3, stride = 1, act = relu) {
  return x -> depthwise(kernel = kernel, stride = stride) -> batch_norm -> act
}

/// Depthwise then pointwise: a convolution in two cheap steps (MobileNets).
block Separable(x, out, kernel = 3, stride = 1, act = relu, op = conv) {
  return x -> DepthwiseBN(kernel = kernel, stride = stride, act = act) -> ConvBN(out, kernel = 1, act = act, op = op)
}

/// Weighs channels by what is in the whole map (SENet).
block SqueezeExcite(x, reduction = 4, gate = sigmoid) {
  squeezed = max(1, floor(channels(x) / reduction))
  importance = x -> global_pool -> dense(squeezed) -> relu -> dense(channels(x)) -> gate
  return x * importance
}

/// Inverted residual: widen, filter each channel, narrow (MobileNetV2); `se` is the reduction of squeeze-and-excitation, 0 for none.
block MBConv(x, out, kernel = 3, expand = 6, stride = 1, se = 0, act = relu6, op = conv) {
  wide = if expand == 1 { x } else { x -> op(channels(x) * expand, kernel = 1) -> batch_norm -> act }
  mixed = wide -> depthwise(kernel = kernel, stride = stride) -> batch_norm -> act
  weighed = if se == 0 { mixed } else { mixed -> SqueezeExcite(reduction = se) }
  y = weighed -> op(out, kernel = 1) -> batch_norm
  return if stride == 1 and channels(x) == out { x + y } else { y }
}

/// MobileNetV2's block under its own name.
block InvertedResidual(x, out, kernel = 3, expand = 6, stride = 1) {
  return x -> MBConv(out, kernel = kernel, expand = expand, stride = stride)
}

/// The short way around a residual block: itself where the shape stays, else a pointwise projection.
block Shortcut(x, out, stride = 1, op = conv) {
  return if stride == 1 and channels(x) == out { x } else { x -> op(out, kernel = 1, stride = stride) -> batch_norm }
}

/// Two 3x3 layers around a shortcut (ResNet-18 and 34).
block Basic(x, out, stride = 1, op = conv) {
  y = x -> op(out, kernel = 3, stride = stride) -> batch_norm -> relu -> op(out, kernel = 3) -> batch_norm
  return relu(y + (x -> Shortcut(out, stride = stride, op = op)))
}

/// Narrow, filter, widen around a shortcut (ResNet-50), all layers of the kind that `op` says.
block Bottleneck(x, out, planes, kernel = 3, stride = 1, op = conv) {
  y = x -> op(planes, kernel = 1) -> batch_norm -> relu
        -> op(planes, kernel = kernel, stride = stride) -> batch_norm -> relu
        -> op(out, kernel = 1) -> batch_norm
  return relu(y + (x -> Shortcut(out, stride = stride, op = op)))
}

/// Half of the channels passes by, the other half is filtered, and the halves are mixed (ShuffleNetV2, stride 1).
block ShuffleBlock(x, kernel = 3) {
  half = channels(x) / 2
  kept = x -> split(2, 0)
  worked = x -> split(2, 1) -> ConvBN(half, kernel = 1) -> depthwise(kernel = kernel) -> batch_norm -> ConvBN(half, kernel = 1)
  return concat(kept, worked) -> channel_shuffle(2)
}

/// Halves the map and widens it, both ways filtered (ShuffleNetV2, stride 2).
block ShuffleDown(x, out, kernel = 3) {
  half = out / 2
  left = x -> depthwise(kernel = kernel, stride = 2) -> batch_norm -> ConvBN(half, kernel = 1)
  right = x -> ConvBN(half, kernel = 1) -> depthwise(kernel = kernel, stride = 2) -> batch_norm -> ConvBN(half, kernel = 1)
  return concat(left, right) -> channel_shuffle(2)
}

/// Cuts an image into patches and gives each a vector and its place: tokens [patches, width] (Vision Transformer).
block PatchEmbedding(x, size, width) {
  return x -> patches(size) -> dense(width) -> position_embedding
}

/// Two dense layers per token, `ratio` times as wide in between.
block MLP(x, ratio = 4, act = gelu) {
  width = channels(x)
  return x -> dense(round(width * ratio)) -> act -> dense(width)
}

/// A transformer encoder block, normalised before each half (pre-norm).
block Transformer(x, heads, ratio = 4, kind = softmax, act = gelu) {
  y = x + (x -> layer_norm -> attention(heads = heads, kind = kind))
  return y + (y -> layer_norm -> MLP(ratio = ratio, act = act))
}

/// A transformer encoder block, normalised after each half (as first published).
block TransformerPostNorm(x, heads, ratio = 4, kind = softmax, act = relu) {
  y = layer_norm(x + (x -> attention(heads = heads, kind = kind)))
  return layer_norm(y + (y -> MLP(ratio = ratio, act = act)))
}

/// Attention over a map, around a shortcut.
block AttentionBlock(x, heads, kind = softmax) {
  return relu(x + (x -> attention(heads = heads, kind = kind) -> batch_norm))
}

/// Class scores from a map or from tokens.
block Classifier(x, classes) {
  return x -> global_pool -> dense(classes)
}
