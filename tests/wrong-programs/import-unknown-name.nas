// A misspelt block of the standard library, and a name that a file only imports itself.
import { ConvBn, MBConv } from "std/blocks"
import { THIRD } from "./imports/passes-on"

space S {
  input image: f32[28, 28, 1]
  output classes = image -> ConvBn(THIRD) -> MBConv(8) -> global_pool -> dense(10)
}

//! NAS2006 error 2:10-2:16 `std/blocks` declares no `ConvBn`
//! NAS2006 error 3:10-3:15 `./imports/passes-on` declares no `THIRD`
