// Quickstart: a hybrid space on the built-in glyph images. Every layer may multiply, shift, add or be left out.
// `npx nasc search samples/quickstart.nas` trains the supernet, searches it and writes a report in a few minutes.

const CLASSES = 10

space Quickstart {
  input image: f32[28, 28, 1]

  width = choose { 8, 12, 16 }               // one decision, shared by every use of `width`
  depth = choose 2..3                        // an inclusive range

  x = image -> conv(width, kernel = 3, stride = 2) -> batch_norm -> relu
  x = x -> max_pool(2)
  for i in 1..depth {                        // later rounds are inactive in shallower networks
    x = (x + (x -> choose mix {              // one decision per round: mix[1], mix[2], mix[3]
      conv:  conv(width, kernel = choose { 3, 5 }) -> batch_norm
      shift: shift(width, kernel = 3) -> batch_norm
      add:   add(width, kernel = 3) -> batch_norm
      attn:  attention(heads = choose { 2, 4 }) -> batch_norm
    })) -> relu
  }
  output classes = x -> global_pool -> dense(CLASSES)

  require width % 4 == 0
}

// Multiplications run on a floating-point array; shifts and adds on two narrower integer arrays.
accelerator Edge {
  technology 45nm   clock 250MHz
  memory dram   { width 64bit }
  memory buffer { size 108KB  width 64bit }
  chunk mac   { array 12 x 14  runs conv, depthwise, dense, attention  dataflow row_stationary  precision fp32 }
  chunk shift { array 8 x 16   runs shift  dataflow weight_stationary  precision int32 }
  chunk adder { array 8 x 16   runs add    dataflow output_stationary  precision fp32 }
}

search Main {
  space Quickstart   on Edge
  seed 1
  data glyphs { limit 5000  validation 1000 }
  supernet {
    epochs 30   batch 64   label_smoothing 0.05
    optimizer sgd { rate 0.12  momentum 0.9  weight_decay 0.0001  schedule cosine  warmup 0.5 }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet }
  explore evolution { population 12  generations 4  proposals 6 }
  maximize accuracy
  minimize energy
  subject to params <= 15K, latency <= 150us
  derive { epochs 8   batch 64   optimizer sgd { rate 0.08  momentum 0.9  weight_decay 0.0001  schedule cosine } }
}
