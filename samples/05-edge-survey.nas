// The survey of models for the edge (Zhang et al., "Design Automation for Fast, Lightweight, and Effective Deep Learning Models: A Survey",
// arXiv 2208.10498, 2022) has no system and no code; it names what automation may decide and what must be reported of a network.
// `Joint` decides it all together, layer by layer: operator, window, channels kept, weights cut to zero, bits of weights and of inputs, rank.
// `nasc cost` reports effectiveness as "not modelled" and every figure of lightness and of computation; effectiveness is what
// `nasc search` and `nasc derive` measure, and means and deviations over seeds are in `nasc report`.
// `Toy` is small enough to try all 1,296 networks. `Macro` is NAS-Bench-Macro, whose counts fix the convention of "MACs".
// Not here: distillation (a teacher and taps for extra losses), learned quantisers and codebooks, tensor trains (ranks are of two factors),
// products and normalised sums of metrics as objectives (budgets and Pareto sets are), metrics of detection and of sequences.
// nasc search -D WIDTH=16 -D BLOCKS=1 runs on the built-in glyphs.

import { MBConv } from "std/blocks"
import { CompressedConvBN, CompressedSeparable, LowRankConv, LowRankDense } from "std/compression"

const SIDE = 28
const CHANNELS = 1
const CLASSES = 10
const WIDTH = 32                                     // channels of the first stage, before pruning
const BLOCKS = 2                                     // residual blocks per stage
const SIZE = 32KB
const MACRO_SIDE = 32
const SHRINK = 1                                     // divides the widths of NAS-Bench-Macro; 1, 2, 4 or 8

/// Three stages. What is added up in a stage shares its channels: one ratio prunes the whole group of layers.
space Joint {
  input image: f32[SIDE, SIDE, CHANNELS]

  x = image
  for stage in 1..3 {
    keep = choose { 0.25, 0.5, 0.75, 1 }
    width = WIDTH * [1, 2, 4][stage - 1] * keep
    x = x -> CompressedConvBN(width, stride = if stage == 1 { 1 } else { 2 }, precision = quantized(weights = 8, activations = 8))
    for i in 1..BLOCKS {
      precision = choose { full, w8a8: quantized(weights = 8, activations = 8), w4a8: quantized(weights = 4, activations = 8), w4a4: quantized(weights = 4, activations = 4), w2a4: quantized(weights = 2, activations = 4) }
      sparsity = choose { 0, 0.5, 0.8 }
      kernel = choose { 3, 5 }
      x = relu(x + (x -> choose op {
        whole:     conv(width, kernel = kernel, precision = precision, sparsity = sparsity)
        separable: CompressedSeparable(width, kernel = kernel, precision = precision, sparsity = sparsity)
        low_rank:  LowRankConv(width, width / choose rank { 2, 4 }, kernel = kernel, precision = precision, sparsity = sparsity)
      } -> batch_norm))
    }
  }
  y = x -> global_pool
  hidden = y -> choose head {
    whole:    dense(4 * WIDTH, precision = quantized(weights = 8, activations = 8))
    low_rank: LowRankDense(4 * WIDTH, WIDTH / choose rank { 1, 2, 4 }, precision = quantized(weights = 8, activations = 8))
  }
  output classes = hidden -> relu -> dense(CLASSES, precision = quantized(weights = 8, activations = 8))
}

/// Three operators and two widths of words for each of four layers: 6^4 = 1,296 networks.
space Toy {
  input image: f32[8, 8, 16]
  x = image
  for i in 1..4 {
    bits = choose { 4, 8 }
    x = x -> choose op {
      point:  conv(16, kernel = 1, precision = quantized(weights = bits, activations = bits))
      window: conv(16, kernel = 3, precision = quantized(weights = bits, activations = bits))
      thin:   LowRankConv(16, 4, precision = quantized(weights = bits, activations = bits))
    } -> batch_norm -> relu
  }
  output classes = x -> global_pool -> dense(CLASSES)
}

// NAS-Bench-Macro (Su et al., CVPR 2021): channels and strides of its eight layers.
const MACRO_WIDTHS = [64, 64, 128, 128, 128, 256, 256, 256]
const MACRO_STRIDES = [2, 1, 2, 1, 1, 2, 1, 1]

/// Eight layers of three kinds: 3^8 = 6,561. Where the map halves, `skip` is a pointwise convolution.
space Macro {
  input image: f32[MACRO_SIDE, MACRO_SIDE, 3]
  x = image -> conv(32 / SHRINK) -> batch_norm -> relu6
  for i in 1..8 {
    out = MACRO_WIDTHS[i - 1] / SHRINK
    stride = MACRO_STRIDES[i - 1]
    x = x -> choose op {
      skip: Carry(out, stride)
      mb3:  MBConv(out, kernel = 3, expand = 3, stride = stride)
      mb6:  MBConv(out, kernel = 5, expand = 6, stride = stride)
    }
  }
  output classes = x -> conv(1280 / SHRINK, kernel = 1) -> batch_norm -> relu6 -> global_pool -> dense(CLASSES)
}

block Carry(x, out, stride) {
  return if stride == 1 { x } else { x -> conv(out, kernel = 1, stride = stride) -> batch_norm }
}

/// A microcontroller with a small array: its 8-bit multipliers divide into 2-bit ones, and weights that are zero take no cycle.
accelerator Edge {
  technology 45nm   clock 250MHz
  memory dram   { width 64bit }
  memory buffer { size 108KB  width 64bit }
  chunk mac { array 8 x 8  runs conv, depthwise, dense  dataflow weight_stationary, output_stationary  precision int8  brick 2bit  skip_zeros true }
}

/// The same without bricks and without skipping: narrow and sparse weights are only smaller.
accelerator Plain {
  technology 45nm   clock 250MHz
  memory dram   { width 64bit }
  memory buffer { size 108KB  width 64bit }
  chunk mac { array 8 x 8  runs conv, depthwise, dense  dataflow weight_stationary, output_stationary  precision int8 }
}

search Main {
  space Joint   on Edge
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64
    optimizer sgd { rate 0.05  momentum 0.9  weight_decay 0.0001  schedule cosine  clip 5 }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, size, bitops, energy }
  explore evolution { population 40  generations 15  parents 12 }
  maximize accuracy
  minimize latency, energy, size
  subject to size <= SIZE
}

/// Nothing compressed, and the same network with everything compressed as far as it goes.
architecture Reference of Joint { keep[*] = 1  precision[*] = full  sparsity[*] = 0  kernel[*] = 3  op[*] = whole  head = whole }
architecture EightBits of Joint { keep[*] = 1  precision[*] = w8a8  sparsity[*] = 0  kernel[*] = 3  op[*] = whole  head = whole }
architecture FourBits of Joint { keep[*] = 1  precision[*] = w4a4  sparsity[*] = 0  kernel[*] = 3  op[*] = whole  head = whole }
architecture Halved of Joint { keep[*] = 0.5  precision[*] = full  sparsity[*] = 0  kernel[*] = 3  op[*] = whole  head = whole }
architecture Sparse of Joint { keep[*] = 1  precision[*] = w8a8  sparsity[*] = 0.8  kernel[*] = 3  op[*] = whole  head = whole }

architecture Macro00000000 of Macro { op[*] = skip }
architecture Macro22222222 of Macro { op[*] = mb6 }
architecture Macro22212202 of Macro { op[*] = mb6  op[4] = mb3  op[7] = skip }
