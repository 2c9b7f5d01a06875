// Nothing computes.
accelerator Chip {
  memory dram { width 64bit }
}

//! NAS5010 error 2:13-2:17 accelerator `Chip` has no chunk
