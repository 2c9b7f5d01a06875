/**
 * The mapper: spatial unrolling, temporal factors of every level, loop orders up to equivalence, and (if asked) what passes a
 * level by. Branch and bound: a set of factors is left alone when even its compulsory traffic, every word moved once, costs more
 * than the best mapping known. Says whether the result is proven optimal and what no mapping of the layer can beat.
 */
import { occupancies } from "./capacity.js";
import type { Conventions } from "./conventions.js";
import { blockOf, countAccesses, temporalSteps, type TensorCounts } from "./counts.js";
import { descend } from "./descent.js";
import { energyOf } from "./energy.js";
import { evaluate, usedInstances, type Evaluation } from "./evaluate.js";
import type { Hardware } from "./hardware.js";
import { resolve, type MappedLoop, type Mapping, type ResolvedMapping } from "./mapping.js";
import { orderClasses } from "./orders.js";
import { leastWords, type Problem } from "./problem.js";
import { divisorsOf, spatialChoices, type AxisRules, type SpatialChoice } from "./spatial.js";

export type MappingObjective = "energy" | "latency" | "energy_delay";

export interface MapperOptions {
  readonly conventions: Conventions;
  readonly objective: MappingObjective;
  /** Tensors kept by level; `free` tries every choice, the outermost level keeping all. */
  readonly keep: readonly (readonly string[])[] | "free";
  readonly rules?: AxisRules;
  /** Spatial choices using at least this share of the fullest are tried. */
  readonly leastUse: number;
  /** Most mappings and bounds looked at before stopping with the best found. */
  readonly effort: number;
}

export interface MapperResult {
  readonly mapping: Mapping;
  readonly evaluation: Evaluation;
  readonly objective: number;
  /** No mapping of the searched space is better than this; equals `objective` when proven. */
  readonly bound: number;
  readonly proven: boolean;
  readonly looked: number;
}

const price = (objective: MappingObjective, energy: number, cycles: number): number =>
  objective === "energy" ? energy : objective === "latency" ? cycles : energy * cycles;

/** Undefined when nothing fits, or nothing was found within the effort. */
export function searchMapping(problem: Problem, hardware: Hardware, options: MapperOptions): MapperResult | undefined {
  const choices = spatialChoices(problem, hardware, options.rules);
  const spatial = choices.filter((choice) => choice.used >= options.leastUse * choices[0]!.used);
  const keeps = options.keep === "free" ? allKeeps(problem, hardware) : [options.keep];
  const classes = orderClasses(problem);
  let best = undefined as Mapping | undefined;
  let bestPrice = Infinity;
  let leastBound = Infinity;
  let looked = 0;
  let complete = true;
  const tryOrders = (factors: readonly (readonly number[])[], choice: SpatialChoice, keep: readonly (readonly string[])[]): number => {
    let least = Infinity;
    for (const orders of product(factors.map((own, level) => (level === 0 ? [nontrivial(own)] : classes(nontrivial(own)))))) {
      looked++;
      const mapping = { loops: loopsOf(problem, factors, choice, orders), keep };
      const { energy, cycles, fits } = evaluate(problem, hardware, mapping, options.conventions);
      const own = fits ? price(options.objective, energy.total, cycles.latency) : Infinity;
      least = Math.min(least, own);
      if (own < bestPrice) { bestPrice = own; best = mapping; }
    }
    return least;
  };
  // A good mapping early lets the bound cut more, and is what a large layer is left with.
  for (const choice of spatial.slice(0, DESCENTS)) for (const keep of keeps.slice(0, DESCENTS)) {
    descend(startFactors(problem, hardware, choice), (factors) => (looked < options.effort ? tryOrders(factors, choice, keep) : Infinity));
  }
  search: for (const choice of spatial) for (const factors of temporalFactors(problem, hardware, choice)) for (const keep of keeps) {
    if (looked >= options.effort) { complete = false; break search; }
    looked++;
    const bound = lowerBound(problem, hardware, { loops: loopsOf(problem, factors, choice, factors.map(nontrivial)), keep }, options);
    if (bound === undefined || bound >= bestPrice) continue;
    tryOrders(factors, choice, keep);
  }
  if (best === undefined) return undefined;
  for (const choice of complete ? [] : spatial) for (const keep of keeps) leastBound = Math.min(leastBound, compulsory(problem, hardware, choice, keep, options));
  const bound = complete ? bestPrice : Math.min(leastBound, bestPrice);
  return { mapping: best, evaluation: evaluate(problem, hardware, best, options.conventions), objective: bestPrice, bound, proven: bound >= bestPrice, looked };
}

/** Spatial choices (and choices of kept tensors) a descent starts from. */
const DESCENTS = 3;

/** Everything space leaves over, at the outermost level: the tiles are as small as they can be. */
function startFactors(problem: Problem, hardware: Hardware, choice: SpatialChoice): readonly (readonly number[])[] {
  const left = problem.dimensions.map((name, number) => choice.loops.reduce((bound, loop) => (loop.dimension === name ? bound / loop.bound : bound), problem.bounds[number]!));
  return hardware.levels.map((_, level) => (level === hardware.levels.length - 1 ? left : left.map(() => 1)));
}

const nontrivial = (factors: readonly number[]): readonly number[] => factors.flatMap((bound, dimension) => (bound > 1 ? [dimension] : []));

