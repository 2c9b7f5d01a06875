// Accelerators to search for:
//   import { Edge } from "std/accelerators"
// Unit energies come from the cost model unless a memory declares its own.

/// An edge device of 45 nm: multiplications in floating point, shifts in fixed point, adds beside them. A search that names no
/// accelerator gets this one.
accelerator Edge {
  technology 45nm   clock 250MHz
  memory dram   { width 64bit }
  memory buffer { size 108KB  width 64bit }
  chunk mac   { array 12 x 14  runs conv, depthwise, dense, attention  dataflow row_stationary  precision fp32 }
  chunk shift { array 8 x 16   runs shift  dataflow weight_stationary  precision int32 }
  chunk adder { array 8 x 16   runs add    dataflow output_stationary  precision fp32 }
}

/// Like Eyeriss (Chen et al., ISCA 2016): 168 processing elements of 16 bits, 108 KB of shared buffer, 0.5 KB beside each element; 65 nm, 200 MHz.
accelerator EyerissLike {
  technology 65nm   clock 200MHz
  memory dram      { width 64bit }
  memory buffer    { size 108KB  width 64bit }
  memory registers { size 512B   width 16bit }
  chunk array { array 12 x 14  runs conv, depthwise, dense, attention, shift, add  dataflow row_stationary  precision int16 }
}

/// Like NASA (Shi et al., ICCAD 2022): one chunk for each family of operators, all in 8 bits, so that they work on different layers at the same time.
accelerator NasaLike {
  technology 45nm   clock 250MHz
  memory dram   { width 64bit }
  memory buffer { size 108KB  width 64bit }
  chunk mac   { array 8 x 8   runs conv, depthwise, dense, attention  dataflow choose { row_stationary, weight_stationary }  precision int8 }
  chunk shift { array 8 x 12  runs shift  dataflow weight_stationary  precision int8 }
  chunk adder { array 8 x 12  runs add    dataflow output_stationary  precision int8 }
}
