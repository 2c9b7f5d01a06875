// ShiftAddNAS (You, Li, Shi, Fu, Lin, ICML 2022), the image space: sixteen layers of attention, convolution, bit shifts or additions, each
// at one of four resolutions that never rise again. As the published supernet has it, with these differences: `same` padding puts an odd
// zero to the bottom and right; the first layer always works at 56 pixels, because every allowed list of depths begins so.
// Still to come: the shared weights' transforms (a learned piecewise scale per kind of layer) and their auxiliary loss, the wider networks
// that the authors retrain, the translation space.
// -D WHOLE=true      everything that the published supernet holds weights for: additions and shifts at 7 pixels, any first resolution
// -D SHARED=true     one tensor for the kinds of a layer (convolution and addition; with PS=false shifts too)
// -D SIZE=32 -D COLOURS=1 -D CLASSES=10 -D STEM=8 -D PLANES=4 -D HEAD=4 is small enough to train in passing.

import { Attend } from "std/transformers"

const SIZE = 224
const COLOURS = 3
const CLASSES = 1000
const STEM = 64
/// Channels inside a bottleneck at 56 pixels; twice as many at each lower resolution, and four times as many between layers.
const PLANES = 32
/// Channels of a head.
const HEAD = 64
const WHOLE = false
const SHARED = false
/// A shift trains its exponent and its sign; else a weight that is rounded to a power of two.
const PS = true

/// How many layers stand at 56, 28 and 14 pixels; the rest of the sixteen at 7.
const PATTERNS = [
  [1, 1, 5], [1, 1, 6], [1, 2, 4], [1, 2, 5], [1, 3, 3], [1, 3, 4], [1, 4, 4], [1, 4, 5], [1, 5, 5], [2, 2, 3],
  [2, 2, 4], [2, 3, 3], [2, 3, 4], [2, 4, 4], [2, 4, 5], [3, 3, 3], [3, 3, 4], [3, 4, 4], [4, 4, 4],
]

// The kinds of layer, and of the depthwise layer that says where things are.
block Multiply(x, out, kernel, stride) { return x -> conv(out, kernel = kernel, stride = stride) }
block Shift(x, out, kernel, stride) { return if PS { x -> shift(out, kernel = kernel, stride = stride, mode = ps) } else { x -> shift(out, kernel = kernel, stride = stride) } }
block Add(x, out, kernel, stride) { return x -> add(out, kernel = kernel, stride = stride) }
block MultiplyPosition(x, stride) { return x -> depthwise(kernel = 3, stride = stride, bias = true) }
block ShiftPosition(x, stride) {
  return if PS { x -> shift(channels(x), kernel = 3, stride = stride, groups = channels(x), mode = ps, bias = true) }
    else { x -> shift(channels(x), kernel = 3, stride = stride, groups = channels(x)) }
}
block AddPosition(x, stride) { return x -> add(channels(x), kernel = 3, stride = stride, groups = channels(x)) }

/// One layer of the kind `op`; where weights are shared, those of this `part` of this place.
block Layer(x, op, out, kernel, stride, place, part) {
  return if SHARED { x -> op(out, kernel, stride) weights common[place][part] } else { x -> op(out, kernel, stride) }
}

/// The short way around.
block Around(x, op, out, halve, place) {
  return if halve { x -> Layer(op, out, 3, 2, place, 1) -> batch_norm -> relu }
    else if channels(x) == out { x }
    else { x -> Layer(op, out, 1, 1, place, 2) -> batch_norm -> relu }
}

/// To fewer channels, and to half the map where a resolution begins.
block Narrow(x, op, position, planes, halve, place) {
  return if halve { x -> Layer(op, planes, 1, 1, place, 3) -> position(2) -> batch_norm -> relu }
    else { x -> Layer(op, planes, 1, 1, place, 4) -> position(1) -> batch_norm -> relu }
}

/// A bottleneck whose layers are all of one kind.
block OfKind(x, op, position, out, halve, place) {
  y = x -> Narrow(op, position, out / 4, halve, place) -> Layer(op, out / 4, 3, 1, place, 5) -> batch_norm -> relu
        -> Layer(op, out, 1, 1, place, 6) -> batch_norm(scale_init = 0)
  return relu(y + Around(x, op, out, halve, place))
}

block ConvBlock(x, out, halve, place) { return x -> OfKind(Multiply, MultiplyPosition, out, halve, place) }
block AddBlock(x, out, halve, place) { return x -> OfKind(Add, AddPosition, out, halve, place) }
block ShiftBlock(x, out, halve, place) { return x -> OfKind(Shift, ShiftPosition, out, halve, place) }

