// The warm-up is longer than the training.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  supernet { epochs 2  optimizer sgd { warmup 3 } }
  maximize accuracy
}

//! NAS2028 error 10:47-10:48 the warm-up is longer than the training
