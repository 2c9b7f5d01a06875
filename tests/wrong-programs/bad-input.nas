// Inputs of an unknown type and without extent.
space S {
  input a: f64[8, 8, 1]
  input b: f32[0, 8]
  output y = a -> global_pool -> dense(2)
}

//! NAS4013 error 3:12-3:15 `f64` is not a type of input
//! NAS4013 error 4:16-4:17 an extent must be a whole number of at least 1
