/**
 * All temporal mappings of one spatial choice, by branch and bound: from the outermost stage inwards a block for the next stage and an order
 * for the loops between them, cheapest blocks first. What the words of a boundary cost is known as soon as everything outside of it is
 * chosen; what is left costs at least what the cheapest blocks cost.
 */
import type { BlockList, BlockPricing } from "./block-prices.js";
import type { Blocks } from "./blocks.js";
import { SLACK, type Incumbent } from "./incumbent.js";
import type { OrderClass } from "./orders.js";

export interface TemporalChoice {
  /** By stage, the extents of its block; the outermost one is the whole layer. */
  readonly extents: readonly (readonly number[])[];
  /** By stage, the order of its loops; none for the innermost. */
  readonly orders: readonly (OrderClass | undefined)[];
}

/** What is spent is counted in mappings. */
export interface Effort { spent: number; readonly limit: number; mappings: number }

/** Looking at a block that does not divide costs this much of a mapping. */
const LOOK = 0.1;

export interface TemporalSearch {
  readonly pricing: BlockPricing;
  readonly blocks: readonly Blocks[];
  readonly lists: readonly BlockList[];
  readonly incumbent: Incumbent;
  readonly effort: Effort;
  /** The orders that a dataflow allows next to the innermost stage. */
  readonly allowed: (order: OrderClass, mask: number) => boolean;
}

