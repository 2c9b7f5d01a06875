// Numbers where tensors belong.
space S {
  input image: f32[28, 28, 1]
  x = conv(3, 8)
  y = channels(8)
  z = image -> conv(8) -> plus(3)
  output classes = 3
}

//! NAS3010 error 5:7-5:18 `channels` is asked of a tensor
//! NAS3005 error 6:32-6:33 `plus` takes no parameters
//! NAS3010 error 7:20-7:21 the output `classes` must be a tensor
