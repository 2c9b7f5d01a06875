// Fields of chunks that contradict each other.
accelerator Chip {
  memory dram { width 64bit }
  memory buffer { size 64KB }
  chunk mac { array 8 x 8  runs conv  dataflow weight_stationary  map { rows c  columns kk }  share 0.7 }
  chunk shift { array 8 x 8  runs shift  share 0.6  network 2bit }
  mapper { effort 0 }
}

//! NAS5019 error 5:67-5:70 chunk `mac` has a dataflow and a map
//! NAS5020 error 5:89-5:91 there is no loop `kk`
//! NAS5018 error 6:48-6:51 the chunks share more memory than there is
//! NAS2024 error 6:61-6:65 `network` is an energy, not a width in bits
//! NAS2025 error 7:19-7:20 `effort` is out of range
