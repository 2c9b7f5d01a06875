// Single Path One-Shot (Guo, Zhang, Mu, Heng, Liu, Wei, Sun, ECCV 2020): twenty layers of four ShuffleNet units each, and the same with the
// width inside each unit to choose. As published, with these differences: the supernet's batch norms are affine too (the authors' are only
// in the retrained network, and so are the counted ones), `same` padding puts an odd zero to the bottom and right. Mixed precision is that of
// the paper, recalled: its code was not published; a block's bits are one pair, one tensor of floating-point weights serves all pairs.
// -D SIDE=32 -D COLOURS=1 -D CLASSES=10 -D WIDTH=16 is small enough to train in passing.

import { ConvBN } from "std/blocks"
import { ShuffleUnit, XceptionUnit } from "std/shuffle"

const SIDE = 224
const COLOURS = 3
const CLASSES = 1000
/// Channels of the first stage; the others have 2.5, 5 and 10 times as many.
const WIDTH = 64

/// One unit of four kinds; `scale` is its inner width, relative to half of `out`.
block Unit(x, out, stride, scale) {
  mid = floor(out / 2 * scale)
  return x -> choose unit {
    k3:       ShuffleUnit(out, mid, kernel = 3, stride = stride)
    k5:       ShuffleUnit(out, mid, kernel = 5, stride = stride)
    k7:       ShuffleUnit(out, mid, kernel = 7, stride = stride)
    xception: XceptionUnit(out, mid, stride = stride)
  }
}

/// Where layer k of the twenty stands: its stage, and whether it is the first of it.
block StageOf(k) {
  return if k <= 4 { 0 } else if k <= 8 { 1 } else if k <= 16 { 2 } else { 3 }
}
block StrideOf(k) {
  return if k == 1 or k == 5 or k == 9 or k == 17 { 2 } else { 1 }
}

block Classify(x) {
  return x -> ConvBN(16 * WIDTH, kernel = 1) -> global_pool -> dropout(0.1) -> dense(CLASSES, bias = false)
}

/// Only the kind of each unit is chosen.
space SinglePath {
  input image: f32[SIDE, SIDE, COLOURS]

  x = image -> ConvBN(WIDTH / 4, kernel = 3, stride = 2)
  for k in 1..20 {
    x = x -> Unit(WIDTH * [1, 2.5, 5, 10][StageOf(k)], StrideOf(k), 1)
  }
  output classes = x -> Classify
}

/// Kind and inner width of each unit are chosen; narrower units read the leading channels of the widest.
space SinglePathChannels {
  input image: f32[SIDE, SIDE, COLOURS]

  x = image -> ConvBN(WIDTH / 4, kernel = 3, stride = 2)
  for k in 1..20 {
    x = x -> Unit(WIDTH * [1, 2.5, 5, 10][StageOf(k)], StrideOf(k), choose scale { 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6 })
  }
  output classes = x -> Classify
}

/// ResNet's block; both convolutions at one pair of bits, and so is the shortcut that changes shape.
block ResidualBlock(x, out, stride, precision) {
  short = if stride == 1 and channels(x) == out { x } else { x -> conv(out, kernel = 1, stride = stride, bias = false, precision = precision) -> batch_norm }
  y = x -> conv(out, kernel = 3, stride = stride, bias = false, precision = precision) -> batch_norm -> relu
  return relu(short + (y -> conv(out, kernel = 3, bias = false, precision = precision) -> batch_norm))
}

/// ResNet-18, in which each block chooses bits of weights and activations together.
space MixedPrecision {
  input image: f32[SIDE, SIDE, COLOURS]

  x = image -> ConvBN(WIDTH, kernel = 7, stride = 2) -> max_pool(3, stride = 2)
  for k in 1..8 {
    stage = floor((k - 1) / 2)
    bits = choose bits { w1a2: [1, 2], w2a2: [2, 2], w1a4: [1, 4], w2a4: [2, 4], w3a4: [3, 4], w4a4: [4, 4] }
    x = x -> ResidualBlock(WIDTH * 2 ^ stage, if k > 1 and k % 2 == 1 { 2 } else { 1 }, quantized(weights = bits[0], activations = bits[1]))
  }
  output classes = x -> global_pool -> dense(CLASSES)
}

accelerator Phone {
  technology 45nm   clock 1GHz
  memory dram   { width 64bit }
  memory buffer { size 512KB  width 128bit }
  chunk mac { array 16 x 16  runs conv, depthwise, dense  dataflow weight_stationary  precision fp16 }
}

// The published loop: 20 generations of 50, parents are the best 10, at most 330 million multiply-accumulates.
search Main {
  space SinglePath   on Phone
  seed 0
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64   label_smoothing 0.1
    optimizer sgd { rate 0.1  momentum 0.9  weight_decay 0.00004  schedule linear }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, macs }
  explore evolution { population 50  generations 20  parents 10 }
  maximize accuracy
  minimize macs
  subject to macs <= 330M
}

/// The authors' search results, by kinds alone and with widths, and the four networks of one kind.
architecture Searched of SinglePath {
  unit[1] = k7  unit[2] = k5  unit[3] = k3  unit[4] = k5
  unit[5] = k7  unit[6] = k3  unit[7] = k7  unit[8] = k3
  unit[9] = k7  unit[10] = k3  unit[11] = k7  unit[12] = xception  unit[13] = k3  unit[14] = k3  unit[15] = k3  unit[16] = k3
  unit[17] = xception  unit[18] = k7  unit[19] = xception  unit[20] = xception
}
architecture SearchedChannels of SinglePathChannels {
  unit[1] = k3  unit[2] = k3  unit[3] = xception  unit[4] = k5
  unit[5] = k5  unit[6] = k5  unit[7] = k3  unit[8] = k3
  unit[9] = k7  unit[10] = k3  unit[11] = k7  unit[12] = k5  unit[13] = k5  unit[14] = k3  unit[15] = k7  unit[16] = k3
  unit[17] = k7  unit[18] = k5  unit[19] = xception  unit[20] = k7
  scale[1] = 1.4  scale[2] = 1.2  scale[3] = 0.8  scale[4] = 1.2
  scale[5] = 0.6  scale[6] = 1.4  scale[7] = 0.8  scale[8] = 1
  scale[9] = 0.6  scale[10] = 1.2  scale[11] = 1.6  scale[12] = 1.2  scale[13] = 1  scale[14] = 1.4  scale[15] = 1.6  scale[16] = 1
  scale[17] = 1  scale[18] = 1.2  scale[19] = 1  scale[20] = 0.8
}
architecture AllK3 of SinglePath { unit[*] = k3 }
architecture AllK5 of SinglePath { unit[*] = k5 }
architecture AllK7 of SinglePath { unit[*] = k7 }
architecture AllXception of SinglePath { unit[*] = xception }

/// Accuracy against bit operations: multiply-adds times bits of weights times bits of activations.
search Bits {
  space MixedPrecision   on Phone
  seed 0
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64   label_smoothing 0.1
    optimizer sgd { rate 0.1  momentum 0.9  weight_decay 0.00004  schedule linear }
  }
  explore evolution { population 50  generations 20  parents 10 }
  maximize accuracy
  minimize bitops
}

/// The same bits throughout: what mixed ones are measured against.
architecture FourBits of MixedPrecision { bits[*] = w4a4 }
architecture TwoBits of MixedPrecision { bits[*] = w2a2 }
