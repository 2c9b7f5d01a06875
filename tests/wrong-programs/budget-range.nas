// An accuracy is a share, and no cost is negative.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  maximize accuracy
  subject to accuracy >= 90, params <= -5
}

//! NAS2025 error 11:26-11:28 the bound of `accuracy` is out of range
//! NAS2025 error 11:40-11:42 the bound of `params` is out of range
