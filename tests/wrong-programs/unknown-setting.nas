// Settings that are misspelt, that belong elsewhere, or that no one knows.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  sede 1
  epochs 5
  supernet { epoch 5  parents 3  qqq 1 }
  maximize accuracy
}

//! NAS2020 error 10:3-10:7 `search` has no setting `sede`
//! NAS2020 error 11:3-11:9 `search` has no setting `epochs`
//! NAS2020 error 12:14-12:19 `supernet` has no setting `epoch`
//! NAS2020 error 12:23-12:30 `supernet` has no setting `parents`
//! NAS2020 error 12:34-12:37 `supernet` has no setting `qqq`
