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
  chunk mac   { array 8 x 8   runs conv, depthwise, dense, attention  dataflow row_stationary, weight_stationary  precision int8 }
  chunk shift { array 8 x 12  runs shift  dataflow weight_stationary  precision int8 }
  chunk adder { array 8 x 12  runs add    dataflow output_stationary  precision int8 }
}

/// The same with chunks that are sized for each network, as NASA sizes them: the area of 168 multiplying elements goes to the chunks in
/// proportion to their work over the used share of their arrays; a shifting or adding element takes 1 / 1.88 of a multiplying one.
accelerator NasaBalanced {
  technology 45nm   clock 250MHz
  balance { elements 168 }
  memory dram   { width 64bit }
  memory buffer { size 108KB  width 64bit }
  chunk mac   { array balanced  area 188um2  runs conv, depthwise, dense, attention  dataflow row_stationary, weight_stationary  precision int8 }
  chunk shift { array balanced  area 100um2  runs shift  dataflow weight_stationary  precision int8 }
  chunk adder { array balanced  area 100um2  runs add    dataflow output_stationary  precision int8 }
}

// The accelerators below declare every memory, and the layers of a network are mapped onto them: `mapper { }` searches the mappings.

/// Eyeriss (Chen et al., ISCA 2016 and JSSC 2017): 168 processing elements with scratchpads of 12 inputs, 224 weights and 24 partial
/// sums, 108 KB of shared buffer. 16 bits cost 1 (scratchpad), 2 (links of the array, by word delivered), 6 (buffer) and 200 (external)
/// times a 16-bit multiply-accumulate; that is taken as 1.3 pJ, 0.9 pJ at 45 nm scaled to 65.
accelerator eyeriss168 {
  technology 65nm   clock 200MHz
  memory dram    { width 64bit  read 1040pJ }
  memory buffer  { size 108KB   width 64bit  read 31.2pJ  double_buffered true }
  memory inputs  { size 24B     width 16bit  read 1.3pJ  per pe  holds inputs }
  memory weights { size 448B    width 16bit  read 1.3pJ  per pe  holds weights }
  memory sums    { size 48B     width 16bit  read 1.3pJ  per pe  holds outputs }
  chunk array {
    array 12 x 14   runs conv, depthwise, dense, attention, matmul, shift, add
    dataflow row_stationary   precision int16 { psum 16bit }   point 1.3pJ   network 2.6pJ
  }
  mapper { minimize edp }
}

/// The Eyeriss of HW-NAS-Bench (Li et al., ICLR 2021): scratchpads of 12, 192 and 16 words, 64 K words of buffer, prices per 16-bit word
/// relative to a multiply-accumulate of 1 pJ, no limit of bandwidth. Filters, channels and taps spread over the rows, positions and
/// filters over the columns, by whole factors.
accelerator eyeriss_hwnas {
  technology 45nm   clock 250MHz
  memory dram    { width 16bit  read 0.8pJ  bandwidth 1000GBps }
  memory buffer  { size 128KB   width 16bit  read 0.5pJ  bandwidth 1000GBps }
  memory inputs  { size 24B     width 16bit  read 2pJ  per pe  holds inputs }
  memory weights { size 384B    width 16bit  read 2pJ  per pe  holds weights }
  memory sums    { size 32B     width 16bit  read 2pJ  per pe  holds outputs }
  chunk array {
    array 12 x 14   runs conv, depthwise, dense, attention, matmul, shift, add, average_pool, max_pool
    map { rows g, c, k, r, s   columns n, g, m, p, q, k }
    precision int16 { psum 16bit }   point 1pJ   network 2pJ
  }
  mapper { minimize latency  factors perfect  keep_on_chip false  convention hw_nas_bench }
}

/// A systolic array of 32 x 32 in 8 bits, after ZigZag's model of the TPU: 128 bytes of weights in each element, partial sums beside the
/// columns, two megabytes of buffer.
accelerator tpu_like {
  technology 45nm   clock 500MHz
  memory dram         { width 64bit }
  memory buffer       { size 2MB    width 2048bit  banks 16 }
  memory accumulators { size 1KB    width 32bit  per column  holds outputs }
  memory weights      { size 128B   width 8bit   per pe      holds weights }
  chunk array { array 32 x 32  runs conv, depthwise, dense, attention, matmul, shift, add  dataflow weight_stationary  precision int8 }
  mapper { minimize edp }
}

