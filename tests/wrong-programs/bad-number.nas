// Digits that form no number.
const A = 1.2.3
const B = 1e

//! NAS1005 error 2:11-2:16 `1.2.3` is not a number
//! NAS1006 error 3:12-3:13 `e` is not a unit
