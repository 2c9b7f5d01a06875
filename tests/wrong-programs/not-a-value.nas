// The name of a declaration is used as a value.
accelerator Chip { memory dram { }  chunk mac { array 2 x 2  runs conv } }
space S {
  input image: f32[28, 28, 1]
  x = image -> conv(Chip)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3025 error 5:21-5:25 `Chip` is not a value
