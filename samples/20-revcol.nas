// RevCol (Cai et al., "Reversible Column Networks", ICLR 2023): copies of a small backbone, column by column, each level of which also keeps
// a scaled copy of itself from the column before. The paper searches nothing; here the number of columns, the width, the depths, the
// kernel and one more link are choices, and its networks are points of the space.
// That a column's input follows from its output is checked. Not here yet: training that therefore keeps no activations, and with it the
// lower bound on the scales (1e-3); the loss of the decoded images. Enlargement is bilinear with pixel centres, not corners, aligned.
// nasc search -D SIDE=32 -D CLASSES=10 -D UNIT=1 runs on images of 32x32 pixels.

import { Column, ColumnDecoder, PooledClassifier } from "std/columns"

const SIDE = 224
const CHANNELS = 3
const CLASSES = 1000
const DROP = 0.1
const UNIT = 8                                       // widths are multiples of it

block Stem(x, width) {
  return x -> conv(width, kernel = 4, stride = 4, padding = valid, bias = true) -> layer_norm(epsilon = 0.000001)
}

space RevCol {
  input image: f32[SIDE, SIDE, CHANNELS]

  quarter = choose { 1, 2, 4 }                       // 4, 8 or 16 columns
  base = choose { 8, 9, 16, 28, 45 }                 // the width of the lowest level, in units
  depth0 = choose 1..2
  depth1 = choose 1..2
  depth2 = choose 3..6
  kernel = choose { 3, 5, 7 }
  top = choose { false, true }                       // the lowest level also reads the highest of the column before

  x = image -> Stem(base * UNIT)
  levels = Column(x, [], [depth0, depth1, depth2, 2], kernel = kernel, drop = DROP)
  for column in 2..4 * quarter { levels = Column(x, levels, [depth0, depth1, depth2, 2], kernel = kernel, drop = DROP, top = top) }
  output classes = levels[3] -> PooledClassifier(CLASSES)
}

/// While training: after each quarter of the columns class scores, and after the first three a decoded image beside them.
space Supervised {
  input image: f32[SIDE, SIDE, CHANNELS]

  quarter = choose { 1, 2, 4 }
  base = choose { 8, 9, 16, 28, 45 }
  depth0 = choose 1..2
  depth1 = choose 1..2
  depth2 = choose 3..6
  top = choose { false, true }

  x = image -> Stem(base * UNIT)
  levels = []
  scores = []
  images = []
  for part in 1..4 {
    for column in 1..quarter { levels = Column(x, levels, [depth0, depth1, depth2, 2], drop = DROP, top = top) }
    scores = scores + [levels[3] -> PooledClassifier(CLASSES)]
    if part < 4 { images = images + [levels[3] -> ColumnDecoder(colours = CHANNELS)] }
  }
  output classes = scores[3]
  output classes1 = scores[0]
  output classes2 = scores[1]
  output classes3 = scores[2]
  output image1 = images[0]
  output image2 = images[1]
  output image3 = images[2]
}

accelerator Server {
  technology 45nm   clock 1GHz
  memory dram   { width 256bit }
  memory buffer { size 4MB  width 512bit }
  chunk mac { array 64 x 64  runs conv, depthwise, dense  dataflow weight_stationary  precision fp16 }
}

search Main {
  space RevCol   on Server
  seed 1
  data cifar10 { validation 2000 }
  supernet {
    epochs 10   batch 64   label_smoothing 0.1
    optimizer adam { rate 0.001  weight_decay 0.05  schedule cosine  warmup 1 }
    judge 1000
  }
  explore evolution { population 20  generations 5 }
  maximize accuracy
  minimize macs, params
}

// The published networks.
architecture RevCol_T of RevCol { quarter = 1  base = 8  depth0 = 2  depth1 = 2  depth2 = 4  top = false  kernel = 3 }
architecture Supervised_T of Supervised { quarter = 1  base = 8  depth0 = 2  depth1 = 2  depth2 = 4  top = false }
architecture RevCol_S of RevCol { quarter = 2  base = 8  depth0 = 2  depth1 = 2  depth2 = 4  top = false  kernel = 3 }
architecture Supervised_S of Supervised { quarter = 2  base = 8  depth0 = 2  depth1 = 2  depth2 = 4  top = false }
architecture RevCol_B of RevCol { quarter = 4  base = 9  depth0 = 1  depth1 = 1  depth2 = 3  top = false  kernel = 3 }
architecture Supervised_B of Supervised { quarter = 4  base = 9  depth0 = 1  depth1 = 1  depth2 = 3  top = false }
architecture RevCol_L of RevCol { quarter = 2  base = 16  depth0 = 1  depth1 = 2  depth2 = 6  top = false  kernel = 3 }
architecture Supervised_L of Supervised { quarter = 2  base = 16  depth0 = 1  depth1 = 2  depth2 = 6  top = false }
architecture RevCol_XL of RevCol { quarter = 2  base = 28  depth0 = 1  depth1 = 2  depth2 = 6  top = false  kernel = 3 }
architecture Supervised_XL of Supervised { quarter = 2  base = 28  depth0 = 1  depth1 = 2  depth2 = 6  top = false }
architecture RevCol_H of RevCol { quarter = 2  base = 45  depth0 = 1  depth1 = 2  depth2 = 6  top = true  kernel = 3 }
architecture Supervised_H of Supervised { quarter = 2  base = 45  depth0 = 1  depth1 = 2  depth2 = 6  top = true }
