// EfficientFormer (Li et al., "EfficientFormer: Vision Transformers at MobileNet Speed", NeurIPS 2022): pooling on maps, then, after one
// flattening, attention on tokens. Searched are the widths, the depths and how many of the last blocks attend; the paper slims them out of
// one supernet by a table of measured latencies, which was never published, and here is the declared accelerator instead. The space holds
// the published networks; its bounds are ours, since the paper's are not known. The law that a block on a map never follows one on tokens
// is built in: `vit` says how many blocks, from the end of the last stage, are on tokens.
// Not here yet: the supernet with trained importances of its blocks, slimming, and the distillation that the second classifier is for.
// nasc search -D SIDE=32 -D CHANNELS=3 -D CLASSES=10 -D SHRINK=8 runs on images of 32x32 pixels.

import { ConvEmbedding, ConvStem, PoolBlock, TokenBlock } from "std/meta"

const SIDE = 224                                     // the tables of the attention are for maps of SIDE / 32 pixels
const CHANNELS = 3
const CLASSES = 1000
const SHRINK = 1                                     // divides all widths; up to 8
const TWO_HEADS = true                               // a classifier and one for distillation, averaged

block PoolStage(x, depth) {
  for i in 1..depth { x = x -> PoolBlock }
  return x
}

space EfficientFormer {
  input image: f32[SIDE, SIDE, CHANNELS]

  width1 = choose 48..96 by 16
  width2 = choose 96..192 by 16
  width3 = choose 224..384 by 16
  width4 = choose 448..768 by 16
  depth1 = choose 1..6
  depth2 = choose 1..6
  depth3 = choose 1..18
  depth4 = choose 1..8
  vit = choose 0..depth4

  x = image -> ConvStem(width1 / SHRINK) -> PoolStage(depth1)
  x = x -> ConvEmbedding(width2 / SHRINK) -> PoolStage(depth2)
  x = x -> ConvEmbedding(width3 / SHRINK) -> PoolStage(depth3)
  x = x -> ConvEmbedding(width4 / SHRINK) -> PoolStage(depth4 - vit)

  rows = height(x)
  columns = width(x)
  t = x -> to_tokens
  for i in 1..vit { t = t -> TokenBlock(rows, columns) }
  y = t -> layer_norm -> global_pool
  output classes = if TWO_HEADS { ((y -> dense(CLASSES)) + (y -> dense(CLASSES))) * 0.5 } else { y -> dense(CLASSES) }
}

accelerator Phone {
  technology 45nm   clock 1GHz
  memory dram   { width 64bit }
  memory buffer { size 4MB  width 256bit }
  chunk mac { array 32 x 32  runs conv, depthwise, dense, attention, matmul  dataflow weight_stationary  precision fp16 }
}

search Main {
  space EfficientFormer   on Phone
  seed 1
  data cifar10 { validation 5000 }
  supernet {
    epochs 10   batch 64   label_smoothing 0.1
    optimizer adam { rate 0.001  weight_decay 0.025  schedule cosine  warmup 1 }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, latency }
  explore evolution { population 20  generations 5 }
  maximize accuracy
  minimize latency
}

architecture L1 of EfficientFormer { width1 = 48  width2 = 96   width3 = 224  width4 = 448  depth1 = 3  depth2 = 2  depth3 = 6   depth4 = 4  vit = 1 }
architecture L3 of EfficientFormer { width1 = 64  width2 = 128  width3 = 320  width4 = 512  depth1 = 4  depth2 = 4  depth3 = 12  depth4 = 6  vit = 4 }
architecture L7 of EfficientFormer { width1 = 96  width2 = 192  width3 = 384  width4 = 768  depth1 = 6  depth2 = 6  depth3 = 18  depth4 = 8  vit = 8 }
