// Bits that an element cannot have.
accelerator Chip {
  memory dram { width 64bit }
  chunk mac { array 8 x 8  runs conv  precision int8 { psum 4bit }  brick 16bit }
  chunk add { array 8 x 8  runs add  precision fp32  brick 4bit }
  chunk fine { array 8 x 8  runs shift  precision int16 { psum 16bit }  brick 4bit }
}

//! NAS2025 error 4:61-4:65 `psum` is out of range
//! NAS2025 error 4:75-4:80 `brick` is out of range
//! NAS2025 error 5:60-5:64 `brick` is out of range
