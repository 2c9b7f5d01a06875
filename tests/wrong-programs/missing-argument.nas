// Parameters without a default are left out.
block Twice(x, out) { return x -> conv(out) -> conv(out) }
space S {
  input image: f32[28, 28, 1]
  y = image -> conv
  x = image -> Twice
  output classes = x -> global_pool -> dense(10)
}

//! NAS3004 error 5:16-5:20 `conv` needs `channels`
//! NAS3004 error 6:16-6:21 `Twice` needs `out`
