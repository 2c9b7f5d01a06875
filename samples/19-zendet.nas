// ZenDet / MAE-DET (Sun et al., "MAE-DET: Revisiting Maximum Entropy Principle in Zero-Shot NAS for Efficient Object Detection", ICML
// 2022; Lin et al., "Zen-NAS", ICCV 2021): sizes a backbone for detectors, a list of super-blocks of which each has a width, a kernel, a
// neck and a number of layers, under budgets on work, parameters and layers.
// The published search starts from a seed and changes fields by factors; here every field has a range that holds the seed, ResNet-50's
// layout and the three published backbones. Between the super-blocks of strides 8 and 16 one without stride may stand, as in the seed.
// Not here yet: the entropy score (the search below trains a supernet instead), changes by factors, detection, mixed precision.
// nasc search -D HEIGHT=32 -D WIDTH=32 -D SHRINK=4 -D MACS=10M runs on images of 32x32 pixels.

import { ConvBN } from "std/blocks"
import { SuperBlock } from "std/detection"

const HEIGHT = 480
const WIDTH = 480
const CHANNELS = 3
const CLASSES = 10
const SHRINK = 1                                     // divides all widths; 1, 2 or 4
const LAYERS = 111                                   // convolutions on the main path, at most
const MACS = 18.8G

/// The maps of strides 8, 16 and 32.
block Backbone(image) {
  stem = choose 32..80 by 8
  stem_kernel = choose { 3, 7 }
  out2 = choose 48..256 by 8
  neck2 = choose 32..80 by 8
  kernel2 = choose { 3, 5 }
  layers2 = choose 1..3
  out3 = choose 272..608 by 8
  neck3 = choose 72..128 by 8
  kernel3 = choose { 3, 5 }
  layers3 = choose 1..12
  out4 = choose 768..1912 by 8
  neck4 = choose [80, 96, 112, 136, 160, 192, 224, 256]
  kernel4 = choose { 3, 5 }
  layers4 = choose 1..12
  more = choose { false, true }                      // the super-block without stride: one layer of the seed's size
  out5 = choose 2048..2400 by 8
  neck5 = choose [184, 220, 240, 272, 320, 384, 448, 512]
  kernel5 = choose { 3, 5 }
  layers5 = choose 1..12

  // No stage is narrower than the one before it. The published code also has widths grow at most fourfold and necks of at least a tenth
  // of a width; its seed and its published backbones keep to neither, so the bounds here are eight and fifteen.
  require stem <= out2 and out2 <= 8 * stem and out3 <= 8 * out2 and out4 <= 8 * out3
  require 15 * neck4 >= out4 and 15 * neck5 >= out5
  require 1 + 3 * (layers2 + layers3 + layers4 + layers5) <= LAYERS

  x = image -> ConvBN(stem / SHRINK, kernel = stem_kernel, stride = 2) -> SuperBlock(out2 / SHRINK, neck2 / SHRINK, kernel = kernel2, layers = layers2)
  c3 = x -> SuperBlock(out3 / SHRINK, neck3 / SHRINK, kernel = kernel3, layers = layers3)
  y = c3 -> SuperBlock(out4 / SHRINK, neck4 / SHRINK, kernel = kernel4, layers = layers4)
  c4 = if more { y -> SuperBlock(1024 / SHRINK, 256 / SHRINK, stride = 1) } else { y }
  c5 = c4 -> SuperBlock(out5 / SHRINK, neck5 / SHRINK, kernel = kernel5, layers = layers5)
  return c3, c4, c5
}

/// What a detector reads, behind the class scores that the backbone is trained with first.
space Detector {
  input image: f32[HEIGHT, WIDTH, CHANNELS]
  c3, c4, c5 = Backbone(image)
  output classes = c5 -> global_pool -> dense(CLASSES)
  output stride8 = c3
  output stride16 = c4
  output stride32 = c5
}

accelerator Server {
  technology 45nm   clock 1GHz
  memory dram   { width 256bit }
  memory buffer { size 4MB  width 512bit }
  chunk mac { array 64 x 64  runs conv, dense  dataflow weight_stationary  precision fp16 }
}

search Main {
  space Detector   on Server
  seed 1
  data cifar10 { validation 2000 }
  supernet {
    epochs 10   batch 64
    optimizer sgd { rate 0.05  momentum 0.9  weight_decay 0.00005  schedule cosine  warmup 1 }
    recalibration 512   judge 1000
  }
  explore evolution { population 20  generations 5 }
  maximize accuracy
  minimize latency
  subject to macs <= MACS
}

/// ResNet-50 with a block of stride 2 in the place of the pooling behind its stem.
architecture ResNet50Layout of Detector {
  stem = 64  stem_kernel = 7  more = false
  out2 = 256  kernel2 = 3  layers2 = 3  neck2 = 64
  out3 = 512  kernel3 = 3  layers3 = 4  neck3 = 128
  out4 = 1024  kernel4 = 3  layers4 = 6  neck4 = 256
  out5 = 2048  kernel5 = 3  layers5 = 3  neck5 = 512
}
/// Where the published search starts.
architecture Seed of Detector {
  stem = 32  stem_kernel = 3  more = true
  out2 = 256  kernel2 = 3  layers2 = 1  neck2 = 64
  out3 = 512  kernel3 = 3  layers3 = 1  neck3 = 128
  out4 = 768  kernel4 = 3  layers4 = 1  neck4 = 256
  out5 = 2048  kernel5 = 3  layers5 = 1  neck5 = 512
}
// The published backbones.
architecture MaeDetS of Detector {
  stem = 32  stem_kernel = 3  more = false
  out2 = 48  kernel2 = 5  layers2 = 2  neck2 = 32
  out3 = 272  kernel3 = 3  layers3 = 4  neck3 = 120
  out4 = 1024  kernel4 = 5  layers4 = 10  neck4 = 80
  out5 = 2048  kernel5 = 3  layers5 = 10  neck5 = 240
}
architecture MaeDetM of Detector {
  stem = 64  stem_kernel = 3  more = false
  out2 = 120  kernel2 = 3  layers2 = 2  neck2 = 64
  out3 = 512  kernel3 = 5  layers3 = 10  neck3 = 72
  out4 = 1632  kernel4 = 5  layers4 = 10  neck4 = 112
  out5 = 2048  kernel5 = 5  layers5 = 8  neck5 = 184
}
architecture MaeDetL of Detector {
  stem = 80  stem_kernel = 3  more = false
  out2 = 144  kernel2 = 3  layers2 = 2  neck2 = 80
  out3 = 608  kernel3 = 5  layers3 = 12  neck3 = 88
  out4 = 1912  kernel4 = 5  layers4 = 12  neck4 = 136
  out5 = 2400  kernel5 = 5  layers5 = 10  neck5 = 220
}
