// ViTCoD (You et al., "ViTCoD: Vision Transformer Acceleration via Dedicated Algorithm and Accelerator Co-Design", HPCA 2023): DeiT whose
// queries and keys pass through few heads and back, so that less of them is moved; which of them, and through how many heads, is chosen
// for each block. The published code sweeps these by hand, the same for all blocks. Values are left alone.
// Still to come, because attention takes no mask here: fixed sparse patterns of attention (the `info` rule, its thresholds, and the
// sorting of tokens into a dense and a sparse part), the loss of reconstruction, training in stages, and the accelerator with two engines.
// -D HEADS=6 and -D HEADS=12 are DeiT-Small and DeiT-Base; else DeiT-Tiny.
// -D SIDE=32 -D HEAD=8 is small enough to train in passing.

import { HeadsOf } from "std/transformers"

const SIDE = 224
const CHANNELS = 3
const CLASSES = 1000
const HEADS = 3
const HEAD = 64
const WIDTH = HEADS * HEAD
const HIDDEN = ceil(HEADS / 2)

/// The same channel of all heads, told by `hidden` numbers and read back: 2 hidden heads + hidden + heads numbers are learned.
block ThroughHeads(x, hidden) {
  y = x -> reshape([tokens(x), HEADS, HEAD]) -> transpose([0, 2, 1]) -> dense(hidden) -> dense(HEADS)
  return y -> transpose([0, 2, 1]) -> reshape([tokens(x), WIDTH])
}

block Compressed(x, compressed) { return if compressed { x -> ThroughHeads(HIDDEN) } else { x } }

block Attend(x, queries, keys) {
  q = x -> dense(WIDTH) -> Compressed(queries) -> HeadsOf(HEADS)
  k = x -> dense(WIDTH) -> Compressed(keys) -> HeadsOf(HEADS)
  v = x -> dense(WIDTH) -> HeadsOf(HEADS)
  scores = matmul(q, k, transposed = true) * HEAD ^ -0.5
  mixed = matmul(scores -> softmax, v) -> transpose([1, 0, 2]) -> reshape([tokens(x), WIDTH])
  return mixed -> dense(WIDTH)
}

/// Two bits for each of twelve blocks.
space ViTCoD {
  input image: f32[SIDE, SIDE, CHANNELS]

  x = image -> patches(16) -> dense(WIDTH) -> class_token -> position_embedding
  for i in 1..12 {
    queries = choose { false, true }
    keys = choose { false, true }
    y = x + (x -> layer_norm(epsilon = 0.000001) -> Attend(queries, keys))
    x = y + (y -> layer_norm(epsilon = 0.000001) -> dense(4 * WIDTH) -> gelu -> dense(WIDTH))
  }
  output classes = x -> layer_norm(epsilon = 0.000001) -> slice(0, 1, axis = 0) -> global_pool -> dense(CLASSES)
}

accelerator Edge {
  technology 28nm   clock 500MHz
  memory dram   { width 1024bit }
  memory buffer { size 320KB  width 512bit }
  chunk mac { array 64 x 8  runs conv, dense, matmul  dataflow weight_stationary  precision int8 }
}

search Main {
  space ViTCoD   on Edge
  seed 1
  data cifar10 { validation 5000 }
  supernet {
    epochs 10   batch 64   label_smoothing 0.1
    optimizer adamw { rate 0.0001  weight_decay 0.00000001  schedule cosine  warmup 1 }
    judge 1000
  }
  explore evolution { population 32  generations 10 }
  maximize accuracy
  minimize latency
}

architecture DeiT of ViTCoD { queries[*] = false  keys[*] = false }
architecture Compress of ViTCoD { queries[*] = true  keys[*] = true }
architecture Compress_Queries of ViTCoD { queries[*] = true  keys[*] = false }
