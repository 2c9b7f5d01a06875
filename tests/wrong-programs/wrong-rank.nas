// A height is asked of a tensor that has none.
space S {
  input image: f32[28, 28, 1]
  x = image -> global_pool
  h = height(x)
  output classes = x -> dense(h)
}

//! NAS3024 error 5:7-5:16 `height` needs a map [height, width, channels]
