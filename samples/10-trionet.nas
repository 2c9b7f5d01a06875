// TrioNet (Pi, Wang, Li, Li, Yuille, "Searching for TrioNet: Combining Convolution with Local and Global Self-Attention", BMVC 2021): in
// each bottleneck of a residual network a convolution, attention to a window, or attention along both axes; the two pointwise layers
// around are shared by the three. No code was published, and the space's sizes are not known: the macro structure and the operators are
// those of Axial-DeepLab by the same authors, the lists of values are ours. Local attention has the same form as axial attention (three
// terms, a table of offsets), with what lies outside the map masked. `same` padding puts an odd zero to the bottom and right.
// Still to come: hierarchical sampling (first the proportions of the operators, then each block's). Narrower networks take the leading
// channels of every head, by the order in which std/axial lays channels out.
// -D LAYERS=50       the deeper reference; else 26
// -D SMALL=true -D SIDE=16 -D COLOURS=1 -D CLASSES=10 -D SHRINK=16 -D HEADS=2 is small enough to train in passing.

import { AxialAttention, LocalAttention } from "std/axial"
import { ConvBN, Shortcut } from "std/blocks"

const SIDE = 224
const COLOURS = 3
const CLASSES = 1000
const LAYERS = 26
const HEADS = 8
/// Divides all widths; a power of two up to 16, and then two heads.
const SHRINK = 1
/// A stem for small images: 3x3, no pooling.
const SMALL = false

const DEPTHS = if LAYERS == 50 { [3, 4, 6, 3] } else { [1, 2, 4, 1] }
/// Widths inside the bottlenecks of the four stages; twice that between them.
const WIDTHS = [128, 256, 512, 1024]

/// The spatial operator of a bottleneck; all three take and give as many channels.
block Spatial(x, stride) {
  width = channels(x)
  return x -> choose mix {
    conv:  ConvBN(width, kernel = choose kernel { 3, 5, 7 }, stride = stride)
    local: LocalAttention(width, heads = HEADS, window = choose window { 3, 5, 7 }, stride = stride) -> relu
    axial: AxialAttention(width, heads = HEADS, stride = stride) -> relu
  }
}

/// Narrow, mix positions, widen, around a shortcut.
block Trio(x, width, stride) {
  y = x -> ConvBN(width, kernel = 1) -> Spatial(stride) -> conv(2 * width, kernel = 1) -> batch_norm(scale_init = 0)
  return relu(y + (x -> Shortcut(2 * width, stride = stride)))
}

space TrioNet {
  input image: f32[SIDE, SIDE, COLOURS]

  ratio = choose { 0.5, 0.75, 1 }
  stem = 64 * ratio / SHRINK
  x = if SMALL { image -> ConvBN(stem, kernel = 3) } else { image -> ConvBN(stem, kernel = 7, stride = 2) -> max_pool(3, stride = 2) }
  for stage in 0..3 {
    depth = choose max(1, DEPTHS[stage] - 1)..DEPTHS[stage]
    for i in 1..depth {
      x = x -> Trio(WIDTHS[stage] * ratio / SHRINK, if i == 1 and stage > 0 { 2 } else { 1 })
    }
  }
  output classes = x -> global_pool -> dense(CLASSES)
}

accelerator Edge {
  technology 45nm   clock 1GHz
  memory dram   { width 64bit }
  memory buffer { size 512KB  width 128bit }
  chunk mac { array 16 x 16  runs conv, dense, attention, matmul, relative_scores, relative_values  dataflow weight_stationary  precision fp16 }
}

search Main {
  space TrioNet   on Edge
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64   label_smoothing 0.1
    optimizer sgd { rate 0.05  momentum 0.9  weight_decay 0.0001  schedule cosine }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, macs }
  explore evolution { population 64  generations 20  parents 16 }
  maximize accuracy
  minimize macs
}

/// The networks of one operator at half width; the axial one is the authors' Axial-ResNet-26-S.
architecture Axial26 of TrioNet { ratio = 0.5  depth[0] = 1  depth[1] = 2  depth[2] = 4  depth[3] = 1  mix[*] = axial }
architecture Conv26 of TrioNet { ratio = 0.5  depth[0] = 1  depth[1] = 2  depth[2] = 4  depth[3] = 1  mix[*] = conv  mix[*].kernel = 3 }
architecture Local26 of TrioNet { ratio = 0.5  depth[0] = 1  depth[1] = 2  depth[2] = 4  depth[3] = 1  mix[*] = local  mix[*].window = 7 }
