// ViTAS (Su et al., "ViTAS: Vision Transformer Architecture Search", ECCV 2022; the published code is that of its first version, 2021):
// plain vision transformers whose patches, width, depth, heads and inner widths are searched for a band of work. All sizes of patches have
// a stem of their own; in a block every number of heads has queries and keys of its own, while values, projection and perceptron belong
// to all. Blocks that the published code leaves out one by one are left out at the end here, so that one network has one name. Widths are
// tenths of the widest. Attention is scaled as in the published supernet; its loss of positions (one embedding for all tokens) is not here.
// Narrower networks take both ends of the channels at once, as in that code; `share cyclic` and `share chained` are the two readings of the
// second version's sharing in a ring. Still to come: judging by both ends (here it is the leading one), and the probability of leaving out
// that meets a budget. The Twins space of the second version was never published. The search is the one of twelve equal blocks; another
// space is searched by its name, with the band of its networks.
// -D AS_COUNTED=true has the work that the published code counts, which it searches by: the classifier once for each patch.
// -D SIDE=32 -D FINE=8 -D MIDDLE=16 -D COARSE=32 -D BASE=40 -D BASE_F=40 -D LEAST=0 is small enough to train in passing.

import { HeadsOf } from "std/transformers"

const SIDE = 224
const CHANNELS = 3
const CLASSES = 1000
/// Pixels of a patch.
const FINE = 14
const MIDDLE = 16
const COARSE = 32
/// The widest tokens, and the widest inside of a block: queries, keys and values together, or the hidden layer.
const BASE = 384
const INNER = 1440
const BASE_F = 768
const INNER_F = 2880
const DROP = 0
/// As the published code counts work: no class token, and the classifier for every patch.
const AS_COUNTED = false
/// The band of work that is searched.
const LEAST = 1200M
const MOST = 1350M

/// Queries or keys: numbers of heads share nothing.
block ByHeads(x, heads, size) {
  return if heads == 3 { x -> dense(size) } else if heads == 6 { x -> dense(size) } else if heads == 12 { x -> dense(size) } else { x -> dense(size) }
}

/// Attention with `size` channels of queries, keys and values each, whatever the width of the tokens.
block Mix(x, heads, size, base) {
  q = x -> ByHeads(heads, size) -> HeadsOf(heads)
  k = x -> ByHeads(heads, size) -> HeadsOf(heads)
  v = x -> dense(size) -> HeadsOf(heads)
  scores = matmul(q, k, transposed = true) * (base / 3) ^ -0.5
  mixed = matmul(scores -> softmax, v)
  return mixed -> transpose([1, 0, 2]) -> reshape([tokens(x), size]) -> dense(channels(x))
}

/// A block; `attend` channels of queries, keys and values together, `hidden` of the perceptron.
block Encoder(x, heads, attend, hidden, base, drop = 0) {
  y = x + (x -> layer_norm(epsilon = 0.000001) -> Mix(heads, attend / 3, base) -> drop_path(drop))
  return y + (y -> layer_norm(epsilon = 0.000001) -> dense(hidden) -> gelu -> dense(channels(x)) -> drop_path(drop))
}

block Stem(image, size, width) {
  x = image -> patches(size) -> dense(width)
  return if AS_COUNTED { x } else { x -> class_token(deviation = 0) -> position_embedding(deviation = 0) }
}

/// Patches of one of three sizes, each with weights of its own.
block Tokens(image, width) {
  return image -> choose patch {
    fine:   Stem(FINE, width)
    middle: Stem(MIDDLE, width)
    coarse: Stem(COARSE, width)
  }
}

/// The class token says the class.
block Classes(x) {
  return if AS_COUNTED { x -> layer_norm -> dense(CLASSES) -> global_pool } else { x -> slice(0, 1, axis = 0) -> layer_norm -> global_pool -> dense(CLASSES) }
}

/// Up to sixteen blocks, 0.7 to 2.7 G of work: 30 (400^0 + ... + 400^16) networks.
space ViTAS {
  share both_ends
  input image: f32[SIDE, SIDE, CHANNELS]

  embedding = choose 1..10
  depth = choose 0..16
  x = image -> Tokens(round(BASE * embedding / 10))
  for i in 1..depth {
    heads = choose { 3, 6, 12, 16 }
    attend = choose 1..10
    hidden = choose 1..10
    x = x -> Encoder(heads, INNER * attend / 10, INNER * hidden / 10, BASE, drop = DROP * (i - 1) / 15)
  }
  output classes = Classes(x)
}

/// Thirteen blocks of twice the width, none left out, 4.9 G of work.
space ViTAS_Large {
  share both_ends
  input image: f32[SIDE, SIDE, CHANNELS]

  embedding = choose 1..10
  x = image -> Tokens(round(BASE_F * embedding / 10))
  for i in 1..13 {
    heads = choose { 3, 6, 12, 16 }
    attend = choose 1..10
    hidden = choose 1..10
    x = x -> Encoder(heads, INNER_F * attend / 10, INNER_F * hidden / 10, BASE_F, drop = DROP * (i - 1) / 12)
  }
  output classes = Classes(x)
}

