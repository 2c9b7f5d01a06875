// Budgets that are turned round, strict, exact, or no comparison at all.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  maximize accuracy
  subject to 100K >= params, latency < 2ms, macs == 1M, energy, 3 <= 4
}

//! NAS2044 error 11:14-11:28 a budget is METRIC <= NUMBER or METRIC >= NUMBER
//! NAS2044 error 11:30-11:43 a budget is METRIC <= NUMBER or METRIC >= NUMBER
//! NAS2044 error 11:45-11:55 a budget is METRIC <= NUMBER or METRIC >= NUMBER
//! NAS2044 error 11:57-11:63 a budget is METRIC <= NUMBER or METRIC >= NUMBER
//! NAS2044 error 11:65-11:66 a budget is METRIC <= NUMBER or METRIC >= NUMBER
