// S3 (Chen et al., "Searching the Search Space of Vision Transformer", NeurIPS 2021; also AutoFormerV2): transformers in four stages whose
// blocks attend inside windows with learned positions; depth and width of each stage, window, heads and perceptron of each block are
// searched. The lists of the paper's spaces stand only in a figure: the lists here are ours, one step around a known network of the same
// form, wide enough to hold the three published networks. Queries, keys and values have 32 channels per head and are three tensors, so
// that a network of fewer heads reads the leading heads of each. The smaller window of a block has a table of positions of its own size,
// the leading rows of the larger one. Differences: windows of odd blocks are not shifted (the published ones roll the map by half a
// window and mask what does not meet), which changes neither parameters nor products.
// Beside it the three plain spaces of AutoFormer (Chen et al., ICCV 2021), whose supernets and search S3 builds on: attention of 64 channels
// a head, positions in two directions, classes from the mean of the patches. The released networks S and B are members of their spaces; T
// is not: three of its ratios are in no list, so it has a space of its own. The released supernets store 256 and 640 channels, wider than
// any network that was sampled. In their published networks the lists of heads and ratios are recalled for S and B; their sums, on which
// every count depends, follow from the stated parameters.
// Still to come: shifted windows, the evolution of the space itself, steps of four networks at once.
// -D SIDE=32 -D WINDOW=1 -D WIDTH=16 -D HEAD=8 -D STEP=8 -D DEEP=0 -D PLAIN_HEAD=4 is small enough to train in passing.

import { HeadsOf } from "std/transformers"

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
/// AutoFormer's patches, and channels of its heads.
const PATCH = 16
const PLAIN_HEAD = 64

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

/// Attention with learned vectors of the distances in rows and columns, for keys and for values; AutoFormer's.
block PlainAttention(x, heads) {
  size = PLAIN_HEAD * heads
  side = SIDE / PATCH
  q = x -> dense(size) -> HeadsOf(heads)
  k = x -> dense(size) -> HeadsOf(heads)
  v = x -> dense(size) -> HeadsOf(heads)
  scores = (matmul(q, k, transposed = true) + (q -> map_scores([side, side]))) * PLAIN_HEAD ^ -0.5
  shares = scores -> softmax
  mixed = matmul(shares, v) + (shares -> map_values(PLAIN_HEAD, [side, side]))
  return mixed -> transpose([1, 0, 2]) -> reshape([tokens(x), size]) -> dense(channels(x))
}
block PlainLayer(x, heads, ratio) {
  y = x + (x -> layer_norm -> PlainAttention(heads) -> drop_path(DROP))
  return y + (y -> layer_norm -> dense(round(channels(x) * ratio)) -> gelu -> dense(channels(x)) -> drop_path(DROP))
}
block PlainStem(image, embed) { return image -> patches(PATCH) -> dense(embed) -> class_token -> position_embedding }
/// The mean of the patches says the class.
block PlainClasses(x) { return x -> layer_norm -> slice(1, axis = 0) -> global_pool -> dense(CLASSES) }

space AutoFormer_T {
  input image: f32[SIDE, SIDE, CHANNELS]

  embed = choose { 192, 216, 240 }
  depth = choose 12..14
  x = image -> PlainStem(embed)
  for i in 1..depth { x = x -> PlainLayer(choose heads { 3, 4 }, choose ratio { 3.5, 4 }) }
  output classes = PlainClasses(x)
}
space AutoFormer_S {
  input image: f32[SIDE, SIDE, CHANNELS]

  embed = choose { 320, 384, 448 }
  depth = choose 12..14
  x = image -> PlainStem(embed)
  for i in 1..depth { x = x -> PlainLayer(choose heads { 5, 6, 7 }, choose ratio { 3, 3.5, 4 }) }
  output classes = PlainClasses(x)
}
space AutoFormer_B {
  input image: f32[SIDE, SIDE, CHANNELS]

  embed = choose { 528, 576, 624 }
  depth = choose 14..16
  x = image -> PlainStem(embed)
  for i in 1..depth { x = x -> PlainLayer(choose heads { 9, 10 }, choose ratio { 3, 3.5, 4 }) }
  output classes = PlainClasses(x)
}
/// The released network T, whose lists are not those of its space.
space AutoFormer_T_Released {
  input image: f32[SIDE, SIDE, CHANNELS]

  x = image -> PlainStem(192)
  for i in 1..13 { x = x -> PlainLayer(choose heads { 3, 4 }, choose ratio { 3, 3.5, 4 }) }
  output classes = PlainClasses(x)
}
/// What the released supernets store.
space AutoFormer_Stored {
  input image: f32[SIDE, SIDE, CHANNELS]

  size = choose { T: 0, S: 1, B: 2 }
  x = image -> PlainStem([256, 448, 640][size])
  for i in 1..[14, 14, 16][size] { x = x -> PlainLayer([4, 7, 10][size], 4) }
  output classes = PlainClasses(x)
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

// AutoFormer's, and its supernets.
architecture AutoFormer_T_Net of AutoFormer_T_Released {
  heads[1] = 3  ratio[1] = 3.5   heads[2] = 3  ratio[2] = 3.5   heads[3] = 3  ratio[3] = 3   heads[4] = 3  ratio[4] = 3.5   heads[5] = 3  ratio[5] = 3
  heads[6] = 3  ratio[6] = 3   heads[7] = 3  ratio[7] = 4   heads[8] = 3  ratio[8] = 4   heads[9] = 3  ratio[9] = 3.5   heads[10] = 3  ratio[10] = 4
  heads[11] = 4  ratio[11] = 3.5   heads[12] = 3  ratio[12] = 4   heads[13] = 3  ratio[13] = 3.5
}
architecture AutoFormer_S_Net of AutoFormer_S {
  embed = 384   depth = 13
  heads[1] = 6  ratio[1] = 3   heads[2] = 6  ratio[2] = 3.5   heads[3] = 5  ratio[3] = 3   heads[4] = 7  ratio[4] = 3.5   heads[5] = 5  ratio[5] = 4
  heads[6] = 5  ratio[6] = 4   heads[7] = 5  ratio[7] = 4   heads[8] = 6  ratio[8] = 4   heads[9] = 6  ratio[9] = 4   heads[10] = 7  ratio[10] = 4
  heads[11] = 7  ratio[11] = 4   heads[12] = 6  ratio[12] = 3.5   heads[13] = 7  ratio[13] = 4
}
architecture AutoFormer_B_Net of AutoFormer_B {
  embed = 576   depth = 14
  heads[1] = 9  ratio[1] = 3.5   heads[2] = 9  ratio[2] = 3.5   heads[3] = 9  ratio[3] = 4   heads[4] = 9  ratio[4] = 3.5   heads[5] = 9  ratio[5] = 4
  heads[6] = 10  ratio[6] = 3.5   heads[7] = 9  ratio[7] = 3.5   heads[8] = 9  ratio[8] = 3   heads[9] = 10  ratio[9] = 4   heads[10] = 9  ratio[10] = 4
  heads[11] = 10  ratio[11] = 3   heads[12] = 9  ratio[12] = 4   heads[13] = 9  ratio[13] = 3   heads[14] = 10  ratio[14] = 3.5
}
architecture AutoFormer_T_Stored of AutoFormer_Stored { size = T }
architecture AutoFormer_S_Stored of AutoFormer_Stored { size = S }
architecture AutoFormer_B_Stored of AutoFormer_Stored { size = B }
