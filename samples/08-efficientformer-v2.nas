// EfficientFormerV2 (Li et al., "Rethinking Vision Transformers for MobileNet Size and Speed", ICCV 2023): depth, width and the expansion
// of every single feed-forward block are searched for size and speed at once; attention stands in the last two stages only.
// The code publishes the models, not the search: the lists of values here are those that the four models need, and a block of the last
// two stages may have attention or not wherever it stands. Layer scale starts at 1e-5; `same` padding puts an odd zero to the bottom and
// right. To come: batch norm per width, and the greedy search on accuracy per gain of the Mobile Efficiency Score.
// nasc search -D SIDE=32 -D CHANNELS=3 -D CLASSES=10 -D NARROW=4 runs on images of 32x32 pixels.

import { AttentionDown, StrideAttention, UnifiedFeedForward } from "std/stride_attention"

const SIDE = 224
const CHANNELS = 3
const CLASSES = 1000
const NARROW = 1                                     // widths are divided by it
const DROP = 0.02
const SCALE = 0.00001

/// What a block adds, weighed channel by channel.
block Residual(x, y) {
  return x + (y -> scale(SCALE, learned = true) -> drop_path(DROP))
}

space EfficientFormerV2 {
  input image: f32[SIDE, SIDE, CHANNELS]

  width1 = choose { 32, 40 }
  width2 = choose { 48, 64, 80 }
  width3 = choose { 96, 120, 144, 192 }
  width4 = choose { 176, 224, 288, 384 }
  depth1 = choose 2..5
  depth2 = choose 2..5
  depth3 = choose 4..15
  depth4 = choose 4..10
  distilled = choose { false, true }                 // a second classifier, averaged with the first

  x = image -> conv(width1 / NARROW / 2, kernel = 3, stride = 2, bias = true) -> batch_norm -> gelu
            -> conv(width1 / NARROW, kernel = 3, stride = 2, bias = true) -> batch_norm -> gelu
  for i in 1..depth1 { x = Residual(x, x -> UnifiedFeedForward) }
  x = x -> conv(width2 / NARROW, kernel = 3, stride = 2, bias = true) -> batch_norm
  for i in 1..depth2 { x = Residual(x, x -> UnifiedFeedForward) }
  x = x -> conv(width3 / NARROW, kernel = 3, stride = 2, bias = true) -> batch_norm
  for j in 1..depth3 {
    mixed = if choose attend3 { false, true } { Residual(x, x -> StrideAttention(dim = 32 / NARROW, value_dim = 128 / NARROW, stride = 2)) } else { x }
    x = Residual(mixed, mixed -> UnifiedFeedForward(ratio = choose ratio3 { 2, 3, 4 }))
  }
  x = x -> AttentionDown(width4 / NARROW, dim = 16 / NARROW, value_dim = 64 / NARROW)
  for k in 1..depth4 {
    mixed = if choose attend4 { false, true } { Residual(x, x -> StrideAttention(dim = 32 / NARROW, value_dim = 128 / NARROW)) } else { x }
    x = Residual(mixed, mixed -> UnifiedFeedForward(ratio = choose ratio4 { 2, 3, 4 }))
  }
  features = x -> batch_norm -> global_pool
  output classes = if distilled { ((features -> dense(CLASSES)) + (features -> dense(CLASSES))) * 0.5 } else { features -> dense(CLASSES) }
}

accelerator Phone {
  technology 45nm   clock 1GHz
  memory dram   { width 64bit }
  memory buffer { size 512KB  width 128bit }
  chunk mac { array 16 x 16  runs conv, depthwise, dense, matmul  dataflow weight_stationary  precision fp16 }
}

search Main {
  space EfficientFormerV2   on Phone
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64   label_smoothing 0.1
    optimizer adamw { rate 0.001  weight_decay 0.025  schedule cosine  warmup 0.5 }
    recalibration 512   judge 1000
  }
  explore evolution { population 12  generations 4 }
  maximize accuracy
  minimize params, latency
}

// The published networks, with both classifiers: width, depth, attention in the last blocks, expansion in the last two stages.
architecture S0 of EfficientFormerV2 {
  width1 = 32   width2 = 48   width3 = 96   width4 = 176   depth1 = 2   depth2 = 2   depth3 = 6   depth4 = 4   distilled = true
  attend3[*] = false   attend3[5] = true   attend3[6] = true
  attend4[*] = false   attend4[3] = true   attend4[4] = true
  ratio3[*] = 4   ratio3[2] = 3   ratio3[3] = 3   ratio3[4] = 3
  ratio4[*] = 4   ratio4[2] = 3   ratio4[3] = 3
}
architecture S1 of EfficientFormerV2 {
  width1 = 32   width2 = 48   width3 = 120   width4 = 224   depth1 = 3   depth2 = 3   depth3 = 9   depth4 = 6   distilled = true
  attend3[*] = false   attend3[8] = true   attend3[9] = true
  attend4[*] = false   attend4[5] = true   attend4[6] = true
  ratio3[*] = 4   ratio3[3] = 3   ratio3[4] = 3   ratio3[5] = 3   ratio3[6] = 3
  ratio4[*] = 4   ratio4[3] = 3   ratio4[4] = 3
}
architecture S2 of EfficientFormerV2 {
  width1 = 32   width2 = 64   width3 = 144   width4 = 288   depth1 = 4   depth2 = 4   depth3 = 12   depth4 = 8   distilled = true
  attend3[*] = false   attend3[9] = true   attend3[10] = true   attend3[11] = true   attend3[12] = true
  attend4[*] = false   attend4[5] = true   attend4[6] = true   attend4[7] = true   attend4[8] = true
  ratio3[*] = 4   ratio3[3] = 3   ratio3[4] = 3   ratio3[5] = 3   ratio3[6] = 3   ratio3[7] = 3   ratio3[8] = 3
  ratio4[*] = 4   ratio4[3] = 3   ratio4[4] = 3   ratio4[5] = 3   ratio4[6] = 3
}
architecture L of EfficientFormerV2 {
  width1 = 40   width2 = 80   width3 = 192   width4 = 384   depth1 = 5   depth2 = 5   depth3 = 15   depth4 = 10   distilled = true
  attend3[*] = false   attend3[10] = true   attend3[11] = true   attend3[12] = true   attend3[13] = true   attend3[14] = true   attend3[15] = true
  attend4[*] = false   attend4[5] = true   attend4[6] = true   attend4[7] = true   attend4[8] = true   attend4[9] = true   attend4[10] = true
  ratio3[*] = 4   ratio3[5] = 3   ratio3[6] = 3   ratio3[7] = 3   ratio3[8] = 3   ratio3[9] = 3   ratio3[10] = 3   ratio3[11] = 3
  ratio4[*] = 4   ratio4[4] = 3   ratio4[5] = 3   ratio4[6] = 3   ratio4[7] = 3
}
