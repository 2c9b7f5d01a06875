// Backbones for detectors, written in the language itself (Sun et al., "MAE-DET", ICML 2022):
//   import { SuperBlock, Backbone } from "std/detection"
// A backbone is a list of super-blocks; a detector reads the maps before each halving.

import { ConvBN } from "std/blocks"

/// Pointwise, `kernel` x `kernel` at the width of the neck, pointwise (ResK1KXK1). A block that `opens` its super-block has a projection
/// in its shortcut, and halves the map by a mean there where it does.
block NeckBlock(x, out, neck, kernel = 3, stride = 1, opens = false) {
  y = x -> ConvBN(neck, kernel = 1) -> ConvBN(neck, kernel = kernel, stride = stride) -> conv(out, kernel = 1) -> batch_norm
  pooled = if stride == 1 { x } else { x -> average_pool(2, stride = 2) }
  short = if opens { pooled -> ConvBN(out, kernel = 1, act = identity) } else { pooled }
  return relu(y + short)
}

/// `layers` blocks of one width and kernel; the first may halve the map.
block SuperBlock(x, out, neck, kernel = 3, layers = 1, stride = 2) {
  y = x -> NeckBlock(out, neck, kernel = kernel, stride = stride, opens = true)
  for i in 2..layers { y = y -> NeckBlock(out, neck, kernel = kernel) }
  return y
}
