// A search must say which space.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  maximize accuracy
}

//! NAS2022 error 8:8-8:12 search `Main` has no `space`
