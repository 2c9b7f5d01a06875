// A block that calls itself without end.
block Again(x) { return Again(x -> relu) }
space S {
  input image: f32[28, 28, 1]
  x = Again(image)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3018 error 2:25-2:30 `Again` calls itself without end
