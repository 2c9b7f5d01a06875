/**
 * The accelerator of a search that names none: an edge device of 45 nm with a floating-point array for multiplications and two
 * integer arrays for shifts and adds. `Edge` of std/accelerators is the same, written out.
 */
import type { Accelerator } from "../plan.js";

export const defaultAccelerator: Accelerator = {
  name: "Edge",
  technology: 45,
  clock: 250e6,
  memories: [{ name: "dram", width: 64 }, { name: "buffer", size: 108 * 1024, width: 64 }],
  chunks: [
    { name: "mac", array: [12, 14], runs: ["conv", "depthwise", "dense", "attention"], dataflow: ["row_stationary"], precision: "fp32" },
    { name: "shift", array: [8, 16], runs: ["shift"], dataflow: ["weight_stationary"], precision: "int32" },
    { name: "adder", array: [8, 16], runs: ["add"], dataflow: ["output_stationary"], precision: "fp32" },
  ],
};
