// Sharing strategies and transforms of later versions.
space S {
  input image: f32[28, 28, 1]
  share per_head
  x = image -> conv(8) weights trunk through piecewise_scale(bins = 100)
  output classes = x -> global_pool -> dense(10)
}

//! NAS4010 error 4:9-4:17 `share per_head` is not available yet
//! NAS4010 error 5:46-5:73 `through` is not available yet
