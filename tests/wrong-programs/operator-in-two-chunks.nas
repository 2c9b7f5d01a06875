// A convolution runs on one chunk.
accelerator Chip {
  memory dram { width 64bit }
  chunk mac { array 12 x 14  runs conv, dense }
  chunk other { array 8 x 8  runs shift, conv }
}

//! NAS5012 error 5:42-5:46 two chunks run `conv`
