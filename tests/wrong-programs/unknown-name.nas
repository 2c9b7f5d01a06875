// A misspelt variable, a misspelt operator, and a name that means nothing.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  a = image -> conv(widht)
  b = image -> batch_nrom
  x = image -> qqqq
  output classes = x -> global_pool -> dense(10)
}

//! NAS3001 error 5:21-5:26 nothing is called `widht`
//! NAS3001 error 6:16-6:26 nothing is called `batch_nrom`
//! NAS3001 error 7:16-7:20 nothing is called `qqqq`
