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

//! NAS2060 error 13:23-13:28 there is no such decision
//! NAS2060 error 13:34-13:40 there is no such decision
