// A division by zero, for one choice only.
space S {
  input image: f32[28, 28, 1]
  part = choose { 0, 2 }
  x = image -> conv(16 / part)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3013 error 5:21-5:30 a number is divided by zero
