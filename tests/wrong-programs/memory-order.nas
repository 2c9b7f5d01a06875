// The external memory does not stand first.
accelerator Chip {
  memory buffer { size 64KB }
  memory dram { width 64bit }
  chunk mac { array 12 x 14  runs conv }
}

//! NAS5015 error 4:10-4:14 `dram` is not the outermost memory
