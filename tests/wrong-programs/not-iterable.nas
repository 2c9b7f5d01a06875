// A loop over a number and over a tensor.
space S {
  input image: f32[28, 28, 1]
  x = image
  for i in 3 { x = x -> conv(8) }
  for j in image { x = x -> conv(8) }
  output classes = x -> global_pool -> dense(10)
}

//! NAS4015 error 5:12-5:13 a loop runs over a range or a list
//! NAS4015 error 6:12-6:17 a loop runs over a range or a list
