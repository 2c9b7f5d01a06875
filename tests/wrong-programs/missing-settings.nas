// A chunk needs an array and something to run.
accelerator Chip {
  memory dram { width 64bit }
  chunk mac { precision int8 }
}

//! NAS2022 error 4:9-4:12 chunk `mac` has no `array`
//! NAS2022 error 4:9-4:12 chunk `mac` has no `runs`
