// A character that belongs to nothing.
space S {
  input image: f32[28, 28, 1]
  x = image -> conv(8) @ relu
  output classes = x -> global_pool -> dense(10)
}

//! NAS1000 error 4:24-4:25 `@` does not belong to the language
//! NAS1001 error 5:3-5:9 expected `=`, found `output`
