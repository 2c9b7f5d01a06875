// Guards that can exclude every alternative let networks fall out of the space silently.
space Narrow {
  input image: f32[28, 28, 1]
  stride = choose { 1, 2, 4 }
  x = image -> conv(8, stride = stride)
  y = x -> choose mix {
    attn: attention(heads = 2) if height(x) <= 7
    conv: conv(8) if height(x) >= 28
  }
  output classes = y -> global_pool -> dense(10)
}

//! NAS4017 warning 6:19-6:22 every alternative of `mix` can be excluded
