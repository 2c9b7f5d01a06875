// Two inputs and two outputs of one name.
space S {
  input image: f32[8, 8, 1]
  input image: f32[8, 8, 1]
  output y = image -> global_pool -> dense(2)
  output y = image -> global_pool -> dense(3)
}

//! NAS4012 error 4:9-4:14 two inputs are called `image`
