// Adaptive depth is decided at search time for now.
space S {
  input image: f32[28, 28, 1]
  x = image -> conv(8)
  for i in 1..2 {
    run = adapt { false, true }
    x = if run { x -> conv(8) } else { x }
  }
  output classes = x -> global_pool -> dense(10)
}

search Main {
  space S
  data glyphs
  supernet { epochs 1 }
  maximize accuracy
}

//! NAS4009 warning 13:9-13:10 `adapt` is searched at its largest setting for now
