/**
 * How full an array of processing elements is. A dataflow says which loops run across the rows and which across the columns
 * (hardware.md 2.6: weight stationary puts reductions on rows and filters on columns, ...); the padding of the last fold is lost.
 */
import type { Chunk, Dataflow } from "../ir/plan.js";
import type { LoopNest } from "../ops/workload.js";

/** Loops by what they index: reductions (not in the output), channels (in weights and output), positions (in the output only). */
interface LoopClasses { readonly reductions: readonly number[]; readonly channels: readonly number[]; readonly positions: readonly number[] }

function classify(nest: LoopNest): LoopClasses {
  const dimensionsOf = (role: (tensor: LoopNest["tensors"][number]) => boolean): ReadonlySet<string> => {
    const found = new Set<string>();
    for (const tensor of nest.tensors) if (role(tensor)) for (const { terms } of tensor.indices) for (const { dimension } of terms) found.add(dimension);
    return found;
  };
  const inputs = nest.tensors.filter((tensor) => tensor.role === "input");
  const hasWeight = nest.tensors.some((tensor) => tensor.role === "weight");
  const outputs = dimensionsOf((tensor) => tensor.role === "output");
  // A product of two activations (attention) treats its second operand as the weights.
  const weights = dimensionsOf((tensor) => (hasWeight ? tensor.role === "weight" : inputs.length > 1 && tensor === inputs[1]));
  const reductions: number[] = [];
  const channels: number[] = [];
  const positions: number[] = [];
  for (const { name, bound } of nest.dimensions) {
    if (bound <= 1) continue;
    (outputs.has(name) ? (weights.has(name) ? channels : positions) : reductions).push(bound);
  }
  return { reductions, channels, positions };
}

const filled = (work: number, lanes: number): number => work / (Math.ceil(work / lanes) * lanes);

/** The best of all subsets of loops that may be flattened across one side of the array, those from `from` on beside loops of `work`. */
function bestFill(bounds: readonly number[], lanes: number, from = 0, work = 1): number {
  if (from === bounds.length) return filled(work, lanes);
  return Math.max(bestFill(bounds, lanes, from + 1, work), bestFill(bounds, lanes, from + 1, work * bounds[from]!));
}

function dataflowUtilisation(dataflow: Dataflow, loops: LoopClasses, [rows, columns]: readonly [number, number]): number {
  const { reductions, channels, positions } = loops;
  switch (dataflow) {
    case "weight_stationary":
    case "no_local_reuse": return bestFill(reductions, rows) * bestFill(channels, columns);
    case "output_stationary": return bestFill(positions, rows) * bestFill(channels, columns);
    case "input_stationary": return bestFill(reductions, rows) * bestFill(positions, columns);
    case "row_stationary": return bestFill(reductions, rows) * bestFill([...channels, ...positions], columns);
    default: { const never: never = dataflow; throw new Error(`dataflow ${String(never)}`); }
  }
}

/** Share of the array that does useful work, the best of the chunk's dataflows; in (0, 1]. */
export function utilisation(nest: LoopNest, chunk: Chunk): number {
  const loops = classify(nest);
  const flows: readonly Dataflow[] = chunk.dataflow.length > 0 ? chunk.dataflow : ["weight_stationary"];
  return Math.max(...flows.map((flow) => dataflowUtilisation(flow, loops, chunk.array)));
}
