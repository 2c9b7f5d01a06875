// Nothing was assigned in rounds, so there is nothing to count.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  require count(width == 8) == 1
  require width > 4 for every width
  x = image -> conv(width)
  output classes = x -> global_pool -> dense(10)
}

//! NAS4016 error 5:17-5:27 `count` counts rounds, and this names no loop
