/**
 * What a block of a stage costs at least, whatever is chosen for the stages around it: all loops outside in one level, each tensor with its
 * best run of indifferent loops, and the window sliding over everything. The true cost where only one level is outside.
 */
import type { Blocks } from "./blocks.js";
import type { Boundaries } from "./boundaries.js";
import { SLACK } from "./incumbent.js";
import type { OrderClass } from "./orders.js";
import type { Problem } from "./problem.js";
import type { Windows } from "./windows.js";

/** Blocks in the order in which they are tried. */
export interface BlockList {
  readonly index: Int32Array;
  /** The codes of these blocks, one after the other. */
  readonly codes: Uint16Array;
  readonly energy: Float64Array;
  readonly latency: Float64Array;
  readonly leastEnergy: number;
  readonly leastLatency: number;
}

export interface BlockPricing {
  readonly problem: Problem;
  readonly bounds: readonly number[];
  readonly boundaries: Boundaries;
  readonly windows: Windows;
  classes(mask: number): readonly OrderClass[];
  /** Cycles for so much work at every port; absent where they do not matter. */
  readonly latency: ((ports: Float64Array) => number) | undefined;
  /** Whether latency decides before energy. */
  readonly byLatency: boolean;
}

/** Lists the blocks of a stage that fit the spatial choice and that `wanted` does not refuse for what they cost. */
export function priceBlocks(pricing: BlockPricing, blocks: Blocks, stage: number, wanted: (energy: number, cycles: number) => boolean): BlockList {
  const { problem, bounds, boundaries, windows, latency } = pricing;
  const { spread } = boundaries;
  const { extents, tiles, count } = blocks;
  const crossed = boundaries.byStage[stage]!;
  const dimensions = bounds.length;
  const tensors = problem.tensors.length;
  const product = (test: (at: number) => boolean): Float64Array => Float64Array.from(bounds, (_, d) => spread.reduce((all, factors, at) => (test(at) ? all * factors[d]! : all), 1));
  const rounds = product((at) => at > stage).map((outside, d) => bounds[d]! / outside);
  const inner = product((at) => at <= stage);
  const next = Float64Array.from(bounds, (_, d) => spread[stage + 1]?.[d] ?? 1);
  const relevant = problem.tensors.map((tensor) => tensor.relevant.reduce((mask, own, d) => (own ? mask | (1 << d) : mask), 0));
  const slides = windows.slides.map((own) => own.reduce((mask, slide, d) => (slide ? mask | (1 << d) : mask), 0));
  const oneStays = bounds.every((_, d) => relevant.filter((mask) => ((mask >> d) & 1) === 0).length <= 1) && crossed.every((boundary) => crossed.filter(({ tensor }) => tensor === boundary.tensor).length === 1);
  const left = new Float64Array(dimensions);
  const relevantLeft = new Float64Array(tensors);
  const ports = new Float64Array(boundaries.ports.length);
  const index: number[] = [];
  const energies: number[] = [];
  const latencies: number[] = [];
  for (let row = 0; row < count; row++) {
    const at = row * dimensions;
    let mask = 0;
    let divides = true;
    for (let d = 0; d < dimensions; d++) {
      const extent = extents[at + d]!;
      const repeats = rounds[d]! / extent;
      if (repeats !== Math.floor(repeats) || extent % inner[d]! !== 0) { divides = false; break; }
      left[d] = repeats;
      if (repeats > 1) mask |= 1 << d;
    }
    if (!divides) continue;
    for (let v = 0; v < tensors; v++) {
      let all = 1;
      for (let own = mask & relevant[v]!; own !== 0; own &= own - 1) all *= left[31 - Math.clz32(own & -own)]!;
      relevantLeft[v] = all;
    }
    // Most blocks are refused by what every word costs at least, times the rounds of the loops around it, all tensors but one paying.
    let atLeast = 0;
    let saved = 0;
    for (let b = 0; b < crossed.length; b++) {
      const { tensor, slope, offset, leastWords } = crossed[b]!;
      let repeats = 1;
      for (let other = relevantLeft[tensor]! > 1 ? mask & ~relevant[tensor]! : 0; other !== 0; other &= other - 1) repeats *= left[31 - Math.clz32(other & -other)]!;
      const saving = slope * leastWords * (repeats - 1);
      atLeast += slope * leastWords * repeats + offset;
      saved = oneStays && saving > 0 ? Math.max(saved, saving) : saved + saving;
    }
    if (!wanted((atLeast - saved) * SLACK, 0)) continue;
    let leastEnergy = Infinity;
    let leastLatency = latency === undefined ? 0 : Infinity;
    const classes = pricing.classes(mask);
    for (let c = 0; c < classes.length; c++) {
      const { innermost, trailing } = classes[c]!;
      let energy = 0;
      if (latency !== undefined) ports.fill(0);
      for (let b = 0; b < crossed.length; b++) {
        const boundary = crossed[b]!;
        const v = boundary.tensor;
        const tile = tiles[row * tensors + v]!;
        // Without a relevant loop outside nothing is brought in again, whatever runs.
        let words = tile * relevantLeft[v]!;
        if (relevantLeft[v]! > 1) for (let other = mask & ~relevant[v]! & ~trailing[v]!; other !== 0; other &= other - 1) words *= left[31 - Math.clz32(other & -other)]!;
        if (innermost >= 0 && ((slides[v]! >> innermost) & 1) === 1) {
          const steps = left[innermost]!;
          words *= (tile + (steps - 1) * windows.fresh(v, extents, at, innermost, extents[at + innermost]! * next[innermost]!)) / (tile * steps);
        }
        energy += boundary.slope * words + boundary.offset;
        if (latency !== undefined) for (let p = 0; p < boundary.ports.length; p++) ports[boundary.ports[p]!]! += boundary.portSlope[p]! * words + boundary.portOffset[p]!;
      }
      if (energy < leastEnergy) leastEnergy = energy;
      if (latency !== undefined) leastLatency = Math.min(leastLatency, latency(ports));
    }
    if (!wanted(leastEnergy, leastLatency)) continue;
    index.push(row);
    energies.push(leastEnergy);
    latencies.push(leastLatency);
  }
  return sorted(blocks, index, energies, latencies, pricing.byLatency);
}

function sorted(blocks: Blocks, index: readonly number[], energies: readonly number[], latencies: readonly number[], byLatency: boolean): BlockList {
  const order = Int32Array.from(index, (_, position) => position);
  if (byLatency) order.sort((a, b) => latencies[a]! - latencies[b]! || energies[a]! - energies[b]!);
  else order.sort((a, b) => energies[a]! - energies[b]!);
  const dimensions = blocks.options.length;
  const codes = new Uint16Array(order.length * dimensions);
  for (let position = 0; position < order.length; position++) {
    const from = index[order[position]!]! * dimensions;
    for (let d = 0; d < dimensions; d++) codes[position * dimensions + d] = blocks.codes[from + d]!;
  }
  return {
    index: order.map((position) => index[position]!), codes, energy: Float64Array.from(order, (position) => energies[position]!), latency: Float64Array.from(order, (position) => latencies[position]!),
    leastEnergy: energies.reduce((least, energy) => Math.min(least, energy), Infinity), leastLatency: latencies.reduce((least, own) => Math.min(least, own), Infinity),
  };
}
