// Values outside their range.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  seed -1
  data glyphs { validation 0  limit 0 }
  supernet { epochs 2.5  batch 0  label_smoothing 1  optimizer sgd { rate 0  momentum 1.5 } }
  explore evolution { mutation 1.2 }
  maximize accuracy
}

//! NAS2025 error 10:8-10:10 `seed` is out of range
//! NAS2025 error 11:28-11:29 `validation` is out of range
//! NAS2025 error 11:37-11:38 `limit` is out of range
//! NAS2025 error 12:21-12:24 `epochs` is out of range
//! NAS2025 error 12:32-12:33 `batch` is out of range
//! NAS2025 error 12:51-12:52 `label_smoothing` is out of range
//! NAS2025 error 12:75-12:76 `rate` is out of range
//! NAS2025 error 12:87-12:90 `momentum` is out of range
//! NAS2025 error 13:32-13:35 `mutation` is out of range
