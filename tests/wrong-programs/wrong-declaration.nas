// The space and the accelerator of a search changed places.
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

import { Edge } from "std/accelerators"

search Main {
  space Edge on S
  maximize accuracy
}

//! NAS2012 error 11:9-11:13 `Edge` is an accelerator, not a space
//! NAS2012 error 11:17-11:18 `S` is a space, not an accelerator
