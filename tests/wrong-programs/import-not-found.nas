// A file that does not exist, beside the program and in the standard library.
import { A } from "./imports/missing"
import { B } from "std/missing"

const C = A + B

//! NAS2004 error 2:19-2:38 `./imports/missing` cannot be read
//! NAS2004 error 3:19-3:32 `std/missing` cannot be read
