// A number is called, and a number is piped into.
space S {
  input image: f32[28, 28, 1]
  size = 8
  y = image -> size
  x = size(image)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3002 error 5:16-5:20 the right side of `->` must be something to call
//! NAS3002 error 6:7-6:11 this cannot be called
