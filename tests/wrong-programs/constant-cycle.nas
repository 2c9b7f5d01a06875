// Constants that need each other.
const A = B + 1
const B = A

//! NAS3017 error 2:11-2:12 `B` is defined by itself
//! NAS3017 error 3:11-3:12 `A` is defined by itself
