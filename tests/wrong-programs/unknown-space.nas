// A search of a misspelt space on a misspelt accelerator.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

import { Edge } from "std/accelerators"

search Main {
  space s on Egde
  maximize accuracy
}

//! NAS2007 warning 8:10-8:14 `Edge` is imported but never used
//! NAS2011 error 11:9-11:10 there is no space `s`
//! NAS2011 error 11:14-11:18 there is no accelerator `Egde`
