/**
 * The mapper: every spatial choice, most promising first, and for each the temporal mappings that could still beat the best one known
 * (`temporal-search.ts`). Says whether the result is proven optimal and what no mapping of the layer can beat.
 */
import { blocksOf, type Blocks } from "./blocks.js";
import { priceBlocks, type BlockList, type BlockPricing } from "./block-prices.js";
import { boundaryMaker, type Boundaries, type BoundaryMaker } from "./boundaries.js";
import type { AskingConventions } from "./conventions.js";
import { combineCycles } from "./cycles.js";
import { evaluate, type Evaluation } from "./evaluate.js";
import { singleStages, type Hardware, type Stages } from "./hardware.js";
import { Incumbent, SLACK, type MappingObjective } from "./incumbent.js";
import type { MappedLoop, Mapping } from "./mapping.js";
import { orderClasses, type OrderClass } from "./orders.js";
import type { Problem } from "./problem.js";
import { spatialChoices, type AxisRules, type FactorRule, type SpatialChoice } from "./spatial.js";
import { searchTemporal, type Effort, type TemporalChoice } from "./temporal-search.js";
import { windowsOf } from "./windows.js";

export type { MappingObjective } from "./incumbent.js";

export interface MapperOptions {
  /** `operandsStay` is a matter of uneven mappings: here arithmetic asks for every operand. */
  readonly conventions: AskingConventions;
  readonly objective: MappingObjective;
  /** Tensors kept by level; `free` tries every choice, the outermost level keeping all. */
  readonly keep: readonly (readonly string[])[] | "free";
  readonly stages?: Stages;
  readonly rules?: AxisRules;
  readonly factors?: FactorRule;
  /** Dimensions whose loops may run inside the innermost stage; absent: all. */
  readonly inside?: readonly string[];
  /** The tensor that stays in the innermost stage while loops next to it run that it does not depend on. */
  readonly stationary?: string;
  /** Spatial choices using at least this share of the fullest are tried. */
  readonly leastUse: number;
  /** Mappings priced before stopping with the best found. */
  readonly effort: number;
  /** Without pruning every mapping is priced: the same result, later. */
  readonly prune?: boolean;
}

export interface MapperResult {
  readonly mapping: Mapping;
  readonly evaluation: Evaluation;
  readonly objective: number;
  /** No mapping of the searched space is better than this; equals `objective` when proven. */
  readonly bound: number;
  readonly proven: boolean;
  /** Mappings priced. */
  readonly looked: number;
}

/** A spatial choice with a choice of kept tensors, and what it costs at least. */
interface Start { readonly choice: SpatialChoice; readonly keep: readonly (readonly string[])[]; readonly keepKey: string; readonly maker: BoundaryMaker; readonly leastByStage: readonly number[]; readonly energy: number; readonly cycles: number; readonly price: number }

/** Undefined when nothing fits, or nothing was found within the effort. */
export function searchMapping(problem: Problem, hardware: Hardware, options: MapperOptions): MapperResult | undefined {
  return searchMappings(problem, hardware, [options])?.result;
}

/** Mappings of another way are looked for while they are not worse than the best one known by more than this: of equals the first way has its own. */
const EQUAL = 1 + 1e-9;

/**
 * The best mapping of several ways to run a layer (all with one objective), of equals that of the first, and which way it is of. The most
 * promising way comes first, and what it finds rules out most of the others. Proven where no way has a better mapping.
 */
export function searchMappings(problem: Problem, hardware: Hardware, ways: readonly MapperOptions[]): { readonly way: number; readonly result: MapperResult } | undefined {
  const mappers = ways.map((options, way) => ({ way, mapper: new Mapper(problem, hardware, options) })).sort((a, b) => a.mapper.least - b.mapper.least);
  let best: { readonly way: number; readonly found: Found } | undefined;
  let bound = Infinity;
  let looked = 0;
  for (const { way, mapper } of mappers) {
    const searched = mapper.search(best?.found);
    bound = Math.min(bound, searched.bound);
    looked += searched.looked;
    const { found } = searched;
    if (found !== undefined && (best === undefined || mapper.prefers(found, best.found) || (way < best.way && !mapper.prefers(best.found, found)))) best = { way, found };
  }
  if (best === undefined) return undefined;
  const { way, found: { mapping, objective } } = best;
  const least = Math.min(bound, objective);
  return { way, result: { mapping, evaluation: evaluate(problem, hardware, mapping, ways[way]!.conventions), objective, bound: least, proven: least >= objective, looked } };
}

interface Found { readonly mapping: Mapping; readonly objective: number; readonly energy: number; readonly cycles: number }

class Mapper {
  private readonly stages: Stages;
  private readonly classes: (mask: number) => readonly OrderClass[];
  private readonly incumbent: Incumbent;
  private readonly effort: Effort;
  private readonly blocks = new Map<string, Blocks>();
  private readonly shared = new Map<string, BlockList>();
  /** Cheapest first. */
  private readonly starts: readonly Start[];
  /** By stage, what all other stages of any start cost at least; and the fewest cycles of any start. */
  private readonly leastElsewhere: readonly number[];
  private readonly leastCycles: number;
  private best: { readonly temporal: TemporalChoice; readonly start: Start; readonly spread: Boundaries["spread"] } | undefined;

