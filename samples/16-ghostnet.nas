// GhostNet and its family: C-GhostNet (Han et al., CVPR 2020), G-GhostNet for GPUs (Han et al., IJCV 2022), GhostNetV2's gate.
// Hand-made networks as points of spaces: cheap features may be turned on stage by stage. From the published code
// (Efficient-AI-Backbones), with these differences: `same` padding puts an odd zero to the bottom and right; the mean of G-Ghost's mix
// is taken before the concatenation instead of after it, which is the same number.
// nasc search -D SIDE=28 -D CHANNELS=1 -D CLASSES=10 runs on the built-in glyphs.

import { Divisible, GhostBottleneck, GhostModule, GhostResidual, GhostStage, GroupedStage } from "std/ghost"
import { ConvBN } from "std/blocks"

const SIDE = 224
const CHANNELS = 3
const CLASSES = 1000

// kernel, mid, out, squeeze-and-excitation, stride (C-GhostNet x1.0)
const BLOCKS = [
  [3, 16, 16, false, 1],
  [3, 48, 24, false, 2], [3, 72, 24, false, 1],
  [5, 72, 40, true, 2], [5, 120, 40, true, 1],
  [3, 240, 80, false, 2], [3, 200, 80, false, 1], [3, 184, 80, false, 1], [3, 184, 80, false, 1], [3, 480, 112, true, 1], [3, 672, 112, true, 1],
  [5, 672, 160, true, 2], [5, 960, 160, false, 1], [5, 960, 160, true, 1], [5, 960, 160, false, 1], [5, 960, 160, true, 1],
]

/// C-GhostNet: the ratio of cheap features, their taps, one width for all, squeeze-and-excitation block by block; a kernel only where a
/// block has one (it halves the map, or changes the width), because elsewhere there is nothing that it could change.
space GhostNet {
  input image: f32[SIDE, SIDE, CHANNELS]

  width = choose { 0.5, 1.0, 1.3 }
  ratio = choose { 2, 3, 4 }
  cheap = choose { 1, 3, 5, 7 }
  gated = choose { false, true }

  x = image -> ConvBN(Divisible(16 * width), kernel = 3, stride = 2)
  for i in 1..16 {
    row = BLOCKS[i - 1]
    narrow = if i == 1 { 16 } else { BLOCKS[max(i - 2, 0)][2] }
    kernel = if row[4] == 1 and row[2] == narrow { row[0] } else { choose { 3, 5 } }
    x = x -> GhostBottleneck(Divisible(row[1] * width), Divisible(row[2] * width), kernel = kernel, stride = row[4],
                             se = choose { false, true }, ratio = ratio, cheap = cheap, gated = if i < 3 { false } else { gated })
  }
  x = x -> ConvBN(Divisible(960 * width), kernel = 1)
  output classes = x -> global_pool -> dense(1280) -> relu -> dropout(0.2) -> dense(CLASSES)
}

// RegNetX's twelve sizes: blocks per stage, widths, channels of a group.
const DEPTHS = [
  [1, 1, 4, 7], [1, 2, 7, 12], [1, 3, 5, 7], [1, 3, 7, 5], [2, 4, 10, 2], [2, 6, 15, 2],
  [2, 5, 14, 2], [2, 4, 10, 1], [2, 5, 15, 1], [2, 5, 11, 1], [2, 6, 13, 1], [2, 7, 13, 1],
]
const WIDTHS = [
  [24, 56, 152, 368], [32, 64, 160, 384], [48, 96, 240, 528], [64, 128, 288, 672], [72, 168, 408, 912], [96, 192, 432, 1008],
  [80, 240, 560, 1360], [168, 392, 784, 1624], [80, 240, 720, 1920], [224, 448, 896, 2240], [256, 512, 896, 2048], [336, 672, 1344, 2520],
]
const GROUPS = [8, 16, 24, 16, 24, 48, 40, 56, 120, 112, 128, 168]

