// Three names for two values.
block Halves(x) { return x -> split(2, 0), x -> split(2, 1) }
space S {
  input image: f32[28, 28, 1]
  x = image -> conv(8)
  a, b, c = Halves(x)
  x = concat(a, b)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3015 error 6:3-6:22 3 names need 3 values
