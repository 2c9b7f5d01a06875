// A block that returns nothing, and one that returns only sometimes.
block Nothing(x) { y = x -> relu }
block Sometimes(x, c) {
  if c { return x }
}
space S {
  input image: f32[28, 28, 1]
  x = Nothing(image)
  x = Sometimes(image, choose { true, false })
  output classes = x -> global_pool -> dense(10)
}

//! NAS3023 error 2:7-2:14 `Nothing` returns nothing
//! NAS3023 error 4:3-4:20 `return` depends on decisions here
