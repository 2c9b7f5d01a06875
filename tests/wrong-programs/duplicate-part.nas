// Memories and chunks are told apart by their names.
accelerator Chip {
  memory dram { width 64bit }
  memory buffer { size 64KB }
  memory buffer { size 32KB }
  chunk mac { array 12 x 14  runs conv }
  chunk mac { array 12 x 14  runs dense }
}

//! NAS5011 error 5:10-5:16 two memories are called `buffer`
//! NAS5011 error 7:9-7:12 two chunks are called `mac`