/// A bottleneck around attention.
block AttentionBlock(x, out, halve) {
  planes = out / 4
  narrow = if halve { x -> conv(planes, kernel = 1) -> MultiplyPosition(2) -> batch_norm -> relu } else { x -> conv(planes, kernel = 1) -> MultiplyPosition(1) -> batch_norm -> relu }
  y = narrow -> Attend(planes / HEAD, planes) -> batch_norm -> relu -> conv(out, kernel = 1) -> batch_norm(scale_init = 0)
  short = if halve { x -> conv(out, kernel = 3, stride = 2) -> batch_norm -> relu } else if channels(x) == out { x } else { x -> conv(out, kernel = 1) -> batch_norm -> relu }
  return relu(y + short)
}

block At56(x, halve, place) {
  return x -> choose at56 {
    conv:  ConvBlock(4 * PLANES, halve, place)
    add:   AddBlock(4 * PLANES, halve, place)
    shift: ShiftBlock(4 * PLANES, halve, place)
  }
}
block At28(x, halve, place) {
  return x -> choose at28 {
    conv:  ConvBlock(8 * PLANES, halve, place)
    add:   AddBlock(8 * PLANES, halve, place)
    shift: ShiftBlock(8 * PLANES, halve, place)
  }
}
block At14(x, halve, place) {
  return x -> choose at14 {
    attention: AttentionBlock(16 * PLANES, halve)
    conv:      ConvBlock(16 * PLANES, halve, place)
    add:       AddBlock(16 * PLANES, halve, place)
    shift:     ShiftBlock(16 * PLANES, halve, place)
  }
}
block At7(x, halve, place) {
  return x -> choose at7 {
    attention: AttentionBlock(32 * PLANES, halve)
    conv:      ConvBlock(32 * PLANES, halve, place)
    add:       AddBlock(32 * PLANES, halve, place) if WHOLE
    shift:     ShiftBlock(32 * PLANES, halve, place) if WHOLE
  }
}

/// From the stem to the first layer, whatever its resolution.
block Entry(x, step) {
  return x -> depthwise(kernel = step, stride = step) -> conv(PLANES * step, kernel = 1) -> batch_norm
}

space HybridImages {
  input image: f32[SIZE, SIZE, COLOURS]

  stem = image -> conv(STEM, kernel = 7, stride = 2) -> batch_norm -> relu -> max_pool(3, stride = 2)

  // 3, 2, 1, 0 for 56, 28, 14, 7 pixels.
  level = choose first { 3, 2 if WHOLE, 1 if WHOLE, 0 if WHOLE }
  x = if level == 3 { stem -> Entry(1) -> At56(false, 13) }
    else if level == 2 { stem -> Entry(2) -> At28(false, 12) }
    else if level == 1 { stem -> Entry(4) -> At14(false, 11) }
    else { stem -> Entry(8) -> At7(false, 10) }
  for k in 2..16 {
    down = if level > 0 { choose { 0, 1 } } else { 0 }
    level = level - down
    halve = down == 1
    x = if level == 3 { x -> At56(false, 10 * k + 3) }
      else if level == 2 { x -> At28(halve, 10 * k + 2) }
      else if level == 1 { x -> At14(halve, 10 * k + 1) }
      else { x -> At7(halve, 10 * k) }
  }
  require WHOLE or [1 + count(level == 3), count(level == 2), count(level == 1)] in PATTERNS
  output classes = x -> global_pool -> dense(CLASSES)
}

/// Multiplications in floating point, shifts and additions in fixed point beside them.
accelerator Hybrid {
  technology 45nm   clock 250MHz
  memory dram   { width 64bit }
  memory buffer { size 128KB  width 64bit }
  chunk mac   { array 12 x 14  runs conv, depthwise, dense, attention, matmul  dataflow row_stationary  precision fp32 }
  chunk shift { array 8 x 16   runs shift  dataflow weight_stationary  precision int32 }
  chunk adder { array 8 x 16   runs add    dataflow output_stationary  precision fp32 }
}

search Main {
  space HybridImages   on Hybrid
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64   label_smoothing 0.1
    optimizer adamw { rate 0.0005  weight_decay 0.05  schedule cosine  warmup 0.5 }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, energy }
  explore evolution { population 50  generations 20  parents 10 }
  maximize accuracy
  minimize energy
  subject to params <= 16M
}

/// The two searched patterns that were published, here at the width of the supernet.
architecture MixV3 of HybridImages {
  first = 3   down[*] = 0   down[3] = 1   down[7] = 1   down[12] = 1
  at56 = conv   at56[*] = conv   at28[*] = conv
  at14[7] = shift   at14[8] = conv   at14[9] = attention   at14[10] = add   at14[11] = add
  at7[*] = attention   at7[14] = conv
}
architecture MixV4 of HybridImages {
  first = 3   down[*] = 0   down[3] = 1   down[7] = 1   down[12] = 1
  at56 = conv   at56[*] = conv   at28[*] = conv   at28[4] = shift
  at14[7] = shift   at14[8] = conv   at14[9] = attention   at14[10] = shift   at14[11] = shift
  at7[*] = attention   at7[14] = conv
}
