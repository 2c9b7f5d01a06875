// The predictor has templates for four dataflows and places for five memories.
accelerator Mapped {
  memory dram { width 64bit }
  memory buffer { size 64KB  width 16bit  double_buffered true }
  memory inputs { size 24B  width 16bit  per pe  holds inputs }
  memory weights { size 384B  width 16bit  per pe  holds weights }
  memory sums { size 32B  width 16bit  per pe  holds outputs }
  chunk mac { array 8 x 8  runs conv  map { rows c } }
  chunk other { array 8 x 8  runs shift  dataflow row_stationary, no_local_reuse  network 2pJ { psums 1pJ } }
  mapper { effort 10  convention rice_eic { places inside } }
}
accelerator Missing {
  memory dram { width 64bit }
  memory large { size 64KB }
  memory small { size 32KB }
  memory rows { size 1KB  per row }
  memory local { size 64B  width 16bit  per pe  holds inputs, weights }
  chunk mac { array 8 x 8  runs conv  dataflow row_stationary }
  mapper { convention rice_eic }
}
accelerator General {
  memory dram { width 64bit }
  memory buffer { size 64KB }
  chunk mac { array 8 x 8  runs conv  clock 100MHz  network 2pJ { psum 1pJ } }
  mapper { minimize normalised_sum }
}
accelerator Unmapped {
  memory dram { width 64bit }
  memory buffer { size 64KB }
  chunk mac { array 8 x 8  runs conv  network 2pJ }
}

//! NAS5042 warning 4:43-4:58 `double_buffered` has no effect on the predictor
//! NAS5040 error 8:39-8:42 the predictor takes no `map`
//! NAS5040 error 9:67-9:81 the predictor has no template for `no_local_reuse`
//! NAS2020 error 9:97-9:102 `network` has no setting `psums`
//! NAS5042 warning 10:12-10:18 `effort` has no effect on the predictor
//! NAS2026 error 10:52-10:58 `places` does not know `inside`
//! NAS5041 error 15:10-15:15 the predictor has no place for `small`
//! NAS5041 error 16:10-16:14 the predictor has no place for `rows`
//! NAS5041 error 17:10-17:15 the predictor has no place for `local`
//! NAS5041 error 19:23-19:31 the predictor needs a memory for inputs beside each element
//! NAS5041 error 19:23-19:31 the predictor needs a memory for weights beside each element
//! NAS5041 error 19:23-19:31 the predictor needs a memory for outputs beside each element
//! NAS5042 warning 24:39-24:44 `clock` of a chunk has no effect here
//! NAS5042 warning 24:67-24:71 `psum` of `network` has no effect here
//! NAS5040 error 25:21-25:35 `normalised_sum` belongs to the predictor
//! NAS5021 warning 30:39-30:46 `network` has no effect without a mapper
