// NASA (Shi, You, Zhao, Wang, Lin, ICCAD 2022): a network of FBNet's form whose blocks multiply, shift or add, and an accelerator that gives
// each kind of arithmetic an array of its own. As the released search has it (CIFAR, 32x32 images): candidates of one kind and kernel share
// the weights of the widest, kinds share nothing, the three first and three last layers do not add. Its follower NASA-F (TCAS-I 2023) takes
// the space of AttentiveNAS, whose stages choose widths, depth, kernel and expansion, and lets each layer multiply or add. Differences:
// `same` padding puts an odd zero to the bottom and right; what differs between training and inference (6-bit weights of additions) is not
// said here; squeezing multiplies in blocks that add, too. Of NASA-F's thirteen networks three are known to us.
// Still to come: the search by gradients and its staged training, and the sandwich rule of the follower.
// -D COLOURS=1 -D WIDTH=4 -D HEAD=32 is small enough to train in passing.

import { NasaBalanced, NasaLike } from "std/accelerators"
import { ConvBN } from "std/blocks"

const COLOURS = 3
const CLASSES = 10
const SIDE = 32
/// 1 on CIFAR, 2 on ImageNet.
const STEM_STRIDE = 1
/// Channels of the stem; the stages are multiples of it.
const WIDTH = 16
const HEAD = 1504
/// Channels of NASA-F's space are divided by it.
const NARROW = 1

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

// NASA-F: an inverted residual, all in one kind of arithmetic.
block Inverted(x, out, kernel, expand, stride, squeezes, full, each) {
  wide = channels(x) * expand
  widened = if expand == 1 { x } else { x -> full(wide, 1) -> batch_norm -> silu }
  filtered = widened -> each(kernel, stride) -> batch_norm -> silu
  weighed = if squeezes { filtered -> Squeeze(full) } else { filtered }
  y = weighed -> full(out, 1) -> batch_norm
  return if stride == 1 and channels(x) == out { x + y } else { y }
}

/// Squeezed to a quarter of the channels, a multiple of eight that does not lose a tenth.
block Squeeze(x, full) {
  quarter = floor(channels(x) / 4)
  near = round_to(quarter, 8)
  squeezed = if near < 0.9 * quarter { near + 8 } else { near }
  weights = if AS_SIMULATED { x -> full(squeezed, 1) -> silu -> full(channels(x), 1) -> sigmoid }
    else { x -> global_pool -> dense(squeezed) -> silu -> dense(channels(x)) -> sigmoid }
  return x * weights
}

block Stage(x, out, depth, kernel, expand, stride, squeezes) {
  for k in 1..depth {
    x = x -> choose kind {
      conv: Inverted(out, kernel, expand, if k == 1 { stride } else { 1 }, squeezes, Multiply, MultiplyEach)
      add:  Inverted(out, kernel, expand, if k == 1 { stride } else { 1 }, squeezes, Add, AddEach)
    }
  }
  return x
}

