// Fields of memories that contradict each other.
accelerator Chip {
  memory dram { width 64bit  per pe }
  memory buffer { size 4B  width 64bit  ports { write 1  read 0 } }
  memory rows { size 1KB  per row }
  memory late { size 64KB  per chip  holds weights, sums }
  chunk mac { array 8 x 8  runs conv }
  mapper { }
}

//! NAS5017 error 3:30-3:33 the external memory takes no `per`
//! NAS5017 error 4:24-4:26 memory `buffer` is smaller than one access
//! NAS5017 error 4:41-4:66 memory `buffer` cannot be read
//! NAS5015 error 6:32-6:36 memory `late` has fewer copies than the one outside it
//! NAS2026 error 6:53-6:57 `holds` does not know `sums`
