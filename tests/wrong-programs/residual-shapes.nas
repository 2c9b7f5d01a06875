// The two sides of a residual addition have different channels, for one choice.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  x = image -> conv(8)
  x = x + (x -> conv(width))
  output classes = x -> global_pool -> dense(10)
}

//! NAS3104 error 6:7-6:28 the tensors of `+` have different shapes
