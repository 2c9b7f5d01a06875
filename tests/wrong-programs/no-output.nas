// Nothing comes out.
space S {
  input image: f32[28, 28, 1]
  x = image -> conv(8)
}

//! NAS4011 error 2:7-2:8 the space `S` has no output
