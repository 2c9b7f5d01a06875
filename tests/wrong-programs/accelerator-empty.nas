// Neither memory nor chunk.
accelerator Chip { }

//! NAS5010 error 2:13-2:17 accelerator `Chip` has no chunk
//! NAS5014 error 2:13-2:17 `Chip` has no external memory
