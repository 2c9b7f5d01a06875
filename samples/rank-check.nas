// A small space (81 networks) for judging the supernet itself: does inherited accuracy rank like training alone?

space RankCheck {
  input image: f32[28, 28, 1]
  x = image -> conv(12, kernel = 3, stride = 2) -> batch_norm -> relu -> max_pool(2)
  for i in 1..4 {
    x = (x + (x -> choose mix {
      conv:  conv(12, kernel = 3) -> batch_norm
      point: conv(12, kernel = 1) -> batch_norm
      skip:  zero
    })) -> relu
  }
  output classes = x -> global_pool -> dense(10)
}

search Main {
  space RankCheck
  seed 1
  data glyphs { limit 3000  validation 1000 }
  supernet {
    epochs 12   batch 64
    optimizer sgd { rate 0.08  momentum 0.9  weight_decay 0.0001  schedule cosine }
    recalibration 512   judge 1000
  }
  explore evolution { population 9  generations 3 }
  maximize accuracy
  minimize macs
  derive { epochs 6   batch 64   optimizer sgd { rate 0.08  momentum 0.9  weight_decay 0.0001  schedule cosine } }
}
