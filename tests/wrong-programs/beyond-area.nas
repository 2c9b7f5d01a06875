// Not even the smallest variant has room.
accelerator Chip {
  area 0.01mm2
  memory dram { width 64bit }
  memory buffer { size choose { 64KB, 128KB } }
  chunk mac { array 8 x 8  runs conv  precision int8 }
}

//! NAS5022 error 3:8-3:15 accelerator `Chip` is larger than its area
