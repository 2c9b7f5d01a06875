// An error in an imported file is told with that file, and the importing program is still checked.
import { Broken, Whole } from "./imports/broken"

space S {
  input image: f32[28, 28, 1]
  x = image -> Broken(8) -> Whole(8)
  y = image -> conw(8)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3001 error 7:16-7:20 nothing is called `conw`
//! NAS1001 error imports/broken.nas:1:36-1:38 expected an expression, found `->`
//! NAS3003 error imports/broken.nas:2:45-2:51 `conv` has no parameter `kernal`
