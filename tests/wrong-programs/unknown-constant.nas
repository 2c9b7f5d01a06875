// -D of a misspelt constant.
//- D CLASES=12
const CLASSES = 10

//! NAS2008 error -D CLASES:1:1-1:7 the program has no constant `CLASES`
