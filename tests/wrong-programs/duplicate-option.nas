// Two alternatives of one name.
space S {
  input image: f32[28, 28, 1]
  y = image -> choose mix { a: conv(8), a: shift(8) }
  x = image -> choose { conv(8), conv(8) }
  output classes = x -> global_pool -> dense(10)
}

//! NAS4002 error 4:41-4:42 two alternatives are called `a`
//! NAS4002 error 5:34-5:41 two alternatives are called `conv(8)`
