/** Reads a recorded Timeloop case (problem, levels, mapping, statistics) as this model's problem, hardware and mapping. */
import type { Hardware, MemoryLevel, Port, SpatialAxis } from "../../../src/hw/mapping/hardware.js";
import type { MappedLoop, Mapping } from "../../../src/hw/mapping/mapping.js";
import { problemOf, type Problem } from "../../../src/hw/mapping/problem.js";
import type { LoopNest } from "../../../src/ops/workload.js";

/** Timeloop's sizes are in words, whatever their width. */
const WORD = 16;

export interface TimeloopLevel {
  name: string; kind: string; instances: number; word_bits: number; size_words: number | null; block_size: number;
  read_bw_words_per_cycle: number | null; write_bw_words_per_cycle: number | null; shared_bw_words_per_cycle: number | null;
  energy_pJ_per_vector_action: { read: number; write: number; update: number; leak?: number; compute: number };
}

export interface TimeloopCounts { tile: number; partition: number; instances: number; reads: number; fills: number; updates: number; energy_total_pJ: number }

export interface TimeloopCase {
  id: string;
  problem: { dims: Record<string, number>; coefficients: Record<string, number>; dataspaces: Record<string, string[][][]>; outputs: string[] };
  mapping: { keep: Record<string, string[]>; tile_words: Record<string, Record<string, number>>; loops_outer_to_inner: { level: string; dim: string; bound: number; spatial?: string | null }[] };
  levels_inner_to_outer: TimeloopLevel[];
  expected: {
    cycles: number; energy_uJ: number; computes: number; fJ_per_compute: Record<string, number>;
    per_level: Record<string, { energy_pJ?: number; leakage_pJ?: number; dataspaces?: Record<string, TimeloopCounts> }>;
  };
}

export function timeloopProblem(given: TimeloopCase): Problem {
  const { dims, coefficients, dataspaces, outputs } = given.problem;
  const nest: LoopNest = {
    name: given.id, operation: "multiply_accumulate",
    dimensions: Object.entries(dims).map(([name, bound]) => ({ name, bound })),
    points: Object.values(dims).reduce((product, bound) => product * bound, 1),
    tensors: Object.entries(dataspaces).map(([name, indices]) => ({
      name, role: outputs.includes(name) ? "output" : name === "Weights" ? "weight" : "input", words: 0,
      indices: indices.map((terms) => ({ terms: terms.map(([dimension, coefficient]) => ({ dimension: dimension!, coefficient: coefficient === undefined ? 1 : coefficients[coefficient] ?? 1 })) })),
    })),
  };
  return problemOf(nest, () => WORD);
}

function ports(level: TimeloopLevel): Port[] {
  const { read_bw_words_per_cycle: read, write_bw_words_per_cycle: write, shared_bw_words_per_cycle: both } = level;
  return [
    ...(read === null ? [] : [{ name: "read", wordsPerCycle: read, carries: ["read", "drain"] as const }]),
    ...(write === null ? [] : [{ name: "write", wordsPerCycle: write, carries: ["fill", "update"] as const }]),
    ...(both === null ? [] : [{ name: "shared", wordsPerCycle: both, carries: ["read", "drain", "fill", "update"] as const }]),
  ];
}

/** Spatial loops sit where the number of instances changes; several pseudo-levels in one stretch take those places in order. */
function places(given: TimeloopCase): { loops: MappedLoop[]; axes: SpatialAxis[] } {
  const levels = given.levels_inner_to_outer.slice(1);
  const instances = given.levels_inner_to_outer.map((level) => level.instances);
  const loops = given.mapping.loops_outer_to_inner;
  const numberOf = (name: string): number => levels.findIndex((level) => level.name === name);
  const pseudo = [...new Set(loops.filter((loop) => loop.spatial).map((loop) => loop.level))];
  const jumps = levels.map((_, level) => level).filter((level) => instances[level]! > instances[level + 1]!).reverse();
  const belowOf = new Map<string, number>();
  for (const name of pseudo) {
    const first = loops.findIndex((loop) => loop.level === name);
    const outer = loops.slice(0, first).filter((loop) => !loop.spatial).at(-1);
    const inner = loops.slice(first).find((loop) => !loop.spatial);
    const highest = outer === undefined ? levels.length - 1 : numberOf(outer.level);
    const lowest = inner === undefined ? 0 : numberOf(inner.level) + 1;
    const before = Math.min(...[...belowOf.values()], Infinity);
    const possible = jumps.filter((level) => level <= highest && level >= lowest);
    belowOf.set(name, possible.find((level) => level < before) ?? possible.find((level) => level <= before) ?? lowest);
  }
  const mapped = loops.map((loop): MappedLoop => loop.spatial
    ? { dimension: loop.dim, bound: loop.bound, level: belowOf.get(loop.level)!, axis: `${loop.spatial}${belowOf.get(loop.level)!}` }
    : { dimension: loop.dim, bound: loop.bound, level: numberOf(loop.level) });
  const axes = jumps.map((below) => ["X", "Y"].map((name) => ({ name: `${name}${below}`, size: instances[below]! / instances[below + 1]!, below }))).flat();
  return { loops: mapped, axes };
}

export function timeloopHardware(given: TimeloopCase): { hardware: Hardware; mapping: Mapping } {
  const [arithmetic, ...levels] = given.levels_inner_to_outer;
  const { loops, axes } = places(given);
  const hardware: Hardware = {
    pointEnergy: arithmetic!.energy_pJ_per_vector_action.compute, axes,
    levels: levels.map((level): MemoryLevel => ({
      name: level.name, wordsPerAccess: level.block_size, energy: level.energy_pJ_per_vector_action, ports: ports(level), doubleBuffered: true,
      ...(level.size_words === null ? {} : { sizeBits: level.size_words * WORD }),
    })),
  };
  return { hardware, mapping: { loops, keep: levels.map((level) => given.mapping.keep[level.name] ?? []) } };
}
