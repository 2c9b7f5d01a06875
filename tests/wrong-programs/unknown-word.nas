// Words that a setting does not know.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  ranker lambda_rank
  explore evolutionary { population 8 }
  supernet { sampler unifrom  optimizer sgd { schedule cosin } }
  maximize accuracy
}
accelerator Chip {
  memory dram { width 64bit }
  chunk mac { array 12 x 14  runs conv  dataflow row  precision int4 }
}

//! NAS2026 error 10:10-10:21 `ranker` does not know `lambda_rank`
//! NAS2026 error 11:11-11:23 `explore` does not know `evolutionary`
//! NAS2026 error 12:22-12:29 `sampler` does not know `unifrom`
//! NAS2026 error 12:56-12:61 `schedule` does not know `cosin`
//! NAS2026 error 17:50-17:53 `dataflow` does not know `row`
//! NAS2026 error 17:65-17:69 `precision` does not know `int4`
