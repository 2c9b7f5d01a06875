// ViTCoD (You et al., "ViTCoD: Vision Transformer Acceleration via Dedicated Algorithm and Accelerator Co-Design", HPCA 2023): DeiT whose
// queries and keys pass through few heads and back, so that less of them is moved, and which attends under fixed masks; which of them,
// and through how many heads, is chosen for each block, masks for all blocks at once. The published code sweeps these by hand.
// The masks here have the dense keys and kept entries of the first head of each block of the released DeiT-Tiny at 95 %, along diagonals;
// measured ones come from attention maps by `nasc mask` and stand in their place as `kept(MASKS[i - 1])`.
// Still to come: the loss of reconstruction, and training in stages.
// -D HEADS=6 and -D HEADS=12 are DeiT-Small and DeiT-Base; else DeiT-Tiny.
// -D SIDE=32 -D HEAD=8 is small enough to train in passing.

import { vitcod } from "std/accelerators"
import { HeadsOf } from "std/transformers"

const SIDE = 224
const CHANNELS = 3
const CLASSES = 1000
const HEADS = 3
const HEAD = 64
const WIDTH = HEADS * HEAD
const HIDDEN = ceil(HEADS / 2)
// For each block: keys that all queries attend to, and entries kept beside them.
const DENSE = [1, 1, 70, 1, 1, 20, 17, 1, 1, 9, 10, 31]
const ENTRIES = [2244, 392, 2479, 936, 1389, 1785, 1333, 1551, 454, 771, 1039, 602]

/// The same channel of all heads, told by `HIDDEN` numbers; attention reads them back: 2 HIDDEN HEADS + HIDDEN + HEADS numbers are learned.
block FewHeads(x) { return x -> reshape([tokens(x), HEADS, HEAD]) -> transpose([0, 2, 1]) -> dense(HIDDEN) -> transpose([2, 0, 1]) }

block Compressed(x, compressed) { return if compressed { x -> FewHeads } else { x -> HeadsOf(HEADS) } }

block Attend(x, queries, keys, masked, globals, entries) {
  q = x -> dense(WIDTH) -> Compressed(queries)
  k = x -> dense(WIDTH) -> Compressed(keys)
  v = x -> dense(WIDTH) -> HeadsOf(HEADS)
  n = tokens(x)
  g = min(globals, n)
  mixed = masked_attention(q, k, v, mask = if masked { banded(global = g, entries = min(entries, n * (n - g))) } else { all })
  return mixed -> transpose([1, 0, 2]) -> reshape([n, WIDTH]) -> dense(WIDTH)
}

/// Two bits for each of twelve blocks, one for the masks.
space ViTCoD {
  input image: f32[SIDE, SIDE, CHANNELS]

  x = image -> patches(16) -> dense(WIDTH) -> class_token -> position_embedding
  masked = choose { false, true }
  for i in 1..12 {
    queries = choose { false, true }
    keys = choose { false, true }
    y = x + (x -> layer_norm(epsilon = 0.000001) -> Attend(queries, keys, masked, DENSE[i - 1], ENTRIES[i - 1]))
    x = y + (y -> layer_norm(epsilon = 0.000001) -> dense(4 * WIDTH) -> gelu -> dense(WIDTH))
  }
  output classes = x -> layer_norm(epsilon = 0.000001) -> slice(0, 1, axis = 0) -> global_pool -> dense(CLASSES)
}

search Main {
  space ViTCoD   on vitcod
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

architecture DeiT of ViTCoD { masked = false  queries[*] = false  keys[*] = false }
architecture Compress of ViTCoD { masked = false  queries[*] = true  keys[*] = true }
architecture Compress_Queries of ViTCoD { masked = false  queries[*] = true  keys[*] = false }
/// Masked, and queries and keys through few heads: what the released cycle log prices.
architecture Masked of ViTCoD { masked = true  queries[*] = true  keys[*] = true }
architecture Masked_Only of ViTCoD { masked = true  queries[*] = false  keys[*] = false }
