// Mobile blocks of mixed kind, as in NASA (Shi et al., ICCAD 2022): the pointwise layers of each inverted residual multiply, shift or add,
// and the accelerator has a chunk for each kind. Shows the standard library; runs on the built-in glyphs.

import { ConvBN, MBConv, Classifier } from "std/blocks"
import { NasaLike } from "std/accelerators"

const CLASSES = 10

/// `depth` mobile blocks of one width; the first may halve the map.
block Stage(x, width, depth, stride) {
  for i in 1..depth {
    x = x -> MBConv(width, kernel = choose kernel { 3, 5 }, expand = choose expand { 1, 3 },
                    stride = if i == 1 { stride } else { 1 }, op = choose kind { conv, shift, add })
  }
  return x
}

space MobileHybrid {
  input image: f32[28, 28, 1]

  narrow = choose { 8, 12 }
  wide = choose { 16, 24 }

  x = image -> ConvBN(narrow, kernel = 3, stride = 2)
  x = x -> Stage(narrow, choose depth1 { 1, 2 }, 1)
  x = x -> Stage(wide, choose depth2 { 1, 2 }, 2)
  output classes = x -> Classifier(CLASSES)
}

search Main {
  space MobileHybrid   on NasaLike
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet {
    epochs 8   batch 64   label_smoothing 0.05
    optimizer sgd { rate 0.08  momentum 0.9  weight_decay 0.0001  schedule cosine  warmup 0.5 }
    recalibration 512   judge 1000
  }
  ranker lambdarank { labels supernet, energy }
  explore evolution { population 12  generations 5 }
  maximize accuracy
  minimize energy, period
  subject to params <= 8K
  derive { epochs 8   batch 64   optimizer sgd { rate 0.08  momentum 0.9  weight_decay 0.0001  schedule cosine } }
}
