// A reversible block whose upper level reads what could not be known again.
block Column(stem, previous) reversible {
  low = (stem -> conv(4)) + previous[0]
  high = (low -> conv(4)) + (previous[0] -> relu) + previous[1]
  return low, high
}

space S {
  input image: f32[8, 8, 4]
  levels = Column(image, [image -> relu, image -> tanh])
  output classes = levels[1] -> global_pool -> dense(10)
}

//! NAS4018 error 10:12-10:18 `Column` cannot be computed backwards
