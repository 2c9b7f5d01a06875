// Hardware fields may be chosen; names, operators, goals and conditions may not.
accelerator Chip {
  clock choose { 200MHz, 250MHz }
  memory dram { width adapt { 32bit, 64bit } }
  memory buffer { size choose 64KB..256KB }
  chunk mac { array choose { 8, 16 } x choose { 2, 0 }  runs choose { conv, dense }  precision choose { int8, int16 if 1 < 2 } }
  mapper { minimize choose { edp, energy } }
}

//! NAS5024 error 4:23-4:45 `width` cannot be adapted here
//! NAS5024 error 5:24-5:42 `size` cannot be chosen here
//! NAS2025 error 6:52-6:53 `array` is out of range
//! NAS5024 error 6:62-6:84 `runs` cannot be chosen here
//! NAS5024 error 6:96-6:127 `precision` cannot be chosen here
//! NAS5024 error 7:21-7:43 `minimize` cannot be chosen here
