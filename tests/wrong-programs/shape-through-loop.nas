// Strides carried through a loop make the map smaller than the last window, in some architectures.
space S {
  input image: f32[8, 8, 1]
  x = image
  for i in 1..3 {
    x = x -> conv(8, stride = choose stride { 1, 2 })
  }
  output classes = x -> conv(8, kernel = 3, padding = valid) -> global_pool -> dense(10)
}

//! NAS3104 error 8:42-8:43 `kernel` is larger than the image
