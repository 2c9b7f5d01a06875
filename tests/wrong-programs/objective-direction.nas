// The worst and the most expensive network.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  minimize accuracy
  maximize energy
}

//! NAS2042 error 10:12-10:20 `accuracy` is minimized
//! NAS2042 warning 11:12-11:18 `energy` is maximized
