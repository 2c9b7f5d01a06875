// Heterogeneous sharing is in the language but not in this version.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  supernet { sharing heterogeneous  sampler sandwich }
  maximize accuracy
}

//! NAS2027 warning 10:22-10:35 `sharing heterogeneous` is not available yet
//! NAS2027 warning 10:45-10:53 `sampler sandwich` is not available yet