space MultiplyAdd {
  input image: f32[SIDE, SIDE, COLOURS]

  x = image -> ConvBN(choose first { 16, 24 } / NARROW, stride = STEM_STRIDE)
  x = x -> Stage(choose width1 { 16, 24 } / NARROW, choose depth1 { 1, 2 }, choose kernel1 { 3, 5 }, 1, 1, false)
  x = x -> Stage(choose width2 { 24, 32 } / NARROW, choose depth2 { 3, 4, 5 }, choose kernel2 { 3, 5 }, choose expand2 { 4, 5, 6 }, 2, false)
  x = x -> Stage(choose width3 { 32, 40 } / NARROW, choose depth3 { 3, 4, 5, 6 }, choose kernel3 { 3, 5 }, choose expand3 { 4, 5, 6 }, 2, true)
  x = x -> Stage(choose width4 { 64, 72 } / NARROW, choose depth4 { 3, 4, 5, 6 }, choose kernel4 { 3, 5 }, choose expand4 { 4, 5, 6 }, 2, false)
  x = x -> Stage(choose width5 { 112, 120, 128 } / NARROW, choose depth5 { 3, 4, 5, 6, 7, 8 }, choose kernel5 { 3, 5 }, choose expand5 { 4, 5, 6 }, 1, true)
  x = x -> Stage(choose width6 { 192, 200, 208, 216 } / NARROW, choose depth6 { 3, 4, 5, 6, 7, 8 }, choose kernel6 { 3, 5 }, 6, 2, true)
  x = x -> Stage(choose width7 { 216, 224 } / NARROW, choose depth7 { 1, 2 }, choose kernel7 { 3, 5 }, 6, 1, true)
  pooled = x -> ConvBN(6 * channels(x), kernel = 1) -> global_pool
  output classes = pooled -> dense(choose last { 1792, 1984 } / NARROW) -> silu -> dense(CLASSES)
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

/// The same on chunks that are sized for each network, as NASA has it. What a layer costs then depends on all others: bounds of energy and
/// period over the space are sampled, figures of one network are exact.
///   nasc cost samples/02-nasa.nas --search Sized --architecture Shipped --timeline period.svg
search Sized {
  space MultiplyShiftAdd   on NasaBalanced
  seed 1
  data cifar10 { validation 10000 }
  supernet {
    epochs 8   batch 128
    optimizer sgd { rate 0.1  momentum 0.9  weight_decay 0.0001  schedule cosine }
    augment { flip true  shift 4 }
    recalibration 512   judge 1000
  }
  explore evolution { population 50  generations 20 }
  maximize accuracy
  minimize energy, period
  subject to macs <= 120M
}

/// NASA-F's: 100 parents, 45 mutants and 45 crossings in each generation.
search Follower {
  space MultiplyAdd   on NasaLike
  seed 1
  data cifar10 { validation 10000 }
  supernet {
    epochs 8   batch 128
    optimizer sgd { rate 0.1  momentum 0.9  weight_decay 0.0001  schedule cosine }
    augment { flip true  shift 4 }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, energy }
  explore evolution { population 100  generations 14  parents 45 }
  maximize accuracy
  minimize energy, period
}

// nasc cost samples/02-nasa.nas --search Simulated --architecture F0 -D AS_SIMULATED=true    prices F0 as NASA-F's simulator does
/// NASA-F's simulator prices squeezing as if it were done at every position, and in the arithmetic of its block.
const AS_SIMULATED = false
/// Elements of the arrays on which it ran F0: in the area of 168 multiplying ones, so many that both arrays take equal time for its operations.
const MULTIPLIERS = 143
const ADDERS = 46
/// NASA-F's accelerator as its simulator has it: the words of `nasa_predictor`, with the elements that its rule gives to one network.
accelerator NasaF {
  technology 45nm   clock 250MHz
  memory dram    { width 16bit  read 200pJ  bandwidth 1000GBps }
  memory buffer  { size 262140B  width 16bit  read 6pJ  write 0pJ }
  memory inputs  { size 96B     width 16bit  read 1pJ  per pe  holds inputs }
  memory weights { size 224B    width 16bit  read 1pJ  per pe  holds weights }
  memory sums    { size 32B     width 16bit  read 1pJ  per pe  holds outputs }
  chunk mac   { array 1 x (MULTIPLIERS)  runs conv, depthwise, dense  dataflow row_stationary  precision int8 { psum 8bit }  point 0.2pJ  network 1pJ }
  chunk adder { array 1 x (ADDERS)       runs add  dataflow row_stationary  precision int8 { weights 6bit  activations 6bit  psum 6bit }  point 0.2pJ  network 1pJ }
  mapper { minimize edp  convention rice_eic }
}

search Simulated {
  space MultiplyAdd   on NasaF
  seed 1
  data cifar10 { validation 10000 }
  explore evolution { population 100  generations 14  parents 45 }
  maximize accuracy
  minimize energy, period
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

// NASA-F's networks 0, 11 and 12.
architecture F0 of MultiplyAdd {
  first = 24   last = 1984
  width1 = 24   depth1 = 1   kernel1 = 3   kind[*] = conv
  width2 = 32   depth2 = 5   kernel2 = 5   expand2 = 5   kind#2[*] = conv
  width3 = 40   depth3 = 5   kernel3 = 5   expand3 = 6   kind#3[*] = conv   kind#3[5] = add
  width4 = 64   depth4 = 5   kernel4 = 3   expand4 = 4   kind#4[*] = conv   kind#4[4] = add   kind#4[5] = add
  width5 = 120   depth5 = 4   kernel5 = 5   expand5 = 4   kind#5[*] = conv   kind#5[2] = add   kind#5[3] = add
  width6 = 192   depth6 = 3   kernel6 = 5   kind#6[*] = conv   kind#6[3] = add
  width7 = 224   depth7 = 2   kernel7 = 3   kind#7[*] = conv   kind#7[2] = add
}
architecture F11 of MultiplyAdd {
  first = 24   last = 1984
  width1 = 16   depth1 = 1   kernel1 = 3   kind[*] = conv
  width2 = 24   depth2 = 5   kernel2 = 5   expand2 = 4   kind#2[*] = conv
  width3 = 40   depth3 = 3   kernel3 = 5   expand3 = 6   kind#3[*] = conv
  width4 = 64   depth4 = 5   kernel4 = 3   expand4 = 4   kind#4[*] = conv   kind#4[3] = add   kind#4[4] = add   kind#4[5] = add
  width5 = 120   depth5 = 5   kernel5 = 3   expand5 = 4   kind#5[*] = conv   kind#5[2] = add   kind#5[3] = add   kind#5[5] = add
  width6 = 192   depth6 = 3   kernel6 = 5   kind#6[*] = conv   kind#6[2] = add   kind#6[3] = add
  width7 = 216   depth7 = 1   kernel7 = 3   kind#7[*] = conv
}
architecture F12 of MultiplyAdd {
  first = 24   last = 1984
  width1 = 16   depth1 = 1   kernel1 = 3   kind[*] = conv
  width2 = 24   depth2 = 3   kernel2 = 5   expand2 = 4   kind#2[*] = conv
  width3 = 40   depth3 = 3   kernel3 = 5   expand3 = 6   kind#3[*] = conv
  width4 = 64   depth4 = 5   kernel4 = 3   expand4 = 6   kind#4[*] = conv   kind#4[3] = add   kind#4[4] = add
  width5 = 120   depth5 = 5   kernel5 = 5   expand5 = 4   kind#5[*] = conv   kind#5[3] = add   kind#5[5] = add
  width6 = 192   depth6 = 3   kernel6 = 3   kind#6[*] = conv   kind#6[2] = add   kind#6[3] = add
  width7 = 216   depth7 = 1   kernel7 = 5   kind#7[*] = conv
}
