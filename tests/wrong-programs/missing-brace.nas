// A space that is never closed.
space S {
  input image: f32[28, 28, 1]
  output classes = image -> global_pool -> dense(10)

const A = 1

//! NAS1002 error 6:1-6:6 missing `}`
