/** Small accelerators and hand-made workloads with costs that can be worked out on paper. */
import type { Accelerator, Chunk, NumberFormat } from "../../src/ir/plan.js";
import type { Operator } from "../../src/ops/operator.js";
import type { LoopNest, PointOperation, Workload } from "../../src/ops/workload.js";

export const chunk = (name: string, runs: readonly string[], precision: NumberFormat, array: readonly [number, number] = [4, 4]): Chunk => ({ name, runs, precision, array, dataflow: ["weight_stationary"] });

export function accelerator(changes: Partial<Accelerator> = {}): Accelerator {
  return {
    name: "Paper", technology: 45, clock: 250e6,
    memories: [{ name: "dram", width: 64 }, { name: "buffer", size: 108 * 1024, width: 64 }],
    chunks: [chunk("mac", ["conv", "dense", "attention"], "fp32", [12, 14]), chunk("shift", ["shift"], "int32", [8, 16]), chunk("adder", ["add"], "fp32", [8, 16])],
    ...changes,
  };
}

/** A 1x1 convolution: M positions, K filters, C channels. */
export function pointwise(operation: PointOperation, m: number, k: number, c: number, weightBits?: number): LoopNest {
  const index = (...names: string[]): { terms: { dimension: string; coefficient: number }[] }[] => names.map((dimension) => ({ terms: [{ dimension, coefficient: 1 }] }));
  return {
    name: "pointwise", operation, points: m * k * c,
    dimensions: [{ name: "m", bound: m }, { name: "k", bound: k }, { name: "c", bound: c }],
    tensors: [
      { name: "W", role: "weight", indices: index("k", "c"), words: k * c, ...(weightBits === undefined ? {} : { bits: weightBits }) },
      { name: "I", role: "input", indices: index("m", "c"), words: m * c },
      { name: "O", role: "output", indices: index("m", "k"), words: m * k },
    ],
  };
}

/** An operator that asks for a given workload and owns `parameters` weights. */
export function operatorWith(name: string, workload: Workload, parameters = 0): Operator {
  return {
    name, summary: "", example: "", category: "linear", inputs: { minimum: 1, maximum: 1 }, parameters: [],
    shape: (inputs) => ({ shape: inputs[0]! }),
    weights: () => (parameters === 0 ? [] : [
      { name: "w", shape: [parameters], initializer: { kind: "constant", value: 0 }, axes: ["leading"], role: "parameter", decay: true },
      { name: "mean", shape: [7], initializer: { kind: "constant", value: 0 }, axes: ["leading"], role: "statistic", decay: false },
    ]),
    forward: ({ inputs }) => inputs[0]!,
    workload: () => workload,
  };
}
