// Fields of vector units that do not exist, contradict each other or have no effect.
accelerator Chip {
  memory dram { width 64bit }
  memory buffer { size 64KB }
  chunk mac { array 8 x 8  runs conv }
  vector { lane 16  lanes 0  precision fp61  add 0.4  multiply 1.1pJ  multiply 2pJ  fuse relu }
  vectors { lanes 8 }
  mapper { lanes 4 }
}
accelerator Named {
  memory dram { width 64bit }
  chunk mac { array 8 x 8  runs conv }
  vector simd { lanes 2.5  precision int8 { psum 16bit } }
}
accelerator Predicted {
  memory dram { width 16bit }
  memory buffer { size 64KB  width 16bit }
  memory inputs { size 24B  width 16bit  per pe  holds inputs }
  memory weights { size 384B  width 16bit  per pe  holds weights }
  memory sums { size 32B  width 16bit  per pe  holds outputs }
  chunk mac { array 8 x 8  runs conv  dataflow row_stationary  network 2pJ }
  vector { lanes 8  precision int16 }
  mapper { convention rice_eic }
}

//! NAS2020 error 6:12-6:16 `vector` has no setting `lane`
//! NAS2025 error 6:27-6:28 `lanes` is out of range
//! NAS2026 error 6:40-6:44 `precision` does not know `fp61`
//! NAS2024 error 6:50-6:53 `add` is an energy, not a plain number
//! NAS2021 error 6:71-6:79 `multiply` is given twice
//! NAS2023 error 6:90-6:94 `fuse` takes `true` or `false`
//! NAS2020 error 7:3-7:10 `accelerator` has no setting `vectors`
//! NAS2020 error 8:12-8:17 `mapper` has no setting `lanes`
//! NAS2029 error 13:10-13:14 `vector` is not written like this
//! NAS2025 error 13:23-13:26 `lanes` is out of range
//! NAS2029 error 13:28-13:37 `precision` is not written like this
//! NAS5042 warning 22:12-22:17 `lanes` has no effect on the predictor
