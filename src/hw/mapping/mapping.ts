/**
 * A mapping: the loops of a layer from the outermost inwards, each run in time by a memory level or in space below it, and the
 * tensors each level keeps. `resolve` turns it into the form the counting rules read: which loops lie inside which memory.
 */
import type { Hardware } from "./hardware.js";
import type { Problem } from "./problem.js";

export interface MappedLoop {
  readonly dimension: string;
  readonly bound: number;
  /** Number of the memory level (0 is the innermost) that runs the loop, or below which it is unrolled in space. */
  readonly level: number;
  /** The array axis of a spatial loop. */
  readonly axis?: string;
}

export interface Mapping {
  /** Outermost first; within a level the temporal loops stand before the spatial ones. */
  readonly loops: readonly MappedLoop[];
  /** By level, the names of the tensors it keeps; the others pass it by. The outermost level keeps all. */
  readonly keep: readonly (readonly string[])[];
}

export interface ResolvedLoop { readonly dimension: number; readonly bound: number; readonly spatial: boolean }

/** A tensor's copy in a memory, and for every loop whether it runs at or inside that memory. */
export interface Holding { readonly level: number; readonly inside: readonly boolean[] }

/** The general form: tensors may be cut at different loops (an uneven mapping). */
export interface ResolvedMapping {
  readonly loops: readonly ResolvedLoop[];
  /** By tensor, innermost memory first. */
  readonly holdings: readonly (readonly Holding[])[];
}

/** A temporal loop of level m lies inside every level from m outwards; a spatial loop below m likewise. */
export function resolve(problem: Problem, mapping: Mapping): ResolvedMapping {
  const loops = mapping.loops.map((loop) => ({ dimension: problem.dimensions.indexOf(loop.dimension), bound: loop.bound, spatial: loop.axis !== undefined }));
  const insideLevel = mapping.keep.map((_, level) => mapping.loops.map((loop) => loop.level <= level));
  const everything = mapping.loops.map(() => true);
  const holdings = problem.tensors.map((tensor) =>
    mapping.keep.flatMap((kept, level): Holding[] => {
      if (level === tensor.top) return [{ level, inside: everything }];
      return kept.includes(tensor.name) && (tensor.top === undefined || level < tensor.top) ? [{ level, inside: insideLevel[level]! }] : [];
    }));
  return { loops, holdings };
}

/** Everything that makes a mapping meaningless on this layer and hardware, in words; none when it is sound. Capacity is checked apart. */
export function mappingProblems(problem: Problem, hardware: Hardware, mapping: Mapping): readonly string[] {
  return [...dimensionProblems(problem, mapping), ...orderProblems(mapping), ...axisProblems(hardware, mapping), ...keepProblems(problem, hardware, mapping)];
}

function dimensionProblems(problem: Problem, mapping: Mapping): string[] {
  const unknown = mapping.loops.filter((loop) => !problem.dimensions.includes(loop.dimension)).map((loop) => `the layer has no dimension \`${loop.dimension}\``);
  const covered = problem.dimensions.flatMap((name, number) => {
    const product = mapping.loops.reduce((total, loop) => (loop.dimension === name ? total * loop.bound : total), 1);
    const spatial = mapping.loops.reduce((total, loop) => (loop.dimension === name && loop.axis !== undefined ? total * loop.bound : total), 1);
    // A loop in space may leave its last round partly empty.
    return product === Math.ceil(problem.bounds[number]! / spatial) * spatial ? [] : [`the factors of \`${name}\` multiply to ${product}, its bound is ${problem.bounds[number]}`];
  });
  return [...unknown, ...covered];
}

function orderProblems(mapping: Mapping): string[] {
  return mapping.loops.flatMap((loop, position) => {
    const before = mapping.loops[position - 1];
    if (before === undefined || before.level > loop.level) return [];
    if (before.level < loop.level) return [`\`${loop.dimension}\` of level ${loop.level} stands inside a loop of level ${before.level}`];
    return before.axis !== undefined && loop.axis === undefined ? [`the temporal loop \`${loop.dimension}\` stands inside a spatial loop of its own level`] : [];
  });
}

function axisProblems(hardware: Hardware, mapping: Mapping): string[] {
  const unknown = mapping.loops.flatMap((loop) =>
    loop.axis !== undefined && !hardware.axes.some((axis) => axis.name === loop.axis && axis.below === loop.level) ? [`no axis \`${loop.axis}\` below level ${loop.level}`] : []);
  const overfull = hardware.axes.flatMap((axis) => {
    const used = mapping.loops.reduce((total, loop) => (loop.axis === axis.name && loop.level === axis.below ? total * loop.bound : total), 1);
    return used > axis.size ? [`axis \`${axis.name}\` has ${axis.size} places, the mapping uses ${used}`] : [];
  });
  return [...unknown, ...overfull];
}

function keepProblems(problem: Problem, hardware: Hardware, mapping: Mapping): string[] {
  if (mapping.keep.length !== hardware.levels.length) return [`the mapping tells of ${mapping.keep.length} memory levels, the hardware has ${hardware.levels.length}`];
  const outermost = mapping.keep[mapping.keep.length - 1] ?? [];
  return problem.tensors.flatMap((tensor) => (outermost.includes(tensor.name) ? [] : [`the outermost level must keep \`${tensor.name}\``]));
}
