// An index beyond the list, for one choice only.
space S {
  input image: f32[28, 28, 1]
  level = choose 0..2
  x = image -> conv([8, 16][level])
  output classes = x -> global_pool -> dense(10)
}

//! NAS3012 error 5:29-5:34 a list has no element of this index
