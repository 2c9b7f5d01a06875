/**
 * How many words every memory reads and writes under a mapping. The rules are Timeloop's (Parashar et al., ISPASS 2019) as
 * restated in our hardware notes 2.3: reuse through loops a tensor does not depend on, the halo of a sliding window, multicast
 * and spatial reduction. All numbers are per instance of the memory.
 */
import type { Conventions } from "./conventions.js";
import type { Holding, ResolvedMapping } from "./mapping.js";
import { extent, tileWords, type Problem, type ProblemTensor } from "./problem.js";

/** Words of one tensor at one memory instance. */
export interface TensorCounts {
  readonly tensor: number;
  readonly level: number;
  readonly tile: number;
  /** Different words the instance sees in the whole layer. */
  readonly distinct: number;
  readonly fills: number;
  readonly reads: number;
  readonly updates: number;
  readonly drains: number;
  /** Copies of the memory the mapping uses. */
  readonly instances: number;
  /** Words each read delivers, by multicast to several children, over the words read. */
  readonly multicast: number;
  /** Words that reach the children, and that leave them: a word for several children counts for each of them. */
  readonly delivered: number;
  readonly collected: number;
}

type LoopTest = (position: number) => boolean;

export function blockOf(problem: Problem, mapping: ResolvedMapping, counts: LoopTest): number[] {
  const block = problem.bounds.map(() => 1);
  mapping.loops.forEach((loop, position) => { if (counts(position)) block[loop.dimension]! *= loop.bound; });
  return block;
}

function spatialProduct(mapping: ResolvedMapping, counts: LoopTest): number {
  return mapping.loops.reduce((product, loop, position) => (loop.spatial && counts(position) ? product * loop.bound : product), 1);
}

/** Temporal steps: the product of all loops run in time. */
export function temporalSteps(mapping: ResolvedMapping): number {
  return mapping.loops.reduce((product, loop) => (loop.spatial ? product : product * loop.bound), 1);
}

/** New words of the next tile of a window that slides by `step` along `dimension`. */
function freshWords(tensor: ProblemTensor, block: readonly number[], dimension: number, step: number): number {
  let words = 1;
  for (const terms of tensor.expressions) {
    const whole = extent(terms, block);
    const term = terms.find((candidate) => candidate.dimension === dimension);
    words *= term === undefined ? whole : Math.min(whole, term.coefficient * step);
  }
  return words;
}

/** Words brought into one instance over the whole layer: walks the temporal loops around it from the inside out. */
function wordsBroughtIn(problem: Problem, mapping: ResolvedMapping, tensor: ProblemTensor, holding: Holding, conventions: Conventions): number {
  const block = blockOf(problem, mapping, (position) => holding.inside[position]!);
  let words = tileWords(tensor, block);
  let changed = false;
  let first = true;
  const step = problem.bounds.map(() => 1);
  for (let position = mapping.loops.length - 1; position >= 0; position--) {
    const loop = mapping.loops[position]!;
    if (!loop.spatial && !holding.inside[position]! && loop.bound > 1) {
      if (!tensor.relevant[loop.dimension]!) {
        if (changed) words *= loop.bound;
      } else {
        const slides = first && conventions.haloReuse === "innermost";
        words = slides ? words + (loop.bound - 1) * freshWords(tensor, block, loop.dimension, step[loop.dimension]!) : words * loop.bound;
        changed = true;
      }
      first = false;
    }
    step[loop.dimension]! *= loop.bound;
  }
  return words;
}

/** Words of a tensor one copy of the arithmetic takes or gives: one per step, unless an operand stays in place. */
function arithmeticWords(problem: Problem, mapping: ResolvedMapping, tensor: ProblemTensor, conventions: Conventions): number {
  if (!conventions.operandsStay || tensor.role === "output") return temporalSteps(mapping);
  return wordsBroughtIn(problem, mapping, tensor, { level: -1, inside: mapping.loops.map(() => false) }, conventions);
}

/** The counts of every tensor at every memory that keeps it, tensors in order, innermost memory first. */
export function countAccesses(problem: Problem, mapping: ResolvedMapping, conventions: Conventions): readonly TensorCounts[] {
  return problem.tensors.flatMap((tensor, number) => {
    const holdings = mapping.holdings[number]!;
    const brought = holdings.map((holding) => wordsBroughtIn(problem, mapping, tensor, holding, conventions));
    return holdings.map((holding, rank) =>
      countAt(problem, mapping, { tensor, number, holding, child: holdings[rank - 1], outermost: rank === holdings.length - 1 },
        { own: brought[rank]!, child: rank === 0 ? arithmeticWords(problem, mapping, tensor, conventions) : brought[rank - 1]! }, conventions));
  });
}

interface Place { readonly tensor: ProblemTensor; readonly number: number; readonly holding: Holding; readonly child: Holding | undefined; readonly outermost: boolean }

function countAt(problem: Problem, mapping: ResolvedMapping, place: Place, brought: { readonly own: number; readonly child: number }, conventions: Conventions): TensorCounts {
  const { tensor, holding, child } = place;
  const inside: LoopTest = (position) => holding.inside[position]!;
  const between: LoopTest = (position) => inside(position) && !(child?.inside[position] ?? false);
  const relevant: LoopTest = (position) => tensor.relevant[mapping.loops[position]!.dimension]!;
  const common = {
    tensor: place.number, level: holding.level,
    tile: tileWords(tensor, blockOf(problem, mapping, inside)),
    distinct: tileWords(tensor, blockOf(problem, mapping, (position) => inside(position) || !mapping.loops[position]!.spatial)),
    instances: spatialProduct(mapping, (position) => !inside(position)),
    multicast: spatialProduct(mapping, (position) => between(position) && !relevant(position)),
  };
  const exchanged = brought.child * spatialProduct(mapping, (position) => between(position) && relevant(position));
  const { multicast } = common;
  if (tensor.role !== "output") return { ...common, fills: place.outermost ? 0 : brought.own, reads: exchanged, updates: 0, drains: 0, delivered: exchanged * multicast, collected: 0 };
  const untouched = conventions.firstTouchReads ? 0 : common.distinct;
  return {
    ...common, updates: exchanged, reads: exchanged - untouched, delivered: (exchanged - untouched) * multicast, collected: exchanged * multicast,
    fills: place.outermost ? 0 : brought.own - untouched, drains: place.outermost ? 0 : brought.own,
  };
}
