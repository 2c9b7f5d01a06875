// An option that a requirement always excludes.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16, 20 }
  require width % 8 == 0
  x = image -> conv(width)
  output classes = x -> global_pool -> dense(10)
}

//! NAS4007 warning 4:11-4:31 no architecture takes `20` of `width`
