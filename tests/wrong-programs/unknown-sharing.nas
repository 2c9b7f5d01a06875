// A misspelt way to share weights.
space S {
  input image: f32[28, 28, 1]
  share slic
  x = image -> conv(choose { 8, 16 })
  output classes = x -> global_pool -> dense(10)
}

//! NAS3020 error 4:9-4:13 `slic` is not a way to share weights
