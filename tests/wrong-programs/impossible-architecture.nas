// Each option exists, but not together.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  x = image -> conv(width, kernel = 3, stride = 2) -> batch_norm -> relu
  for i in 1..2 {
    x = x -> choose mix { conv: conv(width, kernel = choose { 3, 5 }), shift: shift(width), skip: identity }
  }
  require width == 16
  output classes = x -> global_pool -> dense(10)
}

architecture A of S { width = 8  mix[*] = skip }

//! NAS4007 warning 4:11-4:27 no architecture takes `8` of `width`
//! NAS2064 error 13:23-13:28 no architecture has this option
