// The extent of an input depends on a decision.
space S {
  size = choose { 16, 32 }
  input image: f32[size, size, 1]
  output classes = image -> global_pool -> dense(10)
}

//! NAS3014 error 4:20-4:24 an extent of an input must be a number known at compile time
//! NAS3014 error 4:26-4:30 an extent of an input must be a number known at compile time