/// RegNetX of twelve sizes, each stage of more than two blocks plain or cheap.
space GhostRegNet {
  input image: f32[SIDE, SIDE, CHANNELS]

  size = choose { MF200: 0, MF400: 1, MF600: 2, MF800: 3, GF1_6: 4, GF3_2: 5, GF4: 6, GF6_4: 7, GF8: 8, GF12: 9, GF16: 10, GF32: 11 }
  group = GROUPS[size]
  x = image -> ConvBN(32, kernel = 3, stride = 2)
  for stage in 1..4 {
    depth = DEPTHS[size][stage - 1]
    out = WIDTHS[size][stage - 1]
    x = x -> choose style {
      plain: GroupedStage(out, depth, group)
      ghost: GhostStage(out, depth, group) if depth >= 3
    }
  }
  output classes = x -> global_pool -> dropout(0.2) -> dense(CLASSES)
}

/// ResNet-50 with ghost modules for all convolutions but the first; a ratio of 1 is ResNet-50 itself.
space GhostResNet {
  input image: f32[SIDE, SIDE, CHANNELS]

  ratio = choose { 1, 2, 4 }
  x = image -> ConvBN(64, kernel = 7, stride = 2) -> max_pool(3, stride = 2)
  for stage in 0..3 {
    for i in 1..[3, 4, 6, 3][stage] {
      x = x -> GhostResidual(256 * 2 ^ stage, 64 * 2 ^ stage, stride = if i == 1 and stage > 0 { 2 } else { 1 }, ratio = ratio)
    }
  }
  output classes = x -> global_pool -> dense(CLASSES)
}

/// VGG-16 and ResNet-56 on 32x32 images, as they stand in the paper beside ResNet-50.
space GhostSmall {
  input image: f32[32, 32, 3]

  ratio = choose { 1, 2 }
  y = image -> choose net {
    vgg16:    Vgg(ratio)
    resnet56: ResNet56(ratio)
  }
  output classes = y -> global_pool -> dense(10)
}

block Vgg(x, ratio) {
  for stage in 0..4 {
    for i in 1..[2, 2, 3, 3, 3][stage] { x = x -> GhostModule([64, 128, 256, 512, 512][stage], kernel = 3, ratio = ratio) }
    x = x -> max_pool(2)
  }
  return x
}

/// Every second pixel, and as many channels of nothing as there are (ResNet's shortcut without parameters).
block Subsampled(x) {
  kept = x -> max_pool(1, stride = 2)
  return concat(kept, kept -> zero)
}

block ResNet56(x, ratio) {
  x = x -> GhostModule(16, kernel = 3, ratio = ratio)
  for stage in 0..2 {
    for i in 1..9 {
      out = 16 * 2 ^ stage
      stride = if i == 1 and stage > 0 { 2 } else { 1 }
      y = x -> GhostModule(out, kernel = 3, stride = stride, ratio = ratio) -> GhostModule(out, kernel = 3, ratio = ratio, act = identity)
      x = relu(y + if stride == 1 { x } else { Subsampled(x) })
    }
  }
  return x
}

accelerator Phone {
  technology 45nm   clock 1GHz
  memory dram   { width 64bit }
  memory buffer { size 512KB  width 128bit }
  chunk mac { array 16 x 16  runs conv, depthwise, dense  dataflow weight_stationary  precision fp16 }
}

search Main {
  space GhostNet   on Phone
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64   label_smoothing 0.05
    optimizer sgd { rate 0.08  momentum 0.9  weight_decay 0.0001  schedule cosine  warmup 0.5 }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, macs }
  explore evolution { population 12  generations 4 }
  maximize accuracy
  minimize latency, params
}

search Regular {
  space GhostRegNet   on Phone
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64
    optimizer sgd { rate 0.05  momentum 0.9  weight_decay 0.0001  schedule cosine  warmup 0.5 }
    recalibration 512   judge 1000
  }
  explore evolution { population 12  generations 4 }
  maximize accuracy
  minimize latency
}

