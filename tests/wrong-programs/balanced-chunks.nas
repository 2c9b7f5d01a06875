// What chunks divide, and nobody, twice, or too little of it.
accelerator Nobody {
  balance { elements 100 }
  share dynamic
  memory dram { width 64bit }
  memory buffer { size 64KB }
  chunk mac { array 8 x 8  runs conv }
}
accelerator Twice {
  balance { elements 100  area 1mm2 }
  memory dram { width 64bit }
  memory buffer { size 64KB }
  chunk mac { array balanced  runs conv }
  chunk shift { array 8 x balanced  runs shift }
}
accelerator Little {
  balance { elements 12 }
  memory dram { width 64bit }
  memory buffer { size 64KB }
  chunk mac { array 8 x balanced  runs conv }
  chunk shift { array balanced x 16  runs shift }
}
accelerator Both {
  share dynamic
  memory dram { width 64bit }
  memory buffer { size 64KB }
  chunk mac { array 8 x 8  runs conv  share 0.5 }
  chunk shift { array 8 x 8  runs shift }
  mapper { }
}
accelerator Large {
  area 0.1mm2
  memory dram { width 64bit }
  memory buffer { size 16KB }
  memory local { size 64B  width 16bit  per pe }
  chunk mac { array balanced  runs conv }
  chunk shift { array balanced  runs shift }
  mapper { }
}

accelerator Predicted {
  share dynamic
  memory dram    { width 16bit  read 200pJ }
  memory buffer  { size 128KB   width 16bit  read 22.2pJ  write 0pJ }
  memory inputs  { size 24B     width 16bit  read 3.7pJ  per pe  holds inputs }
  memory weights { size 1920B   width 16bit  read 7.4pJ  per pe  holds weights }
  memory sums    { size 32B     width 16bit  read 3.7pJ  per pe  holds outputs }
  chunk mac   { array 16 x 12  runs conv  dataflow row_stationary  precision fp32  point 3.7pJ }
  chunk shift { array 16 x 12  runs shift  dataflow row_stationary  precision int16 }
  mapper { convention rice_eic { groups dense } }
}

//! NAS5025 warning 3:3-3:10 `balance` has no effect
//! NAS5021 warning 4:3-4:8 `share` has no effect without a mapper
//! NAS5025 warning 4:9-4:16 `share dynamic` has no effect
//! NAS5026 error 10:27-10:31 `balance` says twice what is divided
//! NAS5026 error 17:22-17:24 `Little` divides less than its smallest arrays take
//! NAS5027 error 27:39-27:44 chunks have parts of the memories of their own, and none
//! NAS5022 error 32:8-32:14 accelerator `Large` is larger than its area
//! NAS5042 warning 42:3-42:8 `share` has no effect on the predictor
