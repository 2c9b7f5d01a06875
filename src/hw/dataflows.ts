/**
 * Dataflows as rules for the mapper (hardware.md 2.9): which loops may run across the rows and columns of an array, and which tensor stays
 * in the processing elements while the loops next to them run.
 */
import type { Chunk, Dataflow, MapRules, TensorRole } from "../ir/plan.js";
import type { LoopNest, TensorAccess } from "../ops/workload.js";
import { COLUMNS, ROWS } from "./chunk-hardware.js";
import type { AxisRules } from "./mapping/spatial.js";

export interface DataflowRules {
  readonly name: string;
  readonly rules: AxisRules;
  readonly inside?: readonly string[];
  readonly stationary?: TensorRole;
  /** Nothing is kept beside the processing elements. */
  readonly bare: boolean;
}

/** What a tensor is to the array: a product of two activations treats its second factor as the weights. */
export function roleOf(nest: LoopNest, tensor: TensorAccess): TensorRole {
  if (tensor.role === "output") return "outputs";
  const inputs = nest.tensors.filter(({ role }) => role === "input");
  return tensor.role === "weight" || (inputs.length > 1 && tensor === inputs[1] && !nest.tensors.some(({ role }) => role === "weight")) ? "weights" : "inputs";
}

/** Loops by what they index: reductions (not in the output), channels (in weights and output), positions (in the output only). */
export interface LoopKinds { readonly reductions: readonly string[]; readonly channels: readonly string[]; readonly positions: readonly string[] }

export function loopKinds(nest: LoopNest): LoopKinds {
  const indexed = (role: TensorRole): ReadonlySet<string> =>
    new Set(nest.tensors.filter((tensor) => roleOf(nest, tensor) === role).flatMap(({ indices }) => indices.flatMap(({ terms }) => terms.map(({ dimension }) => dimension))));
  const [outputs, weights] = [indexed("outputs"), indexed("weights")];
  const names = nest.dimensions.map(({ name }) => name);
  return {
    reductions: names.filter((name) => !outputs.has(name)),
    channels: names.filter((name) => outputs.has(name) && weights.has(name)),
    positions: names.filter((name) => outputs.has(name) && !weights.has(name)),
  };
}

function ofDataflow(dataflow: Dataflow, { reductions, channels, positions }: LoopKinds): DataflowRules {
  const across = (rows: readonly string[], columns: readonly string[]): AxisRules => ({ [ROWS]: rows, [COLUMNS]: columns });
  switch (dataflow) {
    case "weight_stationary": return { name: dataflow, rules: across([...reductions, ...channels], channels), stationary: "weights", bare: false };
    case "output_stationary": return { name: dataflow, rules: across([...positions, ...channels], [...channels, ...positions]), stationary: "outputs", bare: false };
    case "input_stationary": return { name: dataflow, rules: across(reductions, positions), stationary: "inputs", bare: false };
    case "row_stationary": return { name: dataflow, rules: across([...reductions, ...channels], [...positions, ...channels]), bare: false };
    case "no_local_reuse": return { name: dataflow, rules: across(reductions, channels), bare: true };
  }
}

function ofMap({ rows, columns, inside, stationary }: MapRules, kinds: LoopKinds): DataflowRules {
  const expand = (names: readonly string[]): readonly string[] => names.flatMap((name) => (name === "reductions" || name === "channels" || name === "positions" ? kinds[name] : [name]));
  const rules: Record<string, readonly string[]> = {};
  if (rows !== undefined) rules[ROWS] = expand(rows);
  if (columns !== undefined) rules[COLUMNS] = expand(columns);
  return { name: "map", rules, bare: false, ...(inside === undefined ? {} : { inside: expand(inside) }), ...(stationary === undefined ? {} : { stationary }) };
}

/** Every way in which a chunk may run a nest. */
export function dataflowsOf(chunk: Chunk, nest: LoopNest): readonly DataflowRules[] {
  const kinds = loopKinds(nest);
  return chunk.map === undefined ? chunk.dataflow.map((dataflow) => ofDataflow(dataflow, kinds)) : [ofMap(chunk.map, kinds)];
}
