// An architecture is one network: every decision that matters is bound.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  x = image -> conv(width, kernel = 3, stride = 2) -> batch_norm -> relu
  for i in 1..2 {
    x = x -> choose mix { conv: conv(width, kernel = choose { 3, 5 }), shift: shift(width), skip: identity }
  }
  output classes = x -> global_pool -> dense(10)
}

architecture A of S { width = 8  mix[1] = conv }

//! NAS2062 error 12:14-12:15 `A` leaves 2 decisions open
