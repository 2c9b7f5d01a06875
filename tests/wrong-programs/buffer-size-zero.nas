// A buffer without room, a clock that stands, an array without columns.
accelerator Chip {
  clock 0MHz
  memory dram { width 64bit }
  memory buffer { size 0KB  read -1pJ }
  chunk mac { array 12 x 0  runs conv }
}

//! NAS2025 error 3:9-3:13 `clock` is out of range
//! NAS2025 error 5:24-5:27 `size` is out of range
//! NAS2025 error 5:34-5:38 `read` is out of range
//! NAS2025 error 6:26-6:27 `array` is out of range