  constructor(private readonly problem: Problem, private readonly hardware: Hardware, private readonly options: MapperOptions) {
    this.stages = options.stages ?? singleStages(hardware);
    this.classes = orderClasses(problem);
    this.incumbent = new Incumbent(options.objective, options.prune);
    this.effort = { spent: 0, limit: options.effort, mappings: 0 };
    this.starts = this.startsOf();
    const leastElsewhere = this.stages.map(() => Infinity);
    let leastCycles = Infinity;
    for (const { energy, leastByStage, cycles } of this.starts) {
      for (let stage = 0; stage < leastElsewhere.length; stage++) leastElsewhere[stage] = Math.min(leastElsewhere[stage]!, energy - leastByStage[stage]!);
      leastCycles = Math.min(leastCycles, cycles);
    }
    this.leastElsewhere = leastElsewhere;
    this.leastCycles = leastCycles;
  }

  /** What no mapping of any start can beat. */
  get least(): number {
    return this.starts[0]?.price ?? Infinity;
  }

  /** Whether one is better than the other. */
  prefers(one: Found, other: Found): boolean {
    return new Incumbent(this.options.objective).after(other.energy, other.cycles).beatenBy(one.energy, one.cycles);
  }

  /** The best mapping that is not worse than `known`; what no mapping of these starts is better than. */
  search(known?: Found): { readonly found: Found | undefined; readonly bound: number; readonly looked: number } {
    if (known !== undefined) this.incumbent.take(known.energy * EQUAL, known.cycles);
    let bound = Infinity;
    for (const start of this.starts) {
      if (this.effort.spent >= this.effort.limit) bound = Math.min(bound, start.price);
      else if (this.beatable(start.energy, start.cycles)) bound = Math.min(bound, this.explore(start));
    }
    const { price, energy, cycles } = this.incumbent;
    const found = this.best === undefined ? undefined : { mapping: this.mappingOf(this.best.temporal, this.best.start, this.best.spread), objective: price, energy, cycles };
    return { found, bound, looked: this.effort.mappings };
  }

  private beatable(energy: number, cycles: number): boolean {
    return this.incumbent.couldBeBeatenBy(energy * SLACK, cycles * SLACK);
  }

  private get needsPorts(): boolean {
    return this.options.objective !== "energy" || (this.hardware.staticEnergy ?? 0) > 0 || this.hardware.levels.some(({ energy }) => (energy.leak ?? 0) > 0);
  }

  /** Cycles that follow from the work at the ports; `steps` of the array beside or before it. */
  private latencyOf(portLevels: readonly number[], steps: number): (ports: Float64Array) => number {
    const busy = this.hardware.levels.map(() => 0);
    return (ports) => {
      busy.fill(0);
      for (let port = 0; port < ports.length; port++) if (ports[port]! > busy[portLevels[port]!]!) busy[portLevels[port]!] = ports[port]!;
      return combineCycles(this.hardware, steps, busy);
    };
  }

  /** Cheapest first, by the traffic that no mapping saves: every word once through every boundary. */
  private startsOf(): readonly Start[] {
    const { problem, hardware, options, stages } = this;
    const all = spatialChoices(problem, hardware, options.rules, options.factors);
    const choices = all.filter((choice) => choice.used >= options.leastUse * all[0]!.used);
    const keeps = options.keep === "free" ? allKeeps(problem, hardware) : [options.keep];
    const makers = keeps.map((keep) => ({ keep, keepKey: keep.join(";"), maker: boundaryMaker(problem, hardware, keep, stages, options.conventions) }));
    const portLevels = hardware.levels.flatMap(({ ports }, level) => ports.map(() => level));
    const starts = choices.flatMap((choice) => makers.map(({ keep, keepKey, maker }): Start => {
      const { energy, byStage: leastByStage, leakage, steps, ports } = maker.least(choice);
      const cycles = this.needsPorts ? this.latencyOf(portLevels, steps)(ports) : steps;
      const least = energy + leakage * cycles;
      return { choice, keep, keepKey, maker, leastByStage, energy: least, cycles, price: this.incumbent.priceOf(least, cycles) };
    }));
    return starts.sort((a, b) => a.price - b.price || a.energy - b.energy);
  }

