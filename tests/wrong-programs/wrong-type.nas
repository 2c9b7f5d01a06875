// Values of the wrong type: a text for a number, a number for a condition, a tensor in a sum with a text.
space S {
  input image: f32[28, 28, 1]
  x = image -> conv("eight")
  y = if 3 { x } else { image }
  z = image + "one"
  output classes = x -> global_pool -> dense(10)
}

//! NAS3008 error 4:21-4:28 `channels` cannot take this value
//! NAS3007 error 5:10-5:11 a condition must be true or false
//! NAS3007 error 6:7-6:20 `+` needs two tensors, or a tensor and a number
