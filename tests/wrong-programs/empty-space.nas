// Requirements that contradict each other.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  require width > 8
  require width < 16
  x = image -> conv(width)
  output classes = x -> global_pool -> dense(10)
}

//! NAS4006 error 6:11-6:21 no architecture meets this requirement
