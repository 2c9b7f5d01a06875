// 20 * 20 * 16 combinations.
accelerator Chip {
  memory dram { width 64bit }
  memory buffer { size choose 8KB..128KB by 8KB }
  chunk mac { array choose 1..20 x choose 1..20  runs conv }
}

//! NAS5023 error 5:36-5:48 accelerator `Chip` has too many variants
