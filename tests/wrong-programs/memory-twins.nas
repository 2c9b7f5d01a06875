// Two memories of the same size in the same place; several memories in one place are fine where each is smaller or has its own tensors.
accelerator Chip {
  memory dram { width 64bit }
  memory buffer { size 64KB }
  memory outer { size 448B  width 16bit  per pe  holds weights, inputs }
  memory inner { size 448B  width 16bit  per pe  holds weights }
  memory sums { size 448B  width 16bit  per pe  holds outputs }
  memory smallest { size 12B  width 16bit  per pe  holds weights }
  chunk mac { array 8 x 8  runs conv }
  mapper { }
}

//! NAS5017 error 6:23-6:27 `outer` and `inner` keep the same tensors in the same place
