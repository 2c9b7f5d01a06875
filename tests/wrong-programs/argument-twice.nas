// A parameter by position and by name.
space S {
  input image: f32[28, 28, 1]
  x = image -> conv(8, channels = 16)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3006 error 4:24-4:37 `channels` is given twice
