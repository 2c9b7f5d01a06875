// Loops in loops: more operators than are taken.
space S {
  input image: f32[28, 28, 1]
  x = image
  for i in 1..200 { for j in 1..200 { for k in 1..200 { x = x -> relu } } }
  output classes = x -> global_pool -> dense(10)
}

//! NAS4004 error 5:66-5:70 the space is too large to elaborate
