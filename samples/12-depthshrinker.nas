// DepthShrinker (Fu, Yang, Yuan, Li, Wan, Krishnamoorthi, Chandra, Lin, ICML 2022): which activations of a mobile network can go. A block
// that lost its activations is linear inside, gets one activation after its sum, and becomes a single dense convolution: a pass over the
// network does that, exactly at the borders too (`mergeChains` and `mergeBranches` of src/ir/passes). The units are those of the released
// code: the stem, the separable block, each inverted residual (both of its activations), the head; 1 keeps a unit, 0 removes it.
// Differences: `same` padding puts an odd zero to the bottom and right. Still to come: the learned gates, which keep the same number of
// units at every step, the latency tables in their loss, fine-tuning with the whole network as the teacher, pretrained weights.
// -D KEPT=10        how many units MobileNetV2x140Kept keeps; the released search keeps 7 of 19 at every step
// -D SIDE=32 -D COLOURS=1 -D CLASSES=10 -D SHRINK=8 is small enough to train in passing.

import { MBConv } from "std/blocks"

const SIDE = 224
const COLOURS = 3
const CLASSES = 1000
/// Divides all widths; 1, 2, 4 or 8.
const SHRINK = 1
/// How many units stay where the number is fixed.
const KEPT = 7

/// The stage of each inverted residual, the stride of the first of a stage, and the taps of all of it.
const MOBILE_STAGES = [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5]
const LITE_STAGES = [0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5]
const STRIDES = [2, 2, 2, 1, 2, 1]
const MOBILE_TAPS = [3, 3, 3, 3, 3, 3]
const LITE_TAPS = [3, 5, 3, 5, 5, 3]

/// An activation that may be left out.
block Activate(x, kept) { return if kept == 1 { x -> relu6 } else { x } }

/// An inverted residual; without its activations it is linear, and one follows the sum.
block Residual(x, out, kernel, stride, kept) {
  act = if kept == 1 { relu6 } else { identity }
  y = x -> MBConv(out, kernel = kernel, expand = 6, stride = stride, act = act)
  return if kept == 1 { y } else { y -> relu6 }
}

/// A whole network, and how many units it keeps; `widths` are those of the stem, the separable block, the stages and the head.
block Network(image, widths, stages, taps) {
  stem = choose { 1, 0 }
  separable = choose { 1, 0 }
  x = image -> conv(widths[0] / SHRINK, kernel = 3, stride = 2) -> batch_norm -> Activate(stem)
  x = x -> depthwise(kernel = 3) -> batch_norm -> Activate(separable) -> conv(widths[1] / SHRINK, kernel = 1) -> batch_norm
  kept = stem + separable
  for k in 1..length(stages) {
    stage = stages[k - 1]
    starts = if k == 1 { true } else { stages[k - 2] != stage }
    unit = choose { 1, 0 }
    x = x -> Residual(widths[2 + stage] / SHRINK, taps[stage], if starts { STRIDES[stage] } else { 1 }, unit)
    kept = kept + unit
  }
  head = choose { 1, 0 }
  scores = x -> conv(widths[8] / SHRINK, kernel = 1) -> batch_norm -> Activate(head) -> global_pool -> dense(CLASSES)
  return scores, kept + head
}

space MobileNetV2x100 {
  input image: f32[SIDE, SIDE, COLOURS]
  scores, kept = image -> Network([32, 16, 24, 32, 64, 96, 160, 320, 1280], MOBILE_STAGES, MOBILE_TAPS)
  output classes = scores
}

space MobileNetV2x140 {
  input image: f32[SIDE, SIDE, COLOURS]
  scores, kept = image -> Network([48, 24, 32, 48, 88, 136, 224, 448, 1792], MOBILE_STAGES, MOBILE_TAPS)
  output classes = scores
}

/// The same with a fixed number of units.
space MobileNetV2x140Kept {
  input image: f32[SIDE, SIDE, COLOURS]
  scores, kept = image -> Network([48, 24, 32, 48, 88, 136, 224, 448, 1792], MOBILE_STAGES, MOBILE_TAPS)
  require kept == KEPT
  output classes = scores
}

space EfficientNetLite0 {
  input image: f32[SIDE, SIDE, COLOURS]
  scores, kept = image -> Network([32, 16, 24, 40, 80, 112, 192, 320, 1280], LITE_STAGES, LITE_TAPS)
  output classes = scores
}

/// A parallel machine: a few dense layers suit it better than many thin ones.
accelerator Gpu {
  technology 45nm   clock 1GHz
  memory dram   { width 512bit }
  memory buffer { size 4MB  width 512bit }
  chunk mac { array 64 x 64  runs conv, depthwise, dense  dataflow weight_stationary  precision fp16 }
}

search Main {
  space MobileNetV2x140   on Gpu
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64   label_smoothing 0.1
    optimizer sgd { rate 0.1  momentum 0.9  weight_decay 0.00001  schedule cosine  clip 5 }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, latency }
  explore evolution { population 64  generations 20  parents 16 }
  maximize accuracy
  minimize latency
}

// The networks of the released configurations.
architecture Base140 of MobileNetV2x140 { stem = 1  separable = 1  unit[*] = 1  head = 1 }
architecture DSA of MobileNetV2x140 { stem = 0  separable = 1  unit[*] = 1  unit[1] = 0  unit[2] = 0  unit[5] = 0  unit[7] = 0  unit[9] = 0  unit[12] = 0  head = 1 }
architecture DSB of MobileNetV2x140 { stem = 1  separable = 0  unit[*] = 0  unit[3] = 1  unit[4] = 1  unit[10] = 1  unit[11] = 1  unit[13] = 1  unit[14] = 1  unit[15] = 1  unit[16] = 1  head = 1 }
architecture DSC of MobileNetV2x140 { stem = 1  separable = 1  unit[*] = 0  unit[3] = 1  unit[10] = 1  unit[11] = 1  unit[13] = 1  unit[14] = 1  unit[15] = 1  unit[16] = 1  head = 1 }
architecture DSD of MobileNetV2x140 { stem = 0  separable = 0  unit[*] = 0  unit[3] = 1  unit[4] = 1  unit[13] = 1  unit[14] = 1  unit[15] = 1  unit[16] = 1  head = 1 }
architecture DSE of MobileNetV2x140 { stem = 0  separable = 1  unit[*] = 0  unit[3] = 1  unit[13] = 1  unit[14] = 1  unit[15] = 1  unit[16] = 1  head = 1 }
architecture DSF of MobileNetV2x140 { stem = 1  separable = 0  unit[*] = 0  head = 1 }
architecture Base100 of MobileNetV2x100 { stem = 1  separable = 1  unit[*] = 1  head = 1 }
architecture BaseLite0 of EfficientNetLite0 { stem = 1  separable = 1  unit[*] = 1  head = 1 }