  /** Searches one start; what no mapping of it can beat. */
  private explore(start: Start): number {
    const { problem, options, incumbent, effort } = this;
    const { choice, keep, maker } = start;
    const boundaries = maker.of(choice);
    const windows = windowsOf(problem);
    const pricing: BlockPricing = {
      problem, bounds: choice.bounds, boundaries, windows, classes: this.classes, latency: this.needsPorts ? this.latencyOf(boundaries.portLevels, 0) : undefined, byLatency: options.objective === "latency",
    };
    const lists: BlockList[] = [];
    const blocks: Blocks[] = [];
    // Blocks that no mapping with them could make good are not even sorted: from the outside in, with what the stages before cost at least.
    let energy = start.energy;
    for (let stage = this.stages.length - 2; stage >= 0; stage--) {
      const own = this.blocksAt(stage, start);
      const least = start.leastByStage[stage]!;
      const others = energy - least;
      const list = this.listAt(stage, start, pricing, own, (own, cycles) => this.beatable(others + own, Math.max(start.cycles, cycles)));
      blocks[stage] = own;
      lists[stage] = list;
      if (list.index.length === 0) return incumbent.price;
      energy = others + Math.max(least, list.leastEnergy);
    }
    const cycles = lists.reduce((most, list) => Math.max(most, list.leastLatency), start.cycles);
    const least = incumbent.priceOf(energy, cycles);
    if (!this.beatable(energy, cycles)) return Math.min(least, incumbent.price);
    const temporal = searchTemporal({
      pricing: { ...pricing, latency: this.needsPorts ? this.latencyOf(boundaries.portLevels, boundaries.steps) : undefined }, blocks, lists, incumbent, effort, allowed: this.allowed(keep),
    });
    if (temporal !== undefined) this.best = { temporal, start, spread: boundaries.spread };
    // A search that ended by itself leaves nothing better behind.
    return effort.spent >= effort.limit ? least : incumbent.price;
  }

  private blocksAt(stage: number, { choice: { bounds }, keep, keepKey }: Start): Blocks {
    const key = `${stage}|${bounds.join()}|${keepKey}`;
    let found = this.blocks.get(key);
    if (found === undefined) {
      const { problem, hardware, options } = this;
      const inside = stage > 0 || options.inside === undefined ? undefined : problem.dimensions.map((name) => options.inside!.includes(name));
      this.blocks.set(key, (found = blocksOf(problem, hardware, keep, this.stages[stage]!, bounds, options.conventions, inside)));
    }
    return found;
  }

  /** What lies outside of all arrays costs the same for every spatial choice that divides it, or does not. */
  private listAt(stage: number, { choice, keepKey }: Start, pricing: BlockPricing, blocks: Blocks, wanted: (energy: number, cycles: number) => boolean): BlockList {
    const { boundaries } = pricing;
    const outside = boundaries.spread.slice(stage + 1).every((factors) => factors.every((factor) => factor === 1));
    if (!outside) return priceBlocks(pricing, blocks, stage, wanted);
    const key = `${stage}|${choice.bounds.join()}|${keepKey}`;
    let found = this.shared.get(key);
    if (found === undefined) {
      const none = boundaries.spread.map((factors) => factors.map(() => 1));
      this.shared.set(key, (found = priceBlocks({ ...pricing, boundaries: { ...boundaries, spread: none } }, blocks, stage, (energy, cycles) => this.beatable(this.leastElsewhere[stage]! + energy, Math.max(this.leastCycles, cycles)))));
    }
    return found;
  }

  /** A dataflow keeps its tensor in place over all loops next to it that the tensor does not depend on. */
  private allowed(keep: readonly (readonly string[])[]): (order: OrderClass, mask: number) => boolean {
    const { stationary } = this.options;
    const tensor = this.problem.tensors.findIndex(({ name }) => name === stationary);
    if (tensor < 0 || !this.stages[0]!.some((level) => keep[level]!.includes(stationary!))) return () => true;
    const free = this.problem.tensors[tensor]!.relevant.reduce((mask, own, dimension) => (own ? mask : mask | (1 << dimension)), 0);
    return (order, mask) => (order.trailing[tensor]! & mask & free) === (mask & free);
  }

  private mappingOf({ extents, orders }: TemporalChoice, { choice, keep }: Start, spread: Boundaries["spread"]): Mapping {
    const { problem, stages } = this;
    const loops: MappedLoop[] = [];
    for (let stage = stages.length - 1; stage >= 0; stage--) {
      const level = stages[stage]![0]!;
      const factors = problem.dimensions.map((_, d) => extents[stage]![d]! / ((stage === 0 ? 1 : extents[stage - 1]![d]!) * spread[stage]![d]!));
      const order = orders[stage]?.order ?? problem.dimensions.map((_, d) => d);
      for (const dimension of order) if (factors[dimension]! > 1) loops.push({ dimension: problem.dimensions[dimension]!, bound: factors[dimension]!, level });
      loops.push(...choice.loops.filter((loop) => stages[stage]!.includes(loop.level)));
    }
    return { loops, keep };
  }
}

/** Every choice of tensors kept by the inner levels. */
function allKeeps(problem: Problem, hardware: Hardware): readonly (readonly (readonly string[])[])[] {
  const names = problem.tensors.map((tensor) => tensor.name);
  const subsets = names.reduce<readonly (readonly string[])[]>((sets, name) => sets.flatMap((set) => [set, [...set, name]]), [[]]);
  const lists = [...hardware.levels.slice(1).map(() => subsets), [names]];
  return lists.reduce<readonly (readonly (readonly string[])[])[]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
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
