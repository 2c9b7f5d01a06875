/** Reads ZigZag's hardware and layers (KULeuven-MICAS/zigzag, MIT) as uneven hardware and problems. */
import type { AccessKind } from "../../../src/hw/mapping/hardware.js";
import { problemOf, type Problem } from "../../../src/hw/mapping/problem.js";
import type { OutputBits, UnevenHardware } from "../../../src/hw/mapping/uneven.js";
import type { SpatialUse } from "../../../src/hw/mapping/uneven-search.js";

export interface ZigzagMemory {
  size: number; r_cost: number; w_cost: number; operands: string[]; served_dimensions: string[]; force_double_buffering?: boolean;
  ports: { name: string; bandwidth_min: number; bandwidth_max: number; allocation: string[] }[];
}
export interface ZigzagMapping { name: string; spatial_mapping: Record<string, string[]>; temporal_ordering?: [string, number | string][]; memory_operand_links: Record<string, string> }
export interface ZigzagLayer {
  id: number; name?: string; operator_type: string; equation: string; dimension_relations?: string[]; loop_dims: string[]; loop_sizes: number[];
  operand_precision: Record<string, number>;
}
export interface ZigzagCase {
  id: string; hardware: { memories: Record<string, ZigzagMemory>; operational_array: { unit_energy: number; dimensions: string[]; sizes: number[] } };
  mapping: ZigzagMapping[]; workload: ZigzagLayer[] | string; expected: { energy_pJ: number; latency_cycles: number };
}

const kinds: Readonly<Record<string, AccessKind>> = { fh: "fill", tl: "read", fl: "update", th: "drain" };

export function zigzagHardware(given: ZigzagCase["hardware"], links: Record<string, string>): UnevenHardware {
  const tensorOf = (operand: string): string[] => Object.entries(links).filter(([, link]) => link === operand).map(([tensor]) => tensor);
  return {
    pointEnergy: given.operational_array.unit_energy,
    memories: Object.entries(given.memories).map(([name, memory]) => ({
      name, sizeBits: memory.size, read: memory.r_cost, write: memory.w_cost, serves: memory.served_dimensions, tensors: memory.operands.flatMap(tensorOf),
      doubleBuffered: memory.force_double_buffering ?? false,
      ports: memory.ports.map((port) => ({
        name: port.name, minimumBits: port.bandwidth_min, maximumBits: port.bandwidth_max,
        carries: port.allocation.flatMap((text) => {
          const [operand, direction] = text.split(",").map((part) => part.trim());
          return tensorOf(operand!).map((tensor) => ({ tensor, kind: kinds[direction!]! }));
        }),
      })),
    })),
  };
}

/** `O[b][k]+=W[k][c]*I[b][c]`, with `ix=2*ox+1*fx` for indices that are sums. */
export function zigzagProblem(layer: ZigzagLayer): Problem {
  const dims = layer.loop_dims.map((name) => name.toLowerCase());
  const sums = new Map((layer.dimension_relations ?? []).map((text) => {
    const [name, sum] = text.split("=");
    return [name!, sum!.split("+").map((term) => ({ coefficient: Number(term.split("*")[0]), dimension: term.split("*")[1]! }))] as const;
  }));
  const terms = (index: string) => (sums.get(index) ?? [{ coefficient: 1, dimension: index }]).filter((term) => dims.includes(term.dimension));
  return problemOf({
    name: layer.name ?? layer.operator_type, operation: "multiply_accumulate", points: layer.loop_sizes.reduce((product, size) => product * size, 1),
    dimensions: dims.map((name, index) => ({ name, bound: layer.loop_sizes[index]! })),
    tensors: [...layer.equation.matchAll(/([OWI])((?:\[\w+\])+)/g)].map(([, name, indices]) => ({
      name: name!, role: name === "O" ? "output" : name === "W" ? "weight" : "input", words: 0, bits: layer.operand_precision[name!]!,
      indices: [...indices!.matchAll(/\[(\w+)\]/g)].map(([, index]) => ({ terms: terms(index!) })),
    })),
  });
}

export const outputBits = (layer: ZigzagLayer): OutputBits => ({ partial: layer.operand_precision.O!, final: layer.operand_precision.O_final! });

/** The mapping entry for a layer: by its name, else its operator type, else the default. */
export const mappingFor = (mappings: readonly ZigzagMapping[], layer: ZigzagLayer): ZigzagMapping =>
  mappings.find((entry) => entry.name === layer.name) ?? mappings.find((entry) => entry.name === layer.operator_type) ?? mappings.find((entry) => entry.name === "default")!;

export function spatialUses(mapping: ZigzagMapping, problem: Problem): readonly SpatialUse[] {
  return Object.entries(mapping.spatial_mapping).flatMap(([axis, entries]) => entries.flatMap((text): SpatialUse[] => {
    const [name, size] = text.split(",").map((part) => part.trim());
    const dimension = problem.dimensions.indexOf(name!.toLowerCase());
    return dimension < 0 || Number(size) === 1 ? [] : [{ axis, dimension, size: Number(size) }];
  }));
}