/** The best temporal choice that beats the incumbent, which is then replaced; undefined where there is none. */
export function searchTemporal({ pricing, blocks, lists, incumbent, effort, allowed }: TemporalSearch): TemporalChoice | undefined {
  const { problem, bounds, boundaries, windows, latency } = pricing;
  const { spread, byStage, leakage } = boundaries;
  const stages = spread.length;
  const dimensions = bounds.length;
  const tensors = problem.tensors.length;
  const relevant = problem.tensors.map((tensor) => Uint8Array.from(tensor.relevant, (own) => (own ? 1 : 0)));
  const slides = windows.slides.map((own) => Uint8Array.from(own, (slide) => (slide ? 1 : 0)));
  const rows = (length: number): Float64Array[] => Array.from({ length: stages + 1 }, () => new Float64Array(length).fill(1));
  const factors = rows(dimensions);
  const relevantProduct = rows(tensors);
  const otherProduct = rows(tensors);
  /** Repetitions of a tensor's tiles by indifferent loops from a stage outwards, while none of its own loops has been met. */
  const repeats = rows(tensors);
  const portWork = rows(boundaries.ports.length);
  const innermost = new Int32Array(stages + 1).fill(-1);
  const innermostStage = new Int32Array(stages + 1).fill(-1);
  portWork[stages]!.set(boundaries.ports);
  const rest = lists.map((_, stage) => lists.slice(0, stage).reduce((sum, list) => sum + list.leastEnergy, 0));
  const chosenRow = new Int32Array(stages);
  const chosenOrder: (OrderClass | undefined)[] = Array.from({ length: stages }, () => undefined);
  const inner = spread.map((_, stage) => bounds.map((__, d) => spread.reduce((product, own, at) => (at <= stage ? product * own[d]! : product), 1)));
  let found: TemporalChoice | undefined;

  const record = (energy: number, cycles: number): void => {
    incumbent.take(energy, cycles);
    found = {
      extents: [...lists.map((_, stage) => Array.from({ length: dimensions }, (__, d) => blocks[stage]!.extents[chosenRow[stage]! * dimensions + d]!)), [...bounds]],
      orders: [...chosenOrder],
    };
  };

  /** Brings in the words of every boundary of `stage`; what that costs is added to `energy`. */
  const cross = (stage: number, row: number, energy: number): number => {
    const outer = stage + 1;
    const here = blocks[stage]!;
    const slideDimension = innermost[outer]!;
    if (latency !== undefined) portWork[outer]!.set(portWork[outer + 1]!);
    const crossed = byStage[stage]!;
    for (let index = 0; index < crossed.length; index++) {
      const boundary = crossed[index]!;
      const v = boundary.tensor;
      const tile = here.tiles[row * tensors + v]!;
      let words = tile * relevantProduct[outer]![v]! * repeats[outer]![v]!;
      if (slideDimension >= 0 && slides[v]![slideDimension] === 1) {
        const at = innermostStage[outer]!;
        const rounds = factors[at]![slideDimension]!;
        let step = here.extents[row * dimensions + slideDimension]!;
        for (let m = outer; m <= at; m++) step *= spread[m]![slideDimension]!;
        words = (words / (tile * rounds)) * (tile + (rounds - 1) * windows.fresh(v, here.extents, row * dimensions, slideDimension, step));
      }
      energy += boundary.rounded === undefined ? boundary.slope * words + boundary.offset : boundary.rounded(words);
      if (latency !== undefined) {
        const work = portWork[outer]!;
        for (let p = 0; p < boundary.ports.length; p++) work[boundary.ports[p]!]! += boundary.portSlope[p]! * words + boundary.portOffset[p]!;
      }
    }
    return energy;
  };

  /** Blocks from here on in a list cost too much whatever follows; only a better incumbent brings it forward. */
  const endOf = (list: BlockList, stage: number, energy: number, cycles: number, until: number): number => {
    let from = 0;
    while (from < until) {
      const middle = (from + until) >> 1;
      const tooMuch = pricing.byLatency ? incumbent.outlasts(list.latency[middle]! * SLACK)
        : !incumbent.couldBeBeatenBy((energy + list.energy[middle]! + rest[stage]!) * SLACK + leakage * cycles, cycles);
      if (tooMuch) until = middle; else from = middle + 1;
    }
    return from;
  };

  /** By stage, dimension and code: whether blocks of that extent divide the block around them. */
  const starts = blocks.map(({ options }) => options.reduce<number[]>((ends, own) => [...ends, ends[ends.length - 1]! + own.length], [0]));
  const fitting = starts.map((own) => new Uint8Array(own[dimensions]!));
  const dividesArray = blocks.map(({ options }, stage) => options.flatMap((own, d) => own.map((extent) => extent % inner[stage]![d]! === 0)));
  const markFitting = (stage: number, outerExtents: Float64Array | readonly number[], outerAt: number): void => {
    const { options } = blocks[stage]!;
    const between = spread[stage + 1]!;
    const [marks, whole] = [fitting[stage]!, dividesArray[stage]!];
    for (let d = 0, at = 0; d < dimensions; d++) {
      const own = options[d]!;
      for (let option = 0; option < own.length; option++, at++) {
        const rounds = outerExtents[outerAt + d]! / (own[option]! * between[d]!);
        marks[at] = whole[at]! && rounds === Math.floor(rounds) ? 1 : 0;
      }
    }
  };

  const descend = (outer: number, outerExtents: Float64Array | readonly number[], outerAt: number, energy: number, cycles: number): void => {
    const stage = outer - 1;
    const list = lists[stage]!;
    const here = blocks[stage]!;
    const own = factors[outer]!;
    const between = spread[outer]!;
    const { codes } = list;
    const [first, fits] = [starts[stage]!, fitting[stage]!];
    markFitting(stage, outerExtents, outerAt);
    let end = endOf(list, stage, energy, cycles, list.index.length);
    let { changes } = incumbent;
    for (let position = 0; position < end; position++) {
      if (effort.spent >= effort.limit) return;
      effort.spent += LOOK;
      let divides = true;
      for (let d = 0, code = position * dimensions; d < dimensions; d++, code++) if (fits[first[d]! + codes[code]!] === 0) { divides = false; break; }
      if (!divides) continue;
      const least = (energy + list.energy[position]! + rest[stage]!) * SLACK;
      const leastCycles = Math.max(cycles, list.latency[position]! * SLACK);
      if (leastCycles > cycles && !incumbent.couldBeBeatenBy(least + leakage * leastCycles, leastCycles)) continue;
      const row = list.index[position]!;
      const at = row * dimensions;
      let mask = 0;
      for (let d = 0; d < dimensions; d++) {
        const rounds = outerExtents[outerAt + d]! / (here.extents[at + d]! * between[d]!);
        own[d] = rounds;
        if (rounds > 1) mask |= 1 << d;
      }
      chosenRow[stage] = row;
      for (let v = 0; v < tensors; v++) {
        let relevantHere = 1;
        let otherHere = 1;
        const flags = relevant[v]!;
        for (let d = 0; d < dimensions; d++) if (flags[d] === 1) relevantHere *= own[d]!; else otherHere *= own[d]!;
        relevantProduct[outer]![v] = relevantHere * relevantProduct[outer + 1]![v]!;
        otherProduct[outer]![v] = otherHere * otherProduct[outer + 1]![v]!;
      }
      const classes = pricing.classes(mask);
      for (let c = 0; c < classes.length; c++) {
        const order = classes[c]!;
        if (outer === 1 && !allowed(order, mask)) continue;
        chosenOrder[outer] = order;
        innermost[outer] = order.innermost >= 0 ? order.innermost : innermost[outer + 1]!;
        innermostStage[outer] = order.innermost >= 0 ? outer : innermostStage[outer + 1]!;
        for (let v = 0; v < tensors; v++) {
          let saved = 1;
          const run = order.trailing[v]!;
          if (run !== 0) for (let d = 0; d < dimensions; d++) if ((run >> d) & 1) saved *= own[d]!;
          // The run of indifferent loops goes on outwards where a stage has no relevant loop.
          repeats[outer]![v] = relevantProduct[outer]![v] === relevantProduct[outer + 1]![v] ? repeats[outer + 1]![v]! : otherProduct[outer]![v]! / saved;
        }
        const total = cross(stage, row, energy);
        const reached = latency === undefined ? cycles : Math.max(cycles, latency(portWork[outer]!));
        if (stage === 0) {
          effort.mappings++;
          effort.spent++;
          if (incumbent.beatenBy(total + leakage * reached, reached)) record(total + leakage * reached, reached);
        } else if (incumbent.couldBeBeatenBy((total + rest[stage]!) * SLACK + leakage * reached, reached)) descend(stage, here.extents, at, total, reached);
      }
      if (incumbent.changes !== changes) {
        changes = incumbent.changes;
        end = endOf(list, stage, energy, cycles, end);
      }
    }
  };
  if (stages === 1) {
    // One memory: nothing is brought in, and any order of the loops costs the same.
    const cycles = latency === undefined ? boundaries.steps : latency(boundaries.ports);
    if (incumbent.beatenBy(boundaries.energy + leakage * cycles, cycles)) record(boundaries.energy + leakage * cycles, cycles);
    effort.mappings++;
    return found;
  }
  descend(stages - 1, bounds, 0, boundaries.energy, boundaries.steps);
  return found;
}
