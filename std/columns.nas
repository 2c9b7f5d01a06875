// Columns of levels, after RevCol (Cai et al., "Reversible Column Networks", ICLR 2023), written in the language itself:
//   import { Column } from "std/columns"
// Each column reads the stem anew; a level reads the one below it in its own column and the one above it in the column before, and adds a
// scaled copy of itself there. That makes a column's input computable from its output, which `reversible` has checked; training keeps its
// activations all the same, for now.

/// Depthwise, normalise, widen, narrow, scale channel by channel, around a shortcut (ConvNeXt).
block ConvNextBlock(x, kernel = 3, ratio = 4, drop = 0, scaled = 0.000001) {
  wide = x -> depthwise(kernel = kernel, bias = true) -> layer_norm(epsilon = 0.000001) -> dense(channels(x) * ratio) -> gelu
  return x + (wide -> dense(channels(x)) -> scale(scaled, learned = true) -> drop_path(drop))
}

/// Halves the map without overlap, and normalises every pixel.
block LevelDown(x, out) {
  return x -> conv(out, kernel = 2, stride = 2, padding = valid, bias = true) -> layer_norm(epsilon = 0.000001)
}

/// Sets the width, normalises every pixel, and repeats it.
block LevelUp(x, out, factor = 2) {
  return x -> dense(out) -> layer_norm(epsilon = 0.000001) -> upsample(factor)
}

/// Four levels of widths C, 2C, 4C, 8C over the stem `x`; `previous` are the levels of the column before, or an empty list. `depths` are the
/// blocks of each level, `drop` the last block's rate in a ramp over the column. With `top`, the lowest level also reads the highest.
block Column(x, previous, depths, kernel = 3, drop = 0, top = false) reversible {
  width = channels(x)
  first = length(previous) == 0
  last = max(1, sum(depths) - 1)
  levels = []
  before = 0
  for l in 0..3 {
    below = if l == 0 { x } else { levels[l - 1] -> LevelDown(width * 2 ^ l) }
    above = if first or l == 3 { below } else { below + (previous[l + 1] -> LevelUp(width * 2 ^ l)) }
    y = if first or l > 0 { above } else { if top { above + (previous[3] -> LevelUp(width, factor = 8)) } else { above } }
    for i in 1..depths[l] { y = y -> ConvNextBlock(kernel = kernel, drop = drop * (before + i - 1) / last) }
    before = before + depths[l]
    carried = if first { y -> zero } else { previous[l] }
    levels = levels + [y + (carried -> scale(0.5, learned = true))]
  }
  return levels
}

/// An image out of the highest level of a column, for supervision while training: three steps up, then pixels out of channels.
block ColumnDecoder(x, side = 4, colours = 3) {
  for step in 1..3 {
    x = x -> conv(channels(x) / 2, kernel = 1, bias = true) -> layer_norm(epsilon = 0.000001) -> gelu -> upsample(2, method = bilinear) -> ConvNextBlock(ratio = 1)
  }
  rows = height(x)
  columns = width(x)
  return x -> conv(colours * side ^ 2, kernel = 1, bias = true)
        -> reshape([rows, columns, colours, side, side]) -> transpose([0, 3, 1, 4, 2]) -> reshape([rows * side, columns * side, colours])
}

/// Class scores of a map that is normalised after its mean.
block PooledClassifier(x, classes) {
  return x -> global_pool -> layer_norm(epsilon = 0.000001) -> dense(classes)
}
