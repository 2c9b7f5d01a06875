// Syntax, names, types, shapes and settings: every stage reports in one run.
import { ConvBn } from "std/blocks"
space S {
  input image: f32[28, 28, 1]
  x = image -> -> conv(8)
  y = image -> conw(8) -> conv(8, kernal = 3)
  z = image -> attention(heads = 3)
  output classes = z -> global_pool -> dense(10)
}

search Main {
  space S
  sede 3
  subject to latency <= 2KB
}

//! NAS2006 error 2:10-2:16 `std/blocks` declares no `ConvBn`
//! NAS1001 error 5:16-5:18 expected an expression, found `->`
//! NAS3001 error 6:16-6:20 nothing is called `conw`
//! NAS3003 error 6:35-6:41 `conv` has no parameter `kernal`
//! NAS3104 error 7:34-7:35 3 heads cannot share 1 channels
//! NAS2041 error 11:8-11:12 search `Main` has no objective
//! NAS2020 error 13:3-13:7 `search` has no setting `sede`
//! NAS2045 error 14:25-14:28 `latency` is a time, the bound is a size in bytes
