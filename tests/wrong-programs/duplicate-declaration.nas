// Constants, blocks and everything else share one set of names.
const Width = 8
block Width(x) { return x }

//! NAS2001 error 3:7-3:12 `Width` is declared twice
