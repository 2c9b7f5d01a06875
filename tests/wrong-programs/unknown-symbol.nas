// A symbol where nothing asks for one.
space S {
  input image: f32[28, 28, 1]
  side = same
  mode = ps
  x = image -> conv(8, padding = side)
  output classes = x -> global_pool -> dense(10)
}

