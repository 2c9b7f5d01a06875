// An imported name that the file declares itself, and one that two imports bring.
import { Helper, OTHER } from "./imports/helper"
import { OTHER } from "./imports/other"

block Helper(x) { return x }
const A = OTHER

//! NAS2002 error 2:10-2:16 `Helper` is imported, but the name is taken
//! NAS2002 error 3:10-3:15 `OTHER` is imported, but the name is taken
