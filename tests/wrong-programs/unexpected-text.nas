// A statement that does not continue as the grammar demands; the next one is still checked.
space S {
  input image: f32[28, 28, 1]
  x = image -> -> conv(8)
  x = image -> conw(8)
  output classes = x -> global_pool -> dense(10)
}

//! NAS1001 error 4:16-4:18 expected an expression, found `->`
//! NAS3001 error 5:16-5:20 nothing is called `conw`
