// A batch larger than what is left to train on.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  data glyphs { limit 100  validation 50 }
  supernet { batch 64 }
  maximize accuracy
}

//! NAS2028 error 11:20-11:22 the batch of `supernet` is larger than the training part
