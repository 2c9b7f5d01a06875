// AceNAS (Zhang et al., "AceNAS: Learning to Rank Ace Neural Architectures with Weak Supervision of Weight Sharing", 2021): a ranker that
// is trained to put the best networks first (LambdaRank), on weak labels of a supernet, work and size. It ranks any space; here are two
// of those that it was shown on, NAS-Bench-201 and ProxylessNAS' chain of 21 layers, and `nasc search` with `ranker lambdarank` for its
// method. The widths of the chain are those of ProxylessNAS, recalled, since the dossier does not print them. In place of batch norm
// without running statistics, statistics are recalibrated before a network is judged. Not here: NAS-Bench-101, the NDS cells, the graph
// network that encodes architectures.
// nasc search -D PROXYLESS_SIDE=32 -D CHANNELS=3 -D DEPTH=1 runs quickly.

import { ConvBN, MBConv } from "std/blocks"
import { Network201, PointwiseEdge, WindowEdge } from "std/cells"

const SIDE = 32
const CHANNELS = 3
const CLASSES = 10
const DEPTH = 5                                      // cells per stage
const WIDTH = 16
const PROXYLESS_SIDE = 224
const PROXYLESS_CLASSES = 1000
const SHRINK = 1                                     // divides the widths of the chain; 1, 2, 4 or 8

/// One cell, the same all over the network: 5^6 = 15,625.
space NasBench201 {
  input image: f32[SIDE, SIDE, CHANNELS]

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
  output classes = image -> Network201(edges, width = WIDTH, cells = DEPTH, classes = CLASSES)
}

/// ProxylessNAS' chain: 21 layers of six kinds; all but the first of a stage may be left out.
space Chain {
  input image: f32[PROXYLESS_SIDE, PROXYLESS_SIDE, CHANNELS]

  layers = [4, 4, 4, 4, 4, 1]
  widths = [24, 40, 80, 96, 192, 320]
  strides = [2, 2, 2, 1, 2, 1]
  x = image -> ConvBN(32 / SHRINK, stride = 2, act = relu6) -> MBConv(16 / SHRINK, expand = 1)
  for stage in 1..6 {
    out = widths[stage - 1] / SHRINK
    for layer in 1..layers[stage - 1] {
      stride = if layer == 1 { strides[stage - 1] } else { 1 }
      x = x -> choose op {
        k3e3: MBConv(out, kernel = 3, expand = 3, stride = stride)
        k5e3: MBConv(out, kernel = 5, expand = 3, stride = stride)
        k7e3: MBConv(out, kernel = 7, expand = 3, stride = stride)
        k3e6: MBConv(out, kernel = 3, expand = 6, stride = stride)
        k5e6: MBConv(out, kernel = 5, expand = 6, stride = stride)
        k7e6: MBConv(out, kernel = 7, expand = 6, stride = stride)
        skip: identity if layer > 1
      }
    }
  }
  output classes = x -> ConvBN(1280 / SHRINK, kernel = 1, act = relu6) -> global_pool -> dense(PROXYLESS_CLASSES)
}

accelerator Phone {
  technology 45nm   clock 1GHz
  memory dram   { width 64bit }
  memory buffer { size 512KB  width 128bit }
  chunk mac { array 16 x 16  runs conv, depthwise, dense  dataflow weight_stationary  precision fp16 }
}

// 10 rounds of 10: half by the ranker, half at random, as in the paper with a budget of 100.
search Cells {
  space NasBench201   on Phone
  seed 1
  data cifar10 { validation 2000 }
  supernet {
    epochs 20   batch 128
    optimizer sgd { rate 0.05  momentum 0.9  weight_decay 0.0001  schedule cosine  clip 5 }
    recalibration 512   judge 2000
  }
  ranker lambdarank { labels supernet, macs, params }
  explore evolution { population 10  generations 10  proposals 5 }
  maximize accuracy
  minimize macs
}

search Chains {
  space Chain   on Phone
  seed 1
  data cifar10 { validation 2000 }
  supernet {
    epochs 20   batch 128   label_smoothing 0.1
    optimizer sgd { rate 0.05  momentum 0.9  weight_decay 0.0001  schedule cosine  warmup 1  clip 5 }
    recalibration 512   judge 2000
  }
  ranker lambdarank { labels supernet, macs, params, latency }
  explore evolution { population 10  generations 10  proposals 5 }
  maximize accuracy
  minimize latency
}

/// Rows 0 and 1 of the benchmark, and its largest cell.
architecture Cell0 of NasBench201 { op[1] = avg_pool_3x3  op[2] = nor_conv_1x1  op[3] = skip_connect  op[4] = nor_conv_1x1  op[5] = skip_connect  op[6] = skip_connect }
architecture Cell1 of NasBench201 { op[1] = nor_conv_3x3  op[2] = nor_conv_3x3  op[3] = avg_pool_3x3  op[4] = skip_connect  op[5] = nor_conv_3x3  op[6] = skip_connect }
architecture CellLargest of NasBench201 { op[*] = nor_conv_3x3 }
