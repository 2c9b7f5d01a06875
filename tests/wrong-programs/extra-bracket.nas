// One bracket too many.
space S {
  input image: f32[28, 28, 1]
  x = image -> conv(8))
  output classes = x -> global_pool -> dense(10)
}

//! NAS1003 error 4:23-4:24 `)` closes nothing
