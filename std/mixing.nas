// One frame around any way of mixing positions, written in the language itself (Zhao et al., "A Battle of Network Structures", 2021):
//   import { MixingBlock, TokenMLP } from "std/mixing"
// Everything but the mixer is the same for convolution, attention and multilayer perceptron, so that they can be compared and chosen.

import { ConvBN, MLP } from "std/blocks"

/// Two dense layers over the positions of a map, `ratio` times as many in between, the same for all channels. Knows one size of map.
block TokenMLP(x, ratio = 0.5) {
  positions = tokens(x)
  return x -> reshape([positions, channels(x)]) -> transpose([1, 0])
        -> dense(max(1, floor(positions * ratio))) -> gelu -> dense(positions)
        -> transpose([1, 0]) -> reshape(shape(x))
}

/// Mixes positions, then channels, each beside a shortcut. A depthwise convolution of the input as it came is always there; `mixer` 1 adds
/// attention, 2 a multilayer perceptron over positions, 0 nothing. Where `shared`, all blocks of one `group` (a number) have one mixer.
block MixingBlock(x, mixer = 0, heads = 1, ratio = 2, shared = false, group = 0, drop = 0) {
  local = x -> depthwise(kernel = 3, bias = true)
  mixed = if mixer == 0 { x } else {
    x + (x -> layer_norm(epsilon = 0.000001) -> Mixer(mixer, heads, shared, group) -> scale(0.0001, learned = true) -> drop_path(drop))
  }
  u = mixed + local
  return u + (u -> layer_norm(epsilon = 0.000001) -> MLP(ratio = ratio) -> drop_path(drop))
}

block Mixer(x, mixer, heads, shared = false, group = 0) {
  return if mixer == 1 {
    if shared { x -> attention(heads = heads) weights attending[group] } else { x -> attention(heads = heads) }
  } else {
    if shared { x -> TokenMLP weights perceiving[group] } else { x -> TokenMLP }
  }
}

/// An image in patches of `size` pixels as a map of `width` channels, normalised pixel by pixel; `deep` puts three convolutions of 64
/// channels at half the resolution before it.
block PatchStem(x, width, size, deep = false) {
  patched = if deep {
    x -> ConvBN(64, kernel = 7, stride = 2) -> ConvBN(64) -> ConvBN(64) -> conv(width, kernel = size / 2, stride = size / 2, padding = valid, bias = true)
  } else {
    x -> conv(width, kernel = size, stride = size, padding = valid, bias = true)
  }
  return patched -> layer_norm(epsilon = 0.000001)
}

/// Halves the map by a convolution without overlap, and normalises over all of it at once, not pixel by pixel.
block PatchMerging(x, width) {
  return x -> conv(width, kernel = 2, stride = 2, padding = valid) -> group_norm(groups = 1)
}

/// Class scores of a map that is normalised first.
block NormedClassifier(x, classes, epsilon = 0.000001) {
  return x -> layer_norm(epsilon = epsilon) -> global_pool -> dense(classes)
}
