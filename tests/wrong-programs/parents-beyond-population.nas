// More parents than individuals.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  explore evolution { population 10  parents 20 }
  maximize accuracy
}

//! NAS2028 error 10:46-10:48 there are more parents than networks
