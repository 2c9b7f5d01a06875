// -D of something that is no literal.
//- D CLASSES=conv(
const CLASSES = 10

//! NAS2009 error -D CLASSES:1:9-1:14 `conv(` is not a value for `CLASSES`
