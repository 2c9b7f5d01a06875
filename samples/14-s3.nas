// S3 (Chen et al., "Searching the Search Space of Vision Transformer", NeurIPS 2021; also AutoFormerV2): transformers in four stages whose
// blocks attend inside windows with learned positions; depth and width of each stage, window, heads and perceptron of each block are
// searched. The lists of the paper's spaces stand only in a figure: the lists here are ours, one step around a known network of the same
// form, wide enough to hold the three published networks. Queries, keys and values have 32 channels per head and are three tensors, so
// that a network of fewer heads reads the leading heads of each. The smaller window of a block has a table of positions of its own size,
// the leading rows of the larger one. Differences: windows of odd blocks are not shifted (the published ones roll the map by half a
// window and mask what does not meet), which changes neither parameters nor products.
// Still to come: shifted windows, the evolution of the space itself, steps of four networks at once, and the plain transformers of
// AutoFormer with positions in two directions behind a class token.
// -D SIDE=32 -D WINDOW=1 -D WIDTH=16 -D HEAD=8 -D STEP=8 -D DEEP=0 is small enough to train in passing.

const SIDE = 224
const CHANNELS = 3
const CLASSES = 1000
const WIDTH = 96
const HEAD = 32
/// Side of the smaller windows, and of the map of the last stage.
const WINDOW = 7
const DROP = 0.1
/// Between neighbouring widths of a stage.
const STEP = 32
/// 0: the third stage has one or two blocks.
const DEEP = 1

/// A map in windows as heads: [windows, heads, pixels of a window, channels of a head].
block WindowsOf(x, window, heads) {
  rows = height(x) / window
  columns = width(x) / window
  size = channels(x) / heads
  return x -> reshape([rows, window, columns, window, heads, size]) -> transpose([0, 2, 4, 1, 3, 5]) -> reshape([rows * columns, heads, window * window, size])
}

/// The reverse of `WindowsOf`.
block MapOf(x, window, rows, columns, heads, size) {
  return x -> reshape([rows, columns, heads, window, window, size]) -> transpose([0, 3, 1, 4, 2, 5]) -> reshape([rows * window, columns * window, heads * size])
}

/// Softmax attention in windows, its scores offset by a learned number per head and distance.
block WindowAttention(x, window, heads) {
  q = x -> dense(HEAD * heads) -> WindowsOf(window, heads)
  k = x -> dense(HEAD * heads) -> WindowsOf(window, heads)
  v = x -> dense(HEAD * heads) -> WindowsOf(window, heads)
  scores = matmul(q, k, transposed = true) * HEAD ^ -0.5
  pixels = window * window
  none_yet = scores -> slice(0, 1, axis = 0) -> reshape([heads, pixels, pixels]) -> scale(0)
  bias = none_yet -> position_bias([window, window], signed = true) -> reshape([1, heads, pixels, pixels])
  known = scores + bias
  mixed = matmul(known -> softmax, v)
  return mixed -> MapOf(window, height(x) / window, width(x) / window, heads, HEAD) -> dense(channels(x))
}
/// A block; attention in windows, and a perceptron.
block Layer(x, window, heads, ratio, drop) {
  y = x + (x -> layer_norm -> WindowAttention(window, heads) -> drop_path(drop))
  return y + (y -> layer_norm -> dense(round(channels(x) * ratio)) -> gelu -> dense(channels(x)) -> drop_path(drop))
}

/// Between stages: each 2x2 pixels become one.
block Merge(x, width) { return x -> patches(2) -> layer_norm -> dense(width, bias = false) -> to_map }

/// Ours: three widths and depths of a stage, and two windows, three numbers of heads and three ratios of each block.
space S3 {
  input image: f32[SIDE, SIDE, CHANNELS]

  x = image
  for stage in 1..4 {
    embed = choose { narrow: -1, usual: 0, wide: 1 }
    width = WIDTH * 2 ^ (stage - 1) + STEP * embed
    x = if stage == 1 { x -> conv(width, kernel = 4, stride = 4, bias = true) -> layer_norm } else { x -> Merge(width) }
    depth = if stage == 3 { choose deep { 5, 6, 7, 17, 18, 19, 29, 30 } } else { choose depth { 1, 2, 3 } }
    for i in 1..(if stage == 3 and DEEP == 0 { depth % 2 + 1 } else { depth }) {
      window = choose { small: WINDOW, large: 2 * WINDOW if height(x) > WINDOW }
      heads = choose { fewer: -1, usual: 0, more: 1 }
      ratio = choose { 3.5, 4, 4.5 }
      x = x -> Layer(window, 3 * 2 ^ (stage - 1) + heads, ratio, DROP)
    }
  }
  output classes = x -> layer_norm -> global_pool -> dense(CLASSES)
}

accelerator Server {
  technology 45nm   clock 1GHz
  memory dram   { width 256bit }
  memory buffer { size 4MB  width 512bit }
  chunk mac { array 32 x 32  runs conv, dense, matmul  dataflow weight_stationary  precision fp16 }
}

search Main {
  space S3   on Server
  seed 1
  data cifar10 { validation 5000 }
  supernet {
    epochs 10   batch 64   label_smoothing 0.1
    optimizer adamw { rate 0.001  weight_decay 0.05  schedule cosine  warmup 1 }
    judge 1000
  }
  explore evolution { population 50  generations 20  parents 10 }
  maximize accuracy
  subject to params <= 30M
}

// The published networks.
architecture T of S3 { embed[*] = usual  depth[1] = 2  depth[2] = 2  depth[4] = 2  deep[3] = 6  heads[*] = usual  ratio[*] = 4  window[1][*] = small  window[2][*] = small  window[3][*] = large  window[4][*] = small }
architecture S of S3 { embed[*] = usual  depth[1] = 2  depth[2] = 2  depth[4] = 2  deep[3] = 18  heads[*] = usual  ratio[*] = 4  window[1][*] = large  window[2][*] = large  window[3][*] = large  window[4][*] = small }
architecture B of S3 { embed[*] = usual  depth[1] = 2  depth[2] = 2  depth[4] = 2  deep[3] = 30  heads[*] = usual  ratio[*] = 4  window[1][*] = small  window[2][*] = small  window[3][*] = large  window[4][*] = small }
