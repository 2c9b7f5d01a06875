// Twelve decisions meet in one sum that no smaller table can stand for.
space S {
  input image: f32[28, 28, 1]
  total = 0
  for i in 1..12 { total = total + (choose { 0, 1, 2, 3 }) * 7 ^ i }
  x = image -> conv(total + 1)
  output classes = x -> global_pool -> dense(10)
}

//! NAS4005 error 5:28-5:67 this depends on too many decisions at once
