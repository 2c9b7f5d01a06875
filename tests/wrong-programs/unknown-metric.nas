// Metrics that do not exist, in objectives and in budgets.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  maximize acuracy
  minimize flops
  subject to lattency <= 2ms
}

//! NAS2040 error 10:12-10:19 there is no metric `acuracy`
//! NAS2040 error 11:12-11:17 there is no metric `flops`
//! NAS2040 error 12:14-12:22 there is no metric `lattency`
