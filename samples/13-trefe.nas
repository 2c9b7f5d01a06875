// TREFE (Zhang et al., "Searching a High Performance Feature Extractor for Text Recognition Network", TPAMI 2023): a convolutional model
// that walks from the resolution of a line of text to a sequence, then transformer layers that are wired one by one.
// A layer keeps the size, halves the height, or halves both, so that the width is never coarser than the height. The resolution itself
// says where the walk stands: channels, strides and legal moves follow from it. The published code holds the found networks only; the
// walk, its operators and the layers are as there. Differences: weights are shared by layer and operator, and not kept apart by
// resolution; the parallel attention of the scene head has dense keys instead of a small U-shaped network.
// Still to come: a loss for sequences, blocks trained one after the other with heads of their own, and the search by natural gradient.
// READ=false makes a classifier until then:
// nasc search -D READ=false -D HEIGHT=64 -D WIDTH=64 -D SCENE_WIDTH=32 -D LETTERS=10 -D SCENE_LETTERS=10 -D SLIM=8 runs on images of that size.

import { HandwritingLayer, RelativeLayer, SceneLayer } from "std/text"
import { ConvBN } from "std/blocks"

const HEIGHT = 64
const WIDTH = 1200
const SCENE_HEIGHT = 32
const SCENE_WIDTH = 128
const LETTERS = 81                                   // classes of a letter: 81 for IAM, 101 for RIMES
const SCENE_LETTERS = 37
const LENGTH = 25                                    // letters of a word in a scene
const READ = true
const SLIM = 1                                       // channels are divided by it
const LAYERS = 20

/// Pooled to one answer where nothing is read.
block Letters(x, count) {
  letters = x -> dense(count)
  return if READ { letters } else { letters -> global_pool }
}

/// Handwriting: 64x1200 to 150 steps of 256 channels.
space Handwriting {
  input line: f32[HEIGHT, WIDTH, 1]

  x = line -> ConvBN(16 / SLIM, kernel = 3, stride = 2)
  for i in 1..LAYERS {
    move = choose move { keep: 0, height: 1 if height(x) > 1, both: 2 if height(x) > 1 and width(x) > WIDTH / 8 }
    rows = if move == 0 { height(x) } else { height(x) / 2 }
    wide = if rows >= 16 { 16 } else if rows == 8 { 32 } else if rows == 4 { 64 } else if rows == 2 { 128 } else { 256 }
    filter = choose op { k5e6: [5, 6], k5e1: [5, 1], k3e1: [3, 1] }
    x = x -> HandwritingLayer(wide / SLIM, filter[0], filter[1], changed = move != 0,
                              stride = if move == 0 { 1 } else if move == 1 { [2, 1] } else { 2 })
  }
  require height(x) == 1 and width(x) == WIDTH / 8

  y = x -> to_tokens
  scores = y -> reshape([tokens(y), 8, channels(y) / 8]) -> transpose([1, 0, 2]) -> relative_scores(table = waves) -> zero
  for k in 1..4 {
    y, scores = RelativeLayer(y, scores, 8, scaled = choose scaled { false, true }, relative = choose relative { false, true },
                              carried = choose carried { false, true }, gated = choose gated { false, true })
  }
  output text = y -> Letters(LETTERS)
}

/// Text in scenes: 32x128 to 32 steps of 512 channels, of which 25 letters are read at once.
space Scene {
  input word: f32[SCENE_HEIGHT, SCENE_WIDTH, 3]

  x = word -> ConvBN(32 / SLIM, kernel = 3)
  for i in 1..LAYERS {
    move = choose move { keep: 0, height: 1 if height(x) > 1, both: 2 if height(x) > 1 and width(x) > SCENE_WIDTH / 4 }
    rows = if move == 0 { height(x) } else { height(x) / 2 }
    wide = if rows >= 16 { 32 } else if rows == 8 { 64 } else if rows == 4 { 128 } else if rows == 2 { 256 } else { 512 }
    filter = choose op { k5e6: [5, 6], k3e6: [3, 6], k5e1: [5, 1], k3e1: [3, 1] }
    x = x -> SceneLayer(wide / SLIM, filter[0], filter[1], changed = move != 0,
                        stride = if move == 0 { 1 } else if move == 1 { [2, 1] } else { 2 })
  }
  require height(x) == 1 and width(x) == SCENE_WIDTH / 4

  y = x -> to_tokens
  scores = y -> reshape([tokens(y), 8, channels(y) / 8]) -> transpose([1, 0, 2]) -> relative_scores(table = waves) -> zero
  for k in 1..4 {
    y, scores = RelativeLayer(y, scores, 8, scaled = choose scaled { false, true }, relative = choose relative { false, true },
                              carried = choose carried { false, true }, gated = choose gated { false, true })
  }
  looks = y -> dense(channels(y)) -> tanh -> dense(LENGTH) -> transpose([1, 0]) -> softmax
  output text = matmul(looks, y) -> Letters(SCENE_LETTERS)
}

accelerator Server {
  technology 28nm   clock 1GHz
  memory dram   { width 256bit }
  memory buffer { size 2MB  width 256bit }
  chunk mac { array 32 x 32  runs conv, depthwise, dense, matmul, relative_scores  dataflow weight_stationary  precision fp16 }
}

search Main {
  space Handwriting   on Server
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64
    optimizer sgd { rate 0.05  momentum 0.9  weight_decay 0.00001  schedule cosine  warmup 0.5 }
    recalibration 512   judge 1000
  }
  explore evolution { population 16  generations 4 }
  maximize accuracy
  minimize latency
}

// The published networks: where the height and the width are halved, operators, and the wiring of the transformer layers.
architecture Reader of Handwriting {
  move[*] = keep   move[3] = height   move[9] = height   move[13] = height   move[14] = both   move[19] = both
  op[1] = k5e6   op[2] = k5e6   op[3] = k5e6   op[4] = k5e6   op[5] = k5e6   op[6] = k5e6   op[7] = k5e6   op[8] = k3e1   op[9] = k5e6   op[10] = k5e6
  op[11] = k5e6   op[12] = k5e6   op[13] = k5e1   op[14] = k5e1   op[15] = k5e1   op[16] = k5e6   op[17] = k5e1   op[18] = k5e1   op[19] = k5e6   op[20] = k5e6
  scaled[1] = true   scaled[2] = true   scaled[3] = false   scaled[4] = true
  relative[1] = false   relative[2] = false   relative[3] = true   relative[4] = true
  carried[1] = false   carried[2] = true   carried[3] = false   carried[4] = true
  gated[1] = true   gated[2] = false   gated[3] = true   gated[4] = true
}
architecture SceneReader of Scene {
  move[*] = keep   move[2] = height   move[11] = both   move[13] = height   move[18] = height   move[19] = both
  op[1] = k5e6   op[2] = k3e6   op[3] = k5e6   op[4] = k5e6   op[5] = k3e6   op[6] = k3e1   op[7] = k5e6   op[8] = k5e1   op[9] = k5e1   op[10] = k5e6
  op[11] = k3e6   op[12] = k3e6   op[13] = k3e6   op[14] = k5e6   op[15] = k5e6   op[16] = k3e6   op[17] = k3e6   op[18] = k5e6   op[19] = k5e6   op[20] = k5e6
  scaled[1] = true   scaled[2] = true   scaled[3] = true   scaled[4] = true
  relative[1] = true   relative[2] = true   relative[3] = false   relative[4] = true
  carried[1] = false   carried[2] = false   carried[3] = true   carried[4] = true
  gated[1] = false   gated[2] = false   gated[3] = false   gated[4] = true
}
