/**
 * What a block of a stage costs at least, whatever is chosen for the stages around it: all loops outside in one level, each tensor with its
 * best run of indifferent loops, and the window sliding over everything. The true cost where only one level is outside.
 */
import type { Blocks } from "./blocks.js";
import type { Boundaries } from "./boundaries.js";
import type { OrderClass } from "./orders.js";
import type { Problem } from "./problem.js";
import type { Windows } from "./windows.js";

/** Blocks in the order in which they are tried. */
export interface BlockList {
  readonly index: Int32Array;
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

/** Lists the blocks of a stage that fit the spatial choice. */
export function priceBlocks(pricing: BlockPricing, blocks: Blocks, stage: number): BlockList {
  const { problem, bounds, boundaries, windows, latency } = pricing;
  const { spread } = boundaries;
  const outside = bounds.map((_, d) => spread.reduce((product, factors, at) => (at > stage ? product * factors[d]! : product), 1));
  const inner = bounds.map((_, d) => spread.reduce((product, factors, at) => (at <= stage ? product * factors[d]! : product), 1));
  const next = spread[stage + 1] ?? bounds.map(() => 1);
  const dimensions = bounds.length;
  const tensors = problem.tensors.length;
  const left = new Float64Array(dimensions);
  const relevantLeft = new Float64Array(tensors);
  const ports = new Float64Array(boundaries.ports.length);
  const index: number[] = [];
  const energies: number[] = [];
  const latencies: number[] = [];
  for (let row = 0; row < blocks.count; row++) {
    const at = row * dimensions;
    let mask = 0;
    let divides = true;
    for (let d = 0; d < dimensions; d++) {
      const extent = blocks.extents[at + d]!;
      const rounds = bounds[d]! / (extent * outside[d]!);
      if (rounds !== Math.floor(rounds) || extent % inner[d]! !== 0) { divides = false; break; }
      left[d] = rounds;
      if (rounds > 1) mask |= 1 << d;
    }
    if (!divides) continue;
    for (let v = 0; v < tensors; v++) {
      let product = 1;
      for (let d = 0; d < dimensions; d++) if (problem.tensors[v]!.relevant[d]!) product *= left[d]!;
      relevantLeft[v] = product;
    }
    let leastEnergy = Infinity;
    let leastLatency = Infinity;
    for (const { innermost, trailing } of pricing.classes(mask)) {
      let energy = 0;
      if (latency !== undefined) ports.set(boundaries.ports);
      for (const boundary of boundaries.byStage[stage]!) {
        const v = boundary.tensor;
        const tile = blocks.tiles[row * tensors + v]!;
        // Without a relevant loop outside nothing is brought in again, whatever runs.
        let words = tile * relevantLeft[v]!;
        if (relevantLeft[v]! > 1) for (let d = 0; d < dimensions; d++) if (!problem.tensors[v]!.relevant[d]! && ((trailing[v]! >> d) & 1) === 0) words *= left[d]!;
        if (innermost >= 0 && windows.slides[v]![innermost]!) {
          const rounds = left[innermost]!;
          words *= (tile + (rounds - 1) * windows.fresh(v, blocks.extents, at, innermost, blocks.extents[at + innermost]! * next[innermost]!)) / (tile * rounds);
        }
        words = Math.max(words, boundary.leastWords);
        energy += boundary.slope * words + boundary.offset;
        if (latency !== undefined) for (let p = 0; p < boundary.ports.length; p++) ports[boundary.ports[p]!]! += boundary.portSlope[p]! * words + boundary.portOffset[p]!;
      }
      if (energy < leastEnergy) leastEnergy = energy;
      if (latency !== undefined) leastLatency = Math.min(leastLatency, latency(ports));
    }
    index.push(row);
    energies.push(leastEnergy);
    latencies.push(latency === undefined ? boundaries.steps : leastLatency);
  }
  return sorted(index, energies, latencies, pricing.byLatency);
}

function sorted(index: readonly number[], energies: readonly number[], latencies: readonly number[], byLatency: boolean): BlockList {
  const order = Int32Array.from(index, (_, position) => position);
  order.sort((a, b) => (byLatency && latencies[a] !== latencies[b] ? latencies[a]! - latencies[b]! : energies[a]! - energies[b]!));
  return {
    index: order.map((position) => index[position]!), energy: Float64Array.from(order, (position) => energies[position]!), latency: Float64Array.from(order, (position) => latencies[position]!),
    leastEnergy: energies.reduce((least, energy) => Math.min(least, energy), Infinity), leastLatency: latencies.reduce((least, own) => Math.min(least, own), Infinity),
  };
}
