// No latency is below one and above two milliseconds; of two upper bounds one is idle.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  maximize accuracy
  subject to latency <= 1ms, latency >= 2ms
  subject to params <= 10K, params <= 20K
}

//! NAS2046 error 11:30-11:44 no `latency` meets both budgets
//! NAS2046 warning 12:29-12:42 `params` has two bounds on one side
