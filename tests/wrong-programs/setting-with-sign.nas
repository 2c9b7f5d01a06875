// Settings are written without a sign.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  seed = 1
  supernet { epochs: 5 }
  maximize accuracy
}

//! NAS1010 error 10:8-10:9 settings take no `=`
//! NAS1010 error 11:20-11:21 settings take no `:`
