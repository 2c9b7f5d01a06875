// Only dataflows may be chosen today.
accelerator Chip {
  clock choose { 200MHz, 250MHz }
  memory dram { width 64bit }
  chunk mac { array choose { 8, 16 } x 8  runs conv  dataflow choose { row_stationary, weight_stationary }  precision choose { int8, int16 } }
}

//! NAS2027 error 3:9-3:34 `clock` cannot be chosen yet
//! NAS2027 error 5:21-5:37 `array` cannot be chosen yet
//! NAS2027 error 5:119-5:141 `precision` cannot be chosen yet
