// Neural Architecture Ranker (Guo et al., "Generalized Global Ranking-Aware Neural Architecture Ranker for Efficient Image Classifier
// Search", ACM Multimedia 2022): a ranker over existing cell spaces, which sorts networks into five tiers and draws candidates from the
// costs of the best one. Here are its two spaces. NAS-Bench-201 is whole; cells there are told apart by their edges' operators, as in the
// benchmark. NAS-Bench-101 has 423,624 cells on graphs of up to seven vertices; a table over its 21 edges at once is more than the check
// proves, so GRAPHS lists graphs (all of up to three vertices, one that forks, the benchmark's own example; add others), whose operators
// are free; cells that differ in the order of their vertices alone count more than once.
// Still to come: the tiers, the encoding of cells as matrices of operators, work and parameters, and the sampler that takes its caps from
// the histograms of the first tier; `ranker lambdarank` stands for the ranker.
// nasc search -D SIDE=16 -D CELLS=1 -D WIDTH101=16 runs quickly.

import { Network101, Network201, PointwiseEdge, PointwiseVertex, PoolVertex, WindowEdge, WindowVertex } from "std/cells"

const SIDE = 32
const COLOURS = 3
const CLASSES = 10
/// Cells per stage of NAS-Bench-201, per stack of NAS-Bench-101.
const CELLS = 5
const CELLS101 = 3
const WIDTH = 16
const WIDTH101 = 128

/// The inputs of each vertex, from vertex 1 to the output; vertex 0 is the input.
const GRAPHS = [
  [[0]],
  [[0], [1]],
  [[0], [0, 1]],
  [[0], [0], [1, 2]],
  [[0], [1], [2], [0], [0, 3, 4], [2, 5]],
]

/// An operator on each of six edges: 5^6 = 15,625.
space NasBench201 {
  input image: f32[SIDE, SIDE, COLOURS]
  edges = []
  for edge in 1..6 {
    edges = edges + [choose op {
      nothing: zero
      skip_connect: identity
      nor_conv_1x1: PointwiseEdge
      nor_conv_3x3: WindowEdge
      avg_pool_3x3: average_pool(3, stride = 1)
    }]
  }
  output classes = image -> Network201(edges, width = WIDTH, cells = CELLS, classes = CLASSES)
}

/// An operator in each inner vertex of a graph.
space NasBench101 {
  input image: f32[SIDE, SIDE, COLOURS]
  pattern = choose 0..length(GRAPHS) - 1
  graph = GRAPHS[pattern]
  ops = []
  for v in 1..5 {
    ops = ops + [if v < length(graph) { choose op { conv3x3: WindowVertex, conv1x1: PointwiseVertex, maxpool3x3: PoolVertex } } else { identity }]
  }
  output classes = image -> Network101(graph, ops, width = WIDTH101, cells = CELLS101, classes = CLASSES)
}

accelerator Gpu {
  technology 45nm   clock 1GHz
  memory dram   { width 64bit }
  memory buffer { size 512KB  width 128bit }
  chunk mac { array 16 x 16  runs conv, dense  dataflow weight_stationary  precision fp16 }
}

// 50 rounds, five candidates each, as published.
search Main {
  space NasBench201   on Gpu
  seed 1
  data cifar10 { validation 5000 }
  supernet {
    epochs 20   batch 128
    optimizer sgd { rate 0.05  momentum 0.9  weight_decay 0.0001  schedule cosine  clip 5 }
    recalibration 512   judge 2000
  }
  ranker lambdarank { labels supernet, macs, params }
  explore evolution { population 5  generations 50 }
  maximize accuracy
  minimize macs
}

/// The cells that the authors publish as examples of their encodings.
architecture Example201 of NasBench201 { op[1] = avg_pool_3x3  op[2] = nor_conv_1x1  op[3] = skip_connect  op[4] = nor_conv_1x1  op[5] = skip_connect  op[6] = skip_connect }
architecture Example101 of NasBench101 { pattern = 4  op[1] = conv3x3  op[2] = maxpool3x3  op[3] = conv3x3  op[4] = conv3x3  op[5] = conv1x1 }