/// After NVDLA: 16 x 16 multipliers in 8 bits, channels across the rows and filters across the columns, 512 KB of convolution buffer and
/// accumulators beside the columns.
accelerator nvdla_like {
  technology 28nm   clock 1GHz
  memory dram         { width 64bit  bandwidth 12.8GBps }
  memory buffer       { size 512KB   width 512bit  banks 16 }
  memory accumulators { size 2KB     width 32bit  per column  holds outputs }
  memory weights      { size 16B     width 8bit   per pe      holds weights }
  chunk array {
    array 16 x 16   runs conv, depthwise, dense, attention, matmul, shift, add
    map { rows c, u, d, g   columns k, u, d, g   stationary weights }   precision int8
  }
  mapper { minimize edp }
}

/// ViTCoD's engine (You et al., HPCA 2023): 64 lines of 8 multipliers, 320 KB of buffers, 76.8 GB/s (of 2^30 bytes), 28 nm, 500 MHz, 3 mm2.
/// Attention under a mask is split over a denser and a sparser engine, billed as in the released simulator.
accelerator vitcod {
  technology 28nm   clock 500MHz   area 3mm2
  memory dram      { width 512bit  bandwidth 82.463372083GBps }
  memory buffer    { size 320KB    width 512bit  banks 8 }
  memory registers { size 16B      width 8bit  per pe }
  chunk engine {
    array 64 x 8  runs conv, depthwise, dense, attention, masked_attention, matmul, shift, add
    dataflow output_stationary, weight_stationary  precision int8
    split_by_mask { dense_above 50  convention as_published }
  }
  mapper { minimize edp }
}

/// NASA (Shi et al., ICCAD 2022): one chunk for each family of operators; the area of 168 multiplying elements is given to them in equal
/// parts of area, a shift or adder element taking 1 / 1.88 of a multiplying one. Buffer and scratchpads as in its published code.
accelerator nasa_chunks {
  technology 45nm   clock 250MHz
  memory dram    { width 64bit }
  memory buffer  { size 256KB   width 64bit  banks 4 }
  memory inputs  { size 96B     width 16bit  per pe  holds inputs }
  memory weights { size 224B    width 16bit  per pe  holds weights }
  memory sums    { size 32B     width 16bit  per pe  holds outputs }
  chunk mac   { array 7 x 8    runs conv, depthwise, dense, attention, matmul  dataflow row_stationary, weight_stationary  precision int8 { psum 16bit } }
  chunk shift { array 8 x 13   runs shift  dataflow row_stationary, weight_stationary  precision int8 { psum 16bit } }
  chunk adder { array 8 x 13   runs add    dataflow row_stationary, output_stationary  precision int8 { psum 16bit } }
  mapper { minimize edp }
}

// The accelerators below are priced by the predictor that three papers made their figures with: `convention rice_eic`. Prices of memories
// hold for words of 16 bits. An access of the buffer that is a `write` is the way between it and external memory.

/// The Eyeriss of HW-NAS-Bench (Li et al., ICLR 2021) by its own script, with which the latencies of its NAS-Bench-201 table were made.
accelerator eyeriss_predictor {
  technology 45nm   clock 250MHz
  memory dram    { width 16bit  read 0.3pJ  bandwidth 1000GBps }
  memory buffer  { size 128KB   width 16bit  read 0.5pJ  write 0.5pJ }
  memory inputs  { size 24B     width 16bit  read 2pJ  per pe  holds inputs }
  memory weights { size 384B    width 16bit  read 2pJ  per pe  holds weights }
  memory sums    { size 32B     width 16bit  read 2pJ  per pe  holds outputs }
  chunk array {
    array 12 x 14   runs conv, depthwise, dense, attention, matmul, shift, add, average_pool, max_pool
    dataflow row_stationary   precision int16 { psum 16bit }   point 1pJ   network 2pJ
  }
  mapper { minimize normalised_sum  convention rice_eic { pooling dense } }
}

/// The same, where tilings fit the sides of the array and the fastest counts: the cycles of 1x1 convolutions in HW-NAS-Bench's FBNet table,
/// which its public script does not give.
accelerator eyeriss_predictor_sides {
  technology 45nm   clock 250MHz
  memory dram    { width 16bit  read 0.3pJ  bandwidth 1000GBps }
  memory buffer  { size 128KB   width 16bit  read 0.5pJ  write 0.5pJ }
  memory inputs  { size 24B     width 16bit  read 2pJ  per pe  holds inputs }
  memory weights { size 384B    width 16bit  read 2pJ  per pe  holds weights }
  memory sums    { size 32B     width 16bit  read 2pJ  per pe  holds outputs }
  chunk array {
    array 12 x 14   runs conv, depthwise, dense, attention, matmul, shift, add, average_pool, max_pool
    dataflow row_stationary   precision int16 { psum 16bit }   point 1pJ   network 2pJ
  }
  mapper { minimize latency  convention rice_eic { places sides  pooling dense } }
}

