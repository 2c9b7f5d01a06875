// An input in a block, a return in a space.
block B(x) {
  input y: f32[3]
  return x
}
space S {
  input image: f32[28, 28, 1]
  x = B(image)
  return x
  output classes = x -> global_pool -> dense(10)
}

//! NAS4014 error 3:3-3:18 `input` stands only at the top of a space
//! NAS4014 error 9:3-9:11 `return` stands only in blocks
