// The kernel of a round that is left out does not matter.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  x = image -> conv(width, kernel = 3, stride = 2) -> batch_norm -> relu
  for i in 1..2 {
    x = x -> choose mix { conv: conv(width, kernel = choose { 3, 5 }), shift: shift(width), skip: identity }
  }
  output classes = x -> global_pool -> dense(10)
}

architecture A of S { width = 8  mix[*] = skip  mix[1].kernel = 3 }

//! NAS2063 warning 12:49-12:62 the decision does not matter in this architecture
