// NASA (Shi, You, Zhao, Wang, Lin, ICCAD 2022): a network of FBNet's form whose blocks multiply, shift or add, and an accelerator that gives
// each kind of arithmetic an array of its own. As the released search has it (CIFAR, 32x32 images): candidates of one kind and kernel share
// the weights of the widest, kinds share nothing, the three first and three last layers do not add. Differences: `same` padding puts an odd
// zero to the bottom and right; what differs between training and inference (6-bit weights of additions) is not said here.
// Still to come: the search by gradients and its staged training.
// -D COLOURS=1 -D WIDTH=4 -D HEAD=32 is small enough to train in passing.

import { NasaLike } from "std/accelerators"
import { ConvBN } from "std/blocks"

const COLOURS = 3
const CLASSES = 10
const SIDE = 32
/// 1 on CIFAR, 2 on ImageNet.
const STEM_STRIDE = 1
/// Channels of the stem; the stages are multiples of it.
const WIDTH = 16
const HEAD = 1504

/// Channels, layers, and the stride of the first layer of each stage.
const STAGES = [[1, 1, 1], [1.5, 4, 1], [2, 4, 2], [4, 4, 2], [7, 4, 1], [11.5, 4, 2], [22, 1, 1]]

// The kinds of layer: full, and one window per channel.
block Multiply(x, out, kernel) { return x -> conv(out, kernel = kernel) }
block Shift(x, out, kernel) { return x -> shift(out, kernel = kernel, bits = 6) }
block Add(x, out, kernel) { return x -> add(out, kernel = kernel) }
block MultiplyEach(x, kernel, stride) { return x -> depthwise(kernel = kernel, stride = stride) }
block ShiftEach(x, kernel, stride) { return x -> shift(channels(x), kernel = kernel, stride = stride, groups = channels(x), bits = 6) }
block AddEach(x, kernel, stride) { return x -> add(channels(x), kernel = kernel, stride = stride, groups = channels(x)) }

/// Widen, filter, narrow, all in one kind of arithmetic.
block OfKind(x, out, kernel, stride, full, each) {
  wide = channels(x) * choose expand { 6, 3, 1 }
  y = x -> full(wide, 1) -> batch_norm -> relu -> each(kernel, stride) -> batch_norm -> relu -> full(out, 1) -> batch_norm(scale_init = 0)
  return if stride == 1 and channels(x) == out { x + y } else { y }
}

block Skip(x, out, stride) {
  return if stride == 1 and channels(x) == out { x } else { x -> ConvBN(out, kernel = 1, stride = stride) }
}

/// One layer; `adds` says whether it may add.
block Candidates(x, out, stride, adds) {
  return x -> choose op {
    conv3:  OfKind(out, 3, stride, Multiply, MultiplyEach)
    conv5:  OfKind(out, 5, stride, Multiply, MultiplyEach)
    shift3: OfKind(out, 3, stride, Shift, ShiftEach)
    shift5: OfKind(out, 5, stride, Shift, ShiftEach)
    add3:   OfKind(out, 3, stride, Add, AddEach) if adds
    add5:   OfKind(out, 5, stride, Add, AddEach) if adds
    skip:   Skip(out, stride)
  }
}

space MultiplyShiftAdd {
  input image: f32[SIDE, SIDE, COLOURS]

  x = image -> ConvBN(WIDTH, stride = STEM_STRIDE)
  for k in 1..22 {
    stage = if k == 1 { 0 } else { floor((k + 2) / 4) }
    first = k == 1 or k % 4 == 2
    row = STAGES[stage]
    x = x -> Candidates(WIDTH * row[0], if first { row[2] } else { 1 }, k > 3 and k < 20)
  }
  output classes = x -> ConvBN(HEAD, kernel = 1) -> global_pool -> dense(CLASSES)
}

search Main {
  space MultiplyShiftAdd   on NasaLike
  seed 1
  data cifar10 { validation 10000 }
  supernet {
    epochs 8   batch 128
    optimizer sgd { rate 0.1  momentum 0.9  weight_decay 0.0001  schedule cosine }
    augment { flip true  shift 4 }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, energy }
  explore evolution { population 50  generations 20 }
  maximize accuracy
  minimize energy, period
  subject to macs <= 120M
}

/// The hybrid that the authors' code ships, layer by layer.
architecture Shipped of MultiplyShiftAdd {
  op[1] = conv3  op[1].conv3.expand = 6   op[2] = conv5  op[2].conv5.expand = 3   op[3] = conv3  op[3].conv3.expand = 3
  op[4] = add5  op[4].add5.expand = 3   op[5] = add5  op[5].add5.expand = 3   op[6] = conv5  op[6].conv5.expand = 3
  op[7] = add5  op[7].add5.expand = 3   op[8] = add3  op[8].add3.expand = 3   op[9] = add3  op[9].add3.expand = 3
  op[10] = conv5  op[10].conv5.expand = 6   op[11] = add3  op[11].add3.expand = 6   op[12] = add3  op[12].add3.expand = 6
  op[13] = shift3  op[13].shift3.expand = 3   op[14] = conv3  op[14].conv3.expand = 6   op[15] = shift3  op[15].shift3.expand = 6
  op[16] = shift3  op[16].shift3.expand = 3   op[17] = conv3  op[17].conv3.expand = 3   op[18] = conv5  op[18].conv5.expand = 6
  op[19] = shift3  op[19].shift3.expand = 3   op[20] = shift5  op[20].shift5.expand = 6   op[21] = shift5  op[21].shift5.expand = 6
  op[22] = shift5  op[22].shift5.expand = 6
}
