// The same operator twice in one list.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  ranker lambdarank { labels supernet, energy, supernet }
  maximize accuracy, accuracy
}
accelerator Chip {
  memory dram { width 64bit }
  chunk mac { array 12 x 14  runs conv, dense, conv }
}

//! NAS2030 error 10:48-10:56 `labels` names `supernet` twice
//! NAS2030 error 11:22-11:30 `maximize` names `accuracy` twice
//! NAS2030 error 15:48-15:52 `runs` names `conv` twice
