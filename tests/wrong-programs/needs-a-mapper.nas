// Without a mapper nobody looks at copies, ports and loops.
accelerator Chip {
  memory dram { width 64bit }
  memory buffer { size 64KB  ports { shared 1 } }
  memory inner { size 512B  per pe  holds weights  leak 1uW }
  chunk mac { array 8 x 8  runs conv  map { rows c }  network 2pJ }
}

//! NAS5021 warning 4:30-4:35 `ports` has no effect without a mapper
//! NAS5021 warning 5:29-5:32 `per` has no effect without a mapper
//! NAS5021 warning 5:37-5:42 `holds` has no effect without a mapper
//! NAS5021 warning 5:52-5:56 `leak` has no effect without a mapper
//! NAS5021 warning 6:39-6:42 `map` has no effect without a mapper
//! NAS5021 warning 6:55-6:62 `network` has no effect without a mapper
