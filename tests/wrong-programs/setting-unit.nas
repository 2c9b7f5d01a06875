// Units are types: a clock is a frequency, a size is in bytes, epochs are counted.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  supernet { epochs 5ms }
  maximize accuracy
}
accelerator Chip {
  clock 250ms
  technology 45
  memory dram { width 64B }
  memory buffer { size 108K }
  chunk mac { array 12 x 14  runs conv }
}

//! NAS2024 error 10:21-10:24 `epochs` is a plain number, not a time
//! NAS2024 error 14:9-14:14 `clock` is a frequency, not a time
//! NAS2024 error 15:14-15:16 `technology` is a length, not a plain number
//! NAS2024 error 16:23-16:26 `width` is a width in bits, not a size in bytes
//! NAS2024 error 17:24-17:28 `size` is a size in bytes, not a plain number
