// A hybrid space for Fashion-MNIST (28x28 grey images): convolution, shift, add and attention candidates in every block.
// nasc search samples/hybrid-fashion.nas --data PATH/fashion-mnist, then nasc derive on the run it leaves.

const CLASSES = 10

/// One residual block: normalised mixing of the chosen kind, then an activation.
block Mixing(x, channels) {
  y = x -> choose mix {
    conv:  conv(channels, kernel = choose { 3, 5 }) -> batch_norm
    shift: shift(channels, kernel = choose { 3, 5 }) -> batch_norm
    add:   add(channels, kernel = 3) -> batch_norm
    attn:  attention(heads = choose { 2, 4 }, kind = choose { softmax, linear(feature = relu) }) -> batch_norm if height(x) <= 7
    skip:  zero
  }
  return relu(x + y)
}

/// Halves the map and sets the width; multiplies or shifts.
block Reduce(x, channels) {
  return x -> choose reduce {
    conv:  conv(channels, kernel = 3, stride = 2)
    shift: shift(channels, kernel = 3, stride = 2)
  } -> batch_norm -> relu
}

space HybridFashion {
  input image: f32[28, 28, 1]

  width1 = choose { 16, 24 }
  width2 = choose { 32, 48, 64 }
  depth1 = choose 1..3
  depth2 = choose 1..3

  x = image -> conv(width1, kernel = 3, stride = 2) -> batch_norm -> relu
  for i in 1..depth1 { x = Mixing(x, width1) }
  x = Reduce(x, width2)
  for j in 1..depth2 { x = Mixing(x, width2) }
  output classes = x -> global_pool -> dense(CLASSES)
}

// Multiplications need floating point (nothing here is trained for integers); shifts work on fixed point with five-bit weights.
accelerator Edge {
  technology 45nm   clock 250MHz
  memory dram   { width 64bit }
  memory buffer { size 108KB  width 64bit }
  chunk mac   { array 12 x 14  runs conv, depthwise, dense, attention  dataflow row_stationary  precision fp32 }
  chunk shift { array 8 x 16   runs shift  dataflow weight_stationary  precision int32 }
  chunk adder { array 8 x 16   runs add    dataflow output_stationary  precision fp32 }
}

search Main {
  space HybridFashion   on Edge
  seed 1
  data fashion_mnist { validation 6000 }
  supernet {
    epochs 8   batch 96   label_smoothing 0.05
    optimizer sgd { rate 0.1  momentum 0.9  weight_decay 0.0001  schedule cosine  warmup 0.5 }
    augment { flip true  shift 2 }
    recalibration 1000   judge 3000
  }
  ranker lambdarank { labels supernet, energy }
  explore evolution { population 40  generations 8  proposals 8 }
  maximize accuracy
  minimize energy
  subject to params <= 300K, latency <= 1ms, energy <= 52uJ
  derive {
    epochs 16   batch 96   label_smoothing 0.05
    optimizer sgd { rate 0.1  momentum 0.9  weight_decay 0.0002  schedule cosine  warmup 0.5 }
    augment { flip true  shift 1 }
  }
}

/// What the field would have used: the same skeleton with multiplications only.
architecture AllConv of HybridFashion {
  width1 = 24   width2 = 64   depth1 = 2   depth2 = 2
  mix[*] = conv   mix[*].conv.kernel = 3   reduce = conv
}
