// Network and accelerator in one search: the width and the operators of the network beside the arrays, the dataflow, the number format
// and the buffer of the chip, which has to stay within its area. Costs are those of the best mapping of every layer.
//   nasc info samples/co-search.nas      sizes, exact bounds over both, and how costs are spread
//   nasc cost samples/co-search.nas --architecture Plain --explain conv

space Glyphs {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  x = image -> conv(width, kernel = 3, stride = 2) -> batch_norm -> relu
  for i in 1..2 {
    x = x + (x -> choose mix {
      conv:  conv(width, kernel = 3) -> batch_norm
      shift: shift(width, kernel = 3) -> batch_norm
      add:   add(width, kernel = 3) -> batch_norm
    }) -> relu
  }
  output classes = x -> global_pool -> dense(10)
}

accelerator Chip {
  technology 45nm   clock 200MHz   area 0.3mm2
  memory dram   { width 64bit  bandwidth 1.6GBps }
  memory buffer { size choose { 16KB, 32KB, 64KB }  width 64bit }
  memory local  { size 64B  width 16bit  per pe }
  chunk mac   { array choose { 4, 8, 16 } x 8  runs conv, dense  dataflow choose { weight_stationary, output_stationary }  precision choose { int8, int16 } }
  chunk shift { array 8 x choose { 4, 8 }  runs shift  precision int8 }
  chunk adder { array 8 x choose { 4, 8 }  runs add    precision int8 }
  mapper { minimize edp }
}

search Main {
  space Glyphs   on Chip
  seed 1
  data glyphs { limit 4000  validation 1000 }
  supernet { epochs 10   batch 64 }
  explore evolution { population 20  generations 8 }
  maximize accuracy
  minimize energy, period
}

architecture Plain of Glyphs { width = 16  mix[1] = conv  mix[2] = conv }