/// ShiftAddNAS (You et al., ICML 2022) at 32 bits, as its script has it: 192 elements in turn for each family of operators. Shifts move 10
/// bits in 10 / 32 of a cycle; prices of the chip are multiples of the 3.7 pJ of a multiplication; additions get their data free.
accelerator shiftaddnas {
  technology 45nm   clock 250MHz
  memory dram    { width 16bit  read 200pJ  bandwidth 1000GBps }
  memory buffer  { size 128KB   width 16bit  read 22.2pJ  write 0pJ }
  memory inputs  { size 24B     width 16bit  read 3.7pJ  per pe  holds inputs }
  memory weights { size 1920B   width 16bit  read 7.4pJ  per pe  holds weights }
  memory sums    { size 32B     width 16bit  read 3.7pJ  per pe  holds outputs }
  chunk mac   { array 16 x 12  runs conv, depthwise, dense, attention, matmul  dataflow row_stationary  precision fp32  point 3.7pJ  network 14.8pJ { psum 7.4pJ } }
  chunk shift { array 16 x 12  runs shift  dataflow row_stationary  precision int16 { weights 10bit  activations 10bit  psum 10bit }  clock 800MHz  point 0.13pJ  network 7.4pJ { psum 3.7pJ } }
  chunk adder { array 16 x 12  runs add    dataflow row_stationary  precision fp32  point 0.9pJ  network 14.8pJ { psum 7.4pJ } }
  mapper { minimize normalised_sum  convention rice_eic { groups dense  adders free } }
}

/// The same with 168 elements, with which most of its recorded networks were priced.
accelerator shiftaddnas_168 {
  technology 45nm   clock 250MHz
  memory dram    { width 16bit  read 200pJ  bandwidth 1000GBps }
  memory buffer  { size 128KB   width 16bit  read 22.2pJ  write 0pJ }
  memory inputs  { size 24B     width 16bit  read 3.7pJ  per pe  holds inputs }
  memory weights { size 1920B   width 16bit  read 7.4pJ  per pe  holds weights }
  memory sums    { size 32B     width 16bit  read 3.7pJ  per pe  holds outputs }
  chunk mac   { array 14 x 12  runs conv, depthwise, dense, attention, matmul  dataflow row_stationary  precision fp32  point 3.7pJ  network 14.8pJ { psum 7.4pJ } }
  chunk shift { array 14 x 12  runs shift  dataflow row_stationary  precision int16 { weights 10bit  activations 10bit  psum 10bit }  clock 800MHz  point 0.13pJ  network 7.4pJ { psum 3.7pJ } }
  chunk adder { array 14 x 12  runs add    dataflow row_stationary  precision fp32  point 0.9pJ  network 14.8pJ { psum 7.4pJ } }
  mapper { minimize normalised_sum  convention rice_eic { groups dense  adders free } }
}

/// NASA (Shi et al., ICCAD 2022) as its simulator has it: the area of 168 multiplying elements shared out so that equal work of every family
/// takes equal time, 8 and 6 bits, every point at the price of a multiplication.
accelerator nasa_predictor {
  technology 45nm   clock 250MHz
  memory dram    { width 16bit  read 200pJ  bandwidth 1000GBps }
  memory buffer  { size 262140B  width 16bit  read 6pJ  write 0pJ }
  memory inputs  { size 96B     width 16bit  read 1pJ  per pe  holds inputs }
  memory weights { size 224B    width 16bit  read 1pJ  per pe  holds weights }
  memory sums    { size 32B     width 16bit  read 1pJ  per pe  holds outputs }
  chunk mac   { array 9 x 9   runs conv, depthwise, dense, attention, matmul  dataflow row_stationary  precision int8 { psum 8bit }  point 0.2pJ  network 1pJ }
  chunk shift { array 2 x 41  runs shift  dataflow row_stationary  precision int8 { weights 6bit  activations 6bit  psum 6bit }  point 0.2pJ  network 1pJ }
  chunk adder { array 2 x 41  runs add    dataflow row_stationary  precision int8 { weights 6bit  activations 6bit  psum 6bit }  point 0.2pJ  network 1pJ }
  mapper { minimize edp  convention rice_eic }
}
