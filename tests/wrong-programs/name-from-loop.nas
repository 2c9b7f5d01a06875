// A variable that is first assigned in a loop has no value after it.
space S {
  input image: f32[28, 28, 1]
  for i in 1..3 {
    y = image -> conv(8)
  }
  output classes = y -> global_pool -> dense(10)
}

//! NAS3001 error 7:20-7:21 nothing is called `y`
