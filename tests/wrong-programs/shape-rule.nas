// Heads that do not divide the channels, for one combination of choices.
space S {
  input image: f32[28, 28, 1]
  width = choose { 16, 24 }
  x = image -> conv(width, stride = 4) -> attention(heads = choose { 4, 16 })
  output classes = x -> global_pool -> dense(10)
}

//! NAS3104 error 5:61-5:77 16 heads cannot share 24 channels
