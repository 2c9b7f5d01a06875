// Settings of a search are not chosen, and constants stand for their values.
const EPOCHS = 3ms
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  seed UNKNOWN
  supernet { epochs EPOCHS  batch choose { 32, 64 } }
  maximize accuracy
}

//! NAS3001 error 11:8-11:15 nothing is called `UNKNOWN`
//! NAS2024 error 12:21-12:27 `epochs` is a plain number, not a time
//! NAS2027 error 12:35-12:52 `batch` cannot be chosen yet
