// An inner memory is larger than an outer one, and one has no size.
accelerator Chip {
  memory dram { width 64bit }
  memory small { size 64KB }
  memory large { size 128KB }
  memory open { width 16bit }
  chunk mac { array 12 x 14  runs conv }
}

//! NAS5016 warning 5:10-5:15 memory `large` has no influence on costs
//! NAS5015 error 5:23-5:28 memory `large` is larger than the one outside it
//! NAS5015 error 6:10-6:14 memory `open` has no size
