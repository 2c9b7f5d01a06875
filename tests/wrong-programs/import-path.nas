// A bare name is neither the standard library nor a file beside this one.
import { ConvBN } from "blocks"

space S {
  input image: f32[28, 28, 1]
  output classes = image -> ConvBN(8) -> global_pool -> dense(10)
}

//! NAS2005 error 2:24-2:32 the import path has an unknown form
