// Two comparisons in a row.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  require 4 < width < 12
  x = image -> conv(width)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3007 error 5:11-5:25 `<` needs numbers
//! NAS1009 error 5:21-5:22 comparisons cannot be chained
