// Every memory has a size, so none is outside of the chip.
accelerator Chip {
  memory buffer { size 64KB }
  chunk mac { array 12 x 14  runs conv }
}

//! NAS5014 error 3:10-3:16 `Chip` has no external memory