// The published networks: C-GhostNet in three widths, GhostNetV2, and RegNetX with and without ghost stages.
architecture GhostNet050 of GhostNet {
  width = 0.5   ratio = 2   cheap = 3   gated = false
  se[*] = false   se[4] = true   se[5] = true   se[10] = true   se[11] = true   se[12] = true   se[14] = true   se[16] = true
  kernel[2] = 3   kernel[4] = 5   kernel[6] = 3   kernel[10] = 3   kernel[12] = 5
}
architecture GhostNet100 of GhostNet {
  width = 1.0   ratio = 2   cheap = 3   gated = false
  se[*] = false   se[4] = true   se[5] = true   se[10] = true   se[11] = true   se[12] = true   se[14] = true   se[16] = true
  kernel[2] = 3   kernel[4] = 5   kernel[6] = 3   kernel[10] = 3   kernel[12] = 5
}
architecture GhostNet130 of GhostNet {
  width = 1.3   ratio = 2   cheap = 3   gated = false
  se[*] = false   se[4] = true   se[5] = true   se[10] = true   se[11] = true   se[12] = true   se[14] = true   se[16] = true
  kernel[2] = 3   kernel[4] = 5   kernel[6] = 3   kernel[10] = 3   kernel[12] = 5
}
architecture GhostNetV2 of GhostNet {
  width = 1.0   ratio = 2   cheap = 3   gated = true
  se[*] = false   se[4] = true   se[5] = true   se[10] = true   se[11] = true   se[12] = true   se[14] = true   se[16] = true
  kernel[2] = 3   kernel[4] = 5   kernel[6] = 3   kernel[10] = 3   kernel[12] = 5
}
architecture GGhost_MF200 of GhostRegNet { size = MF200   style[2] = plain   style[3] = ghost   style[4] = ghost }
architecture GGhost_MF400 of GhostRegNet { size = MF400   style[2] = plain   style[3] = ghost   style[4] = ghost }
architecture GGhost_MF600 of GhostRegNet { size = MF600   style[2] = ghost   style[3] = ghost   style[4] = ghost }
architecture GGhost_MF800 of GhostRegNet { size = MF800   style[2] = ghost   style[3] = ghost   style[4] = ghost }
architecture GGhost_GF1_6 of GhostRegNet { size = GF1_6   style[2] = ghost   style[3] = ghost   style[4] = plain }
architecture GGhost_GF3_2 of GhostRegNet { size = GF3_2   style[2] = ghost   style[3] = ghost   style[4] = plain }
architecture GGhost_GF4 of GhostRegNet { size = GF4   style[2] = ghost   style[3] = ghost   style[4] = plain }
architecture GGhost_GF6_4 of GhostRegNet { size = GF6_4   style[2] = ghost   style[3] = ghost   style[4] = plain }
architecture GGhost_GF8 of GhostRegNet { size = GF8   style[2] = ghost   style[3] = ghost   style[4] = plain }
architecture GGhost_GF12 of GhostRegNet { size = GF12   style[2] = ghost   style[3] = ghost   style[4] = plain }
architecture GGhost_GF16 of GhostRegNet { size = GF16   style[2] = ghost   style[3] = ghost   style[4] = plain }
architecture GGhost_GF32 of GhostRegNet { size = GF32   style[2] = ghost   style[3] = ghost   style[4] = plain }
architecture RegNetX_GF3_2 of GhostRegNet { size = GF3_2   style[*] = plain }
architecture RegNetX_GF4 of GhostRegNet { size = GF4   style[*] = plain }
architecture RegNetX_GF8 of GhostRegNet { size = GF8   style[*] = plain }
architecture RegNetX_GF16 of GhostRegNet { size = GF16   style[*] = plain }
architecture ResNet50 of GhostResNet { ratio = 1 }
architecture GhostResNet50_2 of GhostResNet { ratio = 2 }
architecture GhostResNet50_4 of GhostResNet { ratio = 4 }
architecture PlainVGG16 of GhostSmall { net = vgg16  ratio = 1 }
architecture GhostVGG16 of GhostSmall { net = vgg16  ratio = 2 }
architecture PlainResNet56 of GhostSmall { net = resnet56  ratio = 1 }
architecture GhostResNet56 of GhostSmall { net = resnet56  ratio = 2 }
