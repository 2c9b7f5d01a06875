// Cheap features, written in the language itself (Han et al., CVPR 2020 and IJCV 2022):
//   import { GhostModule, GhostBottleneck } from "std/ghost"
// A ghost module computes some channels by a convolution and derives the others from them; a ghost stage does the same over a whole stage.

import { ConvBN, Shortcut } from "std/blocks"

/// The nearest multiple of `step`, but never below nine tenths of `value` (MobileNetV2's rule for widths).
block Divisible(value, step = 4) {
  nearest = round_to(value, step)
  return if nearest < 0.9 * value { nearest + step } else { nearest }
}

/// `out` channels: one of `ratio` by a convolution, the others by depthwise filters of `cheap` taps over those; surplus ones are cut off.
/// A ratio of 1 is the convolution alone.
block GhostModule(x, out, kernel = 1, ratio = 2, cheap = 3, stride = 1, act = relu) {
  primary = x -> ConvBN(ceil(out / ratio), kernel = kernel, stride = stride, act = act)
  return if ratio == 1 { primary } else {
    concat(primary, primary -> depthwise(kernel = cheap, multiplier = ratio - 1) -> batch_norm -> act) -> slice(0, out)
  }
}

/// Squeeze-and-excitation with a quarter of the channels, a multiple of four, and the piecewise linear gate relu6(x + 3) / 6.
block GhostExcite(x) {
  importance = x -> global_pool -> dense(Divisible(channels(x) * 0.25, 4)) -> relu -> dense(channels(x))
  return x * (relu6(importance + 3) / 6)
}

/// What passes a map by its rows and columns: a gate for each pixel from half-size depthwise strips (GhostNetV2, NeurIPS 2022). Half of
/// an odd side is rounded down; the last pixels then share a gate.
block DecoupledGate(x, out, reach = 5) {
  small = x -> average_pool(2, stride = 2, padding = if min(height(x), width(x)) > 1 { valid } else { same })
  gate = small -> ConvBN(out, kernel = 1, act = identity)
           -> depthwise(kernel = [1, reach]) -> batch_norm -> depthwise(kernel = [reach, 1]) -> batch_norm -> sigmoid
  factor = max(ceil(height(x) / height(small)), ceil(width(x) / width(small)))
  return gate -> upsample(factor) -> slice(0, height(x), axis = 0) -> slice(0, width(x), axis = 1)
}

/// The short way around a ghost bottleneck: itself where the shape stays, else depthwise, then pointwise.
block GhostShortcut(x, out, kernel = 3, stride = 1) {
  return if stride == 1 and channels(x) == out { x } else {
    x -> depthwise(kernel = kernel, stride = stride) -> batch_norm -> ConvBN(out, kernel = 1, act = identity)
  }
}

/// Widen and narrow by ghost modules; only where the map is halved is there a depthwise filter of `kernel` taps between them. `gated`
/// multiplies the wide map by a decoupled gate.
block GhostBottleneck(x, mid, out, kernel = 3, stride = 1, se = false, ratio = 2, cheap = 3, gated = false) {
  wide = x -> GhostModule(mid, ratio = ratio, cheap = cheap)
  open = if gated { wide * (x -> DecoupledGate(mid)) } else { wide }
  small = if stride == 1 { open } else { open -> depthwise(kernel = kernel, stride = stride) -> batch_norm }
  weighed = if se { small -> GhostExcite } else { small }
  return (weighed -> GhostModule(out, ratio = ratio, cheap = cheap, act = identity)) + (x -> GhostShortcut(out, kernel = kernel, stride = stride))
}

/// RegNetX's block: pointwise, grouped 3x3, pointwise around a shortcut; groups of `group` channels.
block GroupedBottleneck(x, out, group, stride = 1) {
  y = x -> ConvBN(out, kernel = 1) -> conv(out, kernel = 3, stride = stride, groups = out / min(out, group)) -> batch_norm -> relu
        -> conv(out, kernel = 1) -> batch_norm
  return relu(y + (x -> Shortcut(out, stride = stride)))
}

/// `depth` blocks of RegNetX, the first of which halves the map.
block GroupedStage(x, out, depth, group) {
  y = x -> GroupedBottleneck(out, group, stride = 2)
  for i in 2..depth { y = y -> GroupedBottleneck(out, group) }
  return y
}

/// A stage of at least three blocks in which the inner blocks work on some channels only: the others are made from the first block's by
/// one pointwise convolution and what all inner blocks see on average.
block GhostStage(x, out, depth, group, cheap = 0.5) {
  first = x -> GroupedBottleneck(out, group, stride = 2)
  inner = floor(0.75 * group)
  kept = floor(out * (1 - cheap) / inner) * inner
  made = out - kept

  e = first -> slice(0, kept)
  seen = first -> global_pool
  for i in 3..depth {
    e = e -> GroupedBottleneck(kept, inner)
    seen = concat(seen, e -> global_pool)
  }
  mixed = seen -> dense(made, bias = false) -> batch_norm -> relu -> dense(made, bias = false) -> batch_norm
  c = relu((first -> slice(kept, made) -> ConvBN(made, kernel = 1, act = identity)) + mixed)
  return concat(e, c) -> GroupedBottleneck(out, group)
}

/// ResNet-50's block in which every convolution is a ghost module, that of the shortcut too.
block GhostResidual(x, out, planes, stride = 1, ratio = 2, cheap = 3) {
  y = x -> GhostModule(planes, ratio = ratio, cheap = cheap)
        -> GhostModule(planes, kernel = 3, stride = stride, ratio = ratio, cheap = cheap)
        -> GhostModule(out, ratio = ratio, cheap = cheap, act = identity)
  short = if stride == 1 and channels(x) == out { x } else { x -> GhostModule(out, stride = stride, ratio = ratio, cheap = cheap, act = identity) }
  return relu(y + short)
}
