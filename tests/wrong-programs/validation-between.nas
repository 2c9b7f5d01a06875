// Neither a share nor a number of examples.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  data glyphs { validation 1.5 }
  maximize accuracy
}

//! NAS2025 error 10:28-10:31 `validation` is out of range
