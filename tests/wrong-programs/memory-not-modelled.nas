// Four levels: the third has no influence yet.
accelerator Chip {
  memory dram { width 64bit }
  memory shared { size 1MB }
  memory middle { size 64KB }
  memory inner { size 512B }
  chunk mac { array 12 x 14  runs conv }
}

//! NAS5016 warning 5:10-5:16 memory `middle` has no influence on costs
