// More arguments than there are parameters.
block Once(x, out) { return x -> conv(out) }
space S {
  input image: f32[28, 28, 1]
  y = image -> relu(3)
  x = image -> Once(8, 3)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3005 error 5:21-5:22 `relu` takes no parameters
//! NAS3005 error 6:24-6:25 `Once` takes 2 arguments
