// Braces where none belong, two values, none, and `on` in the wrong place.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  seed 1, 2
  ranker
  data glyphs { limit 100 { } }
  supernet fast { }
  maximize accuracy
}

//! NAS2029 error 10:11-10:12 `seed` is not written like this
//! NAS2029 error 11:3-11:9 `ranker` is not written like this
//! NAS2029 error 12:17-12:22 `limit` is not written like this
//! NAS2029 error 13:12-13:16 `supernet` is not written like this
