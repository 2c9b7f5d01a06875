// A latency in kilobytes, an energy without a unit, parameters in milliseconds.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  maximize accuracy
  subject to latency <= 2KB, energy <= 3, params <= 5ms
}

//! NAS2045 error 11:25-11:28 `latency` is a time, the bound is a size in bytes
//! NAS2045 error 11:40-11:41 `energy` is an energy, the bound is a plain number
//! NAS2045 error 11:53-11:56 `params` is a plain number, the bound is a time
