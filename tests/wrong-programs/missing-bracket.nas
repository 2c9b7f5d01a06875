// A call that is never closed.
space S {
  input image: f32[28, 28, 1]
  x = image -> conv(8, kernel = 3
  output classes = x -> global_pool -> dense(10)
}

//! NAS1001 error 5:3-5:9 expected `,` or `)`, found `output`
//! NAS1002 error 6:1-6:2 missing `)`
