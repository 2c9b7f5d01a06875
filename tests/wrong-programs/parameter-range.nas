// Values outside what a parameter takes, one of them only for one choice.
space S {
  input image: f32[28, 28, 1]
  x = image -> conv(choose { 0, 8 }, kernel = 3) -> dropout(1.5)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3008 error 4:21-4:36 `channels` cannot take this value
//! NAS3008 error 4:61-4:64 `rate` cannot take this value
