// One of the two seeds could not count.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  seed 1
  seed 2
  maximize accuracy
}

//! NAS2021 error 11:3-11:7 `seed` is given twice
