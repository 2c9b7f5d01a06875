// Parameters that operators and blocks do not have.
block Twice(x, out) { return x -> conv(out) -> conv(out) }
space S {
  input image: f32[28, 28, 1]
  y = image -> conv(8, kernal = 3)
  x = image -> Twice(8, widht = 2)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3003 error 5:24-5:30 `conv` has no parameter `kernal`
//! NAS3003 error 6:25-6:30 `Twice` has no parameter `widht`
