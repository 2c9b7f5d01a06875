// A range with three ends, and a step without a range.
space S {
  input image: f32[28, 28, 1]
  depth = choose 1..3..5
  width = choose 8 by 2
  x = image -> conv(width)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3007 error 4:18-4:22 the bounds of a range are numbers
//! NAS1008 error 4:22-4:24 a range has two ends
//! NAS1008 error 5:20-5:22 `by` gives the step of a range