/** Every choice of tensors kept by the inner levels. */
function allKeeps(problem: Problem, hardware: Hardware): readonly (readonly (readonly string[])[])[] {
  const names = problem.tensors.map((tensor) => tensor.name);
  const subsets = names.reduce<readonly (readonly string[])[]>((sets, name) => sets.flatMap((set) => [set, [...set, name]]), [[]]);
  return product([...hardware.levels.slice(1).map(() => subsets), [names]]);
}

function product<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return lists.reduce<readonly (readonly T[])[]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
}

/** By level (innermost first), a factor for every dimension; the products are what space leaves over. */
function* temporalFactors(problem: Problem, hardware: Hardware, choice: SpatialChoice): Generator<readonly (readonly number[])[]> {
  const left = problem.dimensions.map((name, number) => choice.loops.reduce((bound, loop) => (loop.dimension === name ? bound / loop.bound : bound), problem.bounds[number]!));
  const splits = left.map((bound) => splitsOf(bound, hardware.levels.length));
  function* fill(dimension: number, chosen: readonly (readonly number[])[]): Generator<readonly (readonly number[])[]> {
    if (dimension === splits.length) { yield hardware.levels.map((_, level) => chosen.map((split) => split[level]!)); return; }
    for (const split of splits[dimension]!) yield* fill(dimension + 1, [...chosen, split]);
  }
  yield* fill(0, []);
}

function splitsOf(bound: number, parts: number): readonly (readonly number[])[] {
  if (parts === 1) return [[bound]];
  return divisorsOf(bound).flatMap((factor) => splitsOf(bound / factor, parts - 1).map((rest) => [factor, ...rest]));
}

/** The loops of a mapping; `orders` names each level's dimensions, outermost first. */
function loopsOf(problem: Problem, factors: readonly (readonly number[])[], choice: SpatialChoice, orders: readonly (readonly number[])[]): readonly MappedLoop[] {
  const loops: MappedLoop[] = [];
  for (let level = factors.length - 1; level >= 0; level--) {
    for (const dimension of orders[level]!) loops.push({ dimension: problem.dimensions[dimension]!, bound: factors[level]![dimension]!, level });
    for (const loop of choice.loops) if (loop.level === level) loops.push(loop);
  }
  return loops;
}

/** Price of the factors when every memory moves each of its words once; undefined when the tiles do not fit. */
function lowerBound(problem: Problem, hardware: Hardware, mapping: Mapping, options: MapperOptions): number | undefined {
  const resolved = resolve(problem, mapping);
  const counts = countAccesses(problem, resolved, options.conventions);
  if (!occupancies(problem, hardware, counts, options.conventions).every((occupancy) => occupancy.fits)) return undefined;
  const steps = temporalSteps(resolved);
  const least = counts.map((count, index) => leastCounts(problem, resolved, count, counts[index - 1]?.tensor === count.tensor, hardware.levels.length - 1));
  return price(options.objective, energyOf(problem, hardware, least, steps, usedInstances(hardware, mapping), options.conventions).total, steps);
}

/** What crosses a memory at least: reads by the arithmetic are what they are, a child memory takes its different words once. */
function leastCounts(problem: Problem, mapping: ResolvedMapping, count: TensorCounts, hasChild: boolean, outermost: number): TensorCounts {
  const tensor = problem.tensors[count.tensor]!;
  const output = tensor.role === "output";
  const { inside } = mapping.holdings[count.tensor]!.find((holding) => holding.level === count.level)!;
  const distinct = leastWords(tensor, blockOf(problem, mapping, (position) => inside[position]! || !mapping.loops[position]!.spatial));
  const own = count.level === outermost ? 0 : distinct;
  if (!hasChild) return { ...count, fills: output ? 0 : own, drains: output ? own : 0 };
  // The memory's own different words cross it at least once, however its children share them.
  return output ? { ...count, fills: 0, reads: 0, updates: distinct, drains: own } : { ...count, reads: distinct, fills: own };
}

/** A bound over all temporal mappings of a spatial choice: the arithmetic, and every tensor once through the outermost memory. */
function compulsory(problem: Problem, hardware: Hardware, choice: SpatialChoice, keep: readonly (readonly string[])[], options: MapperOptions): number {
  const outermost = hardware.levels.length - 1;
  const everything: Mapping = { keep, loops: [...problem.dimensions.map((dimension, number) => ({ dimension, level: outermost,
    bound: choice.loops.reduce((bound, loop) => (loop.dimension === dimension ? bound / loop.bound : bound), problem.bounds[number]!) })), ...choice.loops] };
  const counts = countAccesses(problem, resolve(problem, everything), options.conventions).filter((count) => count.level === outermost)
    .map((count) => {
      const words = leastWords(problem.tensors[count.tensor]!, problem.bounds);
      return problem.tensors[count.tensor]!.role === "output" ? { ...count, reads: 0, updates: words } : { ...count, reads: words };
    });
  const steps = problem.points / choice.used;
  return price(options.objective, energyOf(problem, hardware, counts, steps, hardware.levels.map(() => 0), options.conventions).total, steps);
}

/** A mapper that maps every distinct layer once. */
export function cachedMapper(hardware: Hardware, options: MapperOptions): (problem: Problem) => MapperResult | undefined {
  const known = new Map<string, MapperResult | undefined>();
  return (problem) => {
    const key = JSON.stringify([problem.dimensions, problem.bounds, problem.tensors]);
    if (!known.has(key)) known.set(key, searchMapping(problem, hardware, options));
    return known.get(key);
  };
}
