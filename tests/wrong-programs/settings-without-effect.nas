// Settings that nothing reads in this combination.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  data glyphs { validation 500  batch 32 }
  supernet { batch 64  judge 1000 }
  derive { batch 64 }
  ranker none
  explore evolution { proposals 8 }
  maximize accuracy
}

//! NAS2031 warning 10:39-10:41 the `batch` of `data` has no effect
//! NAS2031 warning 11:30-11:34 `judge` asks for more examples than there are
//! NAS2031 warning 14:33-14:34 `proposals` has no effect without a ranker
