// A block of the standard library is given what it cannot take: the frames lie in both files.
import { MBConv } from "std/blocks"

space S {
  input image: f32[28, 28, 1]
  x = image -> MBConv(8, stride = choose { 1, 0 })
  y = image -> MBConv(8, op = relu)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3005 error std/blocks.nas:29:46-29:66 `relu` takes no parameters
//! NAS3003 error std/blocks.nas:29:68-29:74 `relu` has no parameter `kernel`
//! NAS3008 error std/blocks.nas:30:55-30:61 `stride` cannot take this value
//! NAS3005 error std/blocks.nas:32:21-32:24 `relu` takes no parameters
//! NAS3003 error std/blocks.nas:32:26-32:32 `relu` has no parameter `kernel`
