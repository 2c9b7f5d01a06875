// Only one of two imported names is used.
import { ConvBN, MBConv } from "std/blocks"

space S {
  input image: f32[28, 28, 1]
  output classes = image -> ConvBN(8) -> global_pool -> dense(10)
}

//! NAS2007 warning 2:18-2:24 `MBConv` is imported but never used
