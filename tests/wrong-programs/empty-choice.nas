// Choices with nothing in them.
space S {
  input image: f32[28, 28, 1]
  a = choose { 8 if false }
  b = choose 5..3
  c = choose 1..9 by 0
  x = image -> conv(a + b + c)
  output classes = x -> global_pool -> dense(10)
}

//! NAS4001 error 4:7-4:28 every alternative of this choice is excluded here
//! NAS4001 error 5:14-5:18 this range is empty
//! NAS4001 error 6:14-6:23 the step of a range must be positive