/// Twelve blocks that are all alike.
space Cells {
  share both_ends
  input image: f32[SIDE, SIDE, CHANNELS]

  embedding = choose 1..10
  heads = choose { 3, 6, 12, 16 }
  attend = choose 1..10
  hidden = choose 1..10
  x = image -> Stem(MIDDLE, round(BASE * embedding / 10))
  for i in 1..12 { x = x -> Encoder(heads, INNER * attend / 10, INNER * hidden / 10, BASE, drop = DROP * (i - 1) / 11) }
  output classes = Classes(x)
}

/// Heads and depth alone: (4^17 - 1) / 3 = 5,726,623,061 networks in the place of 5^16 sequences with blocks left out anywhere.
space Operators {
  input image: f32[SIDE, SIDE, CHANNELS]

  depth = choose 0..16
  x = image -> Stem(MIDDLE, BASE)
  for i in 1..depth { x = x -> Encoder(choose heads { 3, 6, 12, 16 }, INNER, INNER, BASE) }
  output classes = Classes(x)
}

/// What ViTAS is compared with (Touvron et al., DeiT, ICML 2021).
space DeiT {
  input image: f32[SIDE, SIDE, CHANNELS]

  heads = choose size { tiny: 3, small: 6 }
  width = 64 * heads
  x = image -> Stem(MIDDLE, width)
  for i in 1..12 { x = x -> Encoder(heads, 3 * width, 4 * width, 192) }
  output classes = Classes(x)
}

accelerator Server {
  technology 45nm   clock 1GHz
  memory dram   { width 256bit }
  memory buffer { size 4MB  width 512bit }
  chunk mac { array 32 x 32  runs conv, dense, matmul  dataflow weight_stationary  precision fp16 }
}

search Main {
  space Cells   on Server
  seed 1
  data cifar10 { validation 5000 }
  supernet {
    epochs 10   batch 64   label_smoothing 0.1
    optimizer adamw { rate 0.001  weight_decay 0.05  schedule cosine  warmup 1 }
    judge 1000
  }
  explore evolution { population 50  generations 40 }
  maximize accuracy
  subject to macs >= LEAST, macs <= MOST
}

// The searched networks, decoded from the configurations of the published code.
architecture A of ViTAS {
  patch = middle   embedding = 4   depth = 7
  heads[1] = 12   attend[1] = 2    hidden[1] = 7
  heads[2] = 16   attend[2] = 5    hidden[2] = 4
  heads[3] = 6    attend[3] = 2    hidden[3] = 9
  heads[4] = 16   attend[4] = 7    hidden[4] = 5
  heads[5] = 16   attend[5] = 8    hidden[5] = 7
  heads[6] = 16   attend[6] = 6    hidden[6] = 8
  heads[7] = 16   attend[7] = 10   hidden[7] = 9
}
architecture B of ViTAS {
  patch = middle   embedding = 5   depth = 8
  heads[1] = 16   attend[1] = 2   hidden[1] = 6
  heads[2] = 16   attend[2] = 3   hidden[2] = 4
  heads[3] = 16   attend[3] = 3   hidden[3] = 7
  heads[4] = 12   attend[4] = 8   hidden[4] = 6
  heads[5] = 12   attend[5] = 7   hidden[5] = 5
  heads[6] = 12   attend[6] = 6   hidden[6] = 4
  heads[7] = 16   attend[7] = 3   hidden[7] = 9
  heads[8] = 6    attend[8] = 6   hidden[8] = 6
}
architecture C of Cells { embedding = 6  heads = 3  attend = 3  hidden = 5 }
architecture E of ViTAS {
  patch = middle   embedding = 9   depth = 11
  heads[1] = 16   attend[1] = 5    hidden[1] = 5
  heads[2] = 16   attend[2] = 7    hidden[2] = 6
  heads[3] = 16   attend[3] = 6    hidden[3] = 7
  heads[4] = 6    attend[4] = 6    hidden[4] = 7
  heads[5] = 3    attend[5] = 4    hidden[5] = 5
  heads[6] = 12   attend[6] = 9    hidden[6] = 9
  heads[7] = 6    attend[7] = 9    hidden[7] = 8
  heads[8] = 12   attend[8] = 5    hidden[8] = 1
  heads[9] = 12   attend[9] = 10   hidden[9] = 6
  heads[10] = 6   attend[10] = 4   hidden[10] = 7
  heads[11] = 12  attend[11] = 8   hidden[11] = 9
}
architecture F of ViTAS_Large {
  patch = middle   embedding = 4   heads[*] = 16
  attend[1] = 3   hidden[1] = 6    attend[2] = 1   hidden[2] = 8    attend[3] = 6    hidden[3] = 3    attend[4] = 4    hidden[4] = 7
  attend[5] = 7   hidden[5] = 3    attend[6] = 5   hidden[6] = 5    attend[7] = 9    hidden[7] = 8    attend[8] = 5    hidden[8] = 7
  attend[9] = 8   hidden[9] = 3    attend[10] = 7  hidden[10] = 2   attend[11] = 7   hidden[11] = 7   attend[12] = 5   hidden[12] = 8
  attend[13] = 6  hidden[13] = 8
}
architecture DeiT_Ti of DeiT { size = tiny }
architecture DeiT_S of DeiT { size = small }
