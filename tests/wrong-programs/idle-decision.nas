// A decision that nothing depends on.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  unused = choose { 1, 2 }
  x = image -> conv(width)
  output classes = x -> global_pool -> dense(10)
}

//! NAS4008 warning 5:12-5:27 the decision `unused` changes nothing
