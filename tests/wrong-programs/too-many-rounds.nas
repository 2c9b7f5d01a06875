// A loop of a million rounds.
space S {
  input image: f32[28, 28, 1]
  x = image
  for i in 1..1M { x = x -> conv(8) }
  output classes = x -> global_pool -> dense(10)
}

//! NAS4003 error 5:12-5:17 a range has 1000000 values; at most 4096 are taken
