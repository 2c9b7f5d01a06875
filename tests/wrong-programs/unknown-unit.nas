// Letters after a number that are no unit.
const A = 3kb
const B = 5sec

//! NAS1006 error 2:12-2:14 `kb` is not a unit
//! NAS1006 error 3:12-3:15 `sec` is not a unit
