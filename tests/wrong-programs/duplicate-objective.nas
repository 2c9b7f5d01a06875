// Energy cannot be raised and lowered.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  maximize accuracy, energy
  minimize energy
}

//! NAS2042 warning 10:22-10:28 `energy` is maximized
//! NAS2043 error 11:12-11:18 `energy` is an objective twice
