// MIA-Former (Yu et al., "MIA-Former: Efficient and Robust Vision Transformers via Multi-grained Input-Adaptation", AAAI 2022): before each
// block of a vision transformer a controller decides, for the image at hand, whether the block runs, with which heads and on which tokens.
// No code was published. Here are the policies as a space: one network for each number of heads and tokens in each block, which has the
// weights and the cost of any mask of that number (the leading heads, and the leading tokens with the class token first, stand for the
// masks). The MLP shrinks with the heads, in two ways that were published: inside and outside (as third parties describe MIA-Former) or on
// the way in only (ADA, as in the code of AdaViT). What is left out passes by the block unchanged.
// The space Adaptive is one network that keeps all its policies (`adapt`) and the controller that decides among them; `nasc cost` gives its
// least, greatest and mean cost. The space Controller says what the decisions of one block cost.
// Still to come: a controller that decides (its outputs are not read yet), masks that differ within a batch, and training by supervision
// and reward.
// -D ADA=true        the MLP of AdaViT
// -D SIDE=16 -D COLOURS=1 -D CLASSES=10 -D PATCH=8 -D WIDTH=24 is small enough to train in passing.

import { Attend } from "std/transformers"

const SIDE = 224
const COLOURS = 3
const CLASSES = 1000
const PATCH = 16
/// DeiT-Small.
const WIDTH = 384
const HEADS = 6
const DEPTH = 12
const ADA = false

const TOKENS = (SIDE / PATCH) ^ 2 + 1

/// y, of fewer tokens and channels, added to the leading ones of x; the others stay.
block AddLeading(x, y) {
  head = x -> slice(0, tokens(y), axis = 0)
  sum = if channels(y) == channels(x) { head + y } else { concat((head -> slice(0, channels(y))) + y, head -> slice(channels(y))) }
  return if tokens(y) == tokens(x) { sum } else { concat(sum, x -> slice(tokens(y), axis = 0), axis = 0) }
}

/// A pre-norm block with so many heads, on so many tokens.
block AdaptiveBlock(x, heads, kept) {
  size = heads * WIDTH / HEADS
  a = x -> layer_norm -> slice(0, kept, axis = 0) -> Attend(heads, size, bias = true)
  y = x -> AddLeading(a -> dense(if ADA { size } else { WIDTH }))
  m = y -> layer_norm -> slice(0, kept, axis = 0) -> slice(0, size)
  return y -> AddLeading(m -> dense(if ADA { 4 * WIDTH } else { 4 * size }) -> gelu -> dense(if ADA { WIDTH } else { size }))
}

space Policies {
  input image: f32[SIDE, SIDE, COLOURS]

  x = image -> patches(PATCH) -> dense(WIDTH) -> class_token -> position_embedding
  for i in 1..DEPTH {
    run = choose { true, false }
    heads = choose 1..HEADS
    share = choose { 1, 0.75, 0.5, 0.25 }
    x = if run { x -> AdaptiveBlock(heads, max(1, floor(TOKENS * share))) } else { x }
  }
  output classes = x -> layer_norm -> slice(0, 1, axis = 0) -> reshape([WIDTH]) -> dense(CLASSES)
}

/// What decides for one block: the class token about the block and its heads, every other token about itself.
space Controller {
  input block_input: f32[TOKENS, WIDTH]

  class = block_input -> slice(0, 1, axis = 0)
  output run = class -> dense(1)
  output heads = class -> dense(HEADS)
  output tokens = block_input -> slice(1, axis = 0) -> dense(1)
}

/// One network, in which the controller of each block decides per input whether it runs, with how many heads and on which share of tokens.
space Adaptive {
  input image: f32[SIDE, SIDE, COLOURS]

  x = image -> patches(PATCH) -> dense(WIDTH) -> class_token -> position_embedding
  gates = []
  for i in 1..DEPTH {
    class = x -> slice(0, 1, axis = 0)
    gates = gates + [class -> dense(1 + HEADS) -> reshape([1 + HEADS]), x -> slice(1, axis = 0) -> dense(1) -> reshape([TOKENS - 1])]
    run = adapt { false, true }
    heads = adapt 1..HEADS
    share = adapt { 0.25, 0.5, 0.75, 1 }
    x = if run { x -> AdaptiveBlock(heads, max(1, floor(TOKENS * share))) } else { x }
  }
  output classes = x -> layer_norm -> slice(0, 1, axis = 0) -> reshape([WIDTH]) -> dense(CLASSES)
  output decisions = concat(gates)
}

accelerator Edge {
  technology 45nm   clock 1GHz
  memory dram   { width 64bit }
  memory buffer { size 512KB  width 128bit }
  chunk mac { array 16 x 16  runs dense, attention, matmul  dataflow weight_stationary  precision fp16 }
}

search Main {
  space Policies   on Edge
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64   label_smoothing 0.1
    optimizer adamw { rate 0.0005  weight_decay 0.05  schedule cosine  warmup 0.5 }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, macs }
  explore evolution { population 50  generations 20 }
  maximize accuracy
  minimize macs
}

/// Everything runs: DeiT-Small. And half of everything in every second block.
architecture Whole of Policies { run[*] = true  heads[*] = 6  share[*] = 1 }
architecture Half of Policies {
  run[*] = true  heads[*] = 6  share[*] = 1
  heads[2] = 3  heads[4] = 3  heads[6] = 3  heads[8] = 3  heads[10] = 3  heads[12] = 3
  share[2] = 0.5  share[4] = 0.5  share[6] = 0.5  share[8] = 0.5  share[10] = 0.5  share[12] = 0.5
}
