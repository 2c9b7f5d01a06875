// Values of the wrong type: a text for a number, a number for a flag, a number for a pair.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  seed "one"
  supernet { augment { flip 1 }  optimizer 3 }
  data glyphs { path 7 }
  maximize accuracy
}
accelerator Chip {
  memory dram { width 64bit }
  chunk mac { array 12  runs conv }
}

//! NAS2023 error 10:8-10:13 `seed` takes a number
//! NAS2023 error 11:29-11:30 `flip` takes `true` or `false`
//! NAS2023 error 11:44-11:45 `optimizer` takes a word
//! NAS2023 error 12:22-12:23 `path` takes a text in quotes
//! NAS2023 error 17:21-17:23 `array` takes ROWS x COLUMNS or `balanced`
