// Operators that do not exist.
accelerator Chip {
  memory dram { width 64bit }
  chunk mac { array 12 x 14  runs conv2d, dens, qqqq }
}

//! NAS5013 error 4:35-4:41 there is no operator `conv2d`
//! NAS5013 error 4:43-4:47 there is no operator `dens`
//! NAS5013 error 4:49-4:53 there is no operator `qqqq`
