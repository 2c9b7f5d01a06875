/**
 * Answers about costs from random architectures, for spaces that are too wide to eliminate: each says with which confidence it holds,
 * and how far it may be off. Also the shapes of such answers, exact or not.
 */
import { binned } from "../ir/factor/histogram.js";
import { CONFIDENCE, shareError, shareInterval } from "../ir/factor/sampling-error.js";
import type { SpaceQueries } from "../ir/space-queries.js";
import type { Architecture } from "../ir/space.js";
import { randomStream, type RandomStream } from "../random/stream.js";

export interface WithinCosts {
  /** The number of architectures within the budgets lies between; undefined where not even the space could be counted. */
  readonly least: bigint | undefined;
  readonly most: bigint | undefined;
  /** `exact`: least = most. `bracketed`: costs were rounded, the bracket is certain. `sampled`: it holds with `confidence`. */
  readonly how: "exact" | "bracketed" | "sampled";
  readonly confidence: number;
  /** Share of random architectures that were within the budgets, between; absent where the count is not sampled. */
  readonly share?: readonly [number, number];
  /** Uniform among them (`sampled` without a count: as paths are drawn); undefined where none came up. */
  draw(random: RandomStream): Architecture | undefined;
  /** As many such draws, in the order that single ones would give; fewer where none came up. */
  drawMany(draws: number, random: RandomStream): readonly Architecture[];
}

/** Repeats a draw until it gives nothing. */
export function repeated(draw: (random: RandomStream) => Architecture | undefined): WithinCosts["drawMany"] {
  return (draws, random) => {
    const drawn: Architecture[] = [];
    for (let next; drawn.length < draws && (next = draw(random)) !== undefined;) drawn.push(next);
    return drawn;
  };
}

export interface CostHistogram {
  /** One more than there are bins. */
  readonly edges: readonly number[];
  /** Architectures per bin; absent where sampled. */
  readonly counts?: readonly bigint[];
  readonly shares: readonly number[];
  /** `rounded`: an architecture may be counted in a bin up to `error` (in the unit of the metric) from its cost. */
  readonly how: "exact" | "rounded" | "sampled";
  readonly error: number;
  /** Every cumulated share is at most this far off, with `confidence`; 0 where nothing was sampled. */
  readonly shareError: number;
  readonly confidence: number;
}

export interface BestArchitecture {
  readonly value: number;
  readonly architecture: Architecture;
  /** No architecture within the budgets is better. */
  readonly proven: boolean;
}

const PATIENCE = 20_000;
const SCALE = 1n << 40n;

/** Part of a whole number by a share, rounded outwards. */
const shareOf = (count: bigint, share: number, up: boolean): bigint => {
  const scaled = BigInt(up ? Math.ceil(share * Number(SCALE)) : Math.floor(share * Number(SCALE)));
  return (count * scaled + (up ? SCALE - 1n : 0n)) / SCALE;
};

export function sampledWithin(queries: SpaceQueries, holds: (architecture: Architecture) => boolean, samples: number): WithinCosts {
  const random = randomStream(0, "within budgets");
  let hits = 0;
  for (let i = 0; i < samples; i++) if (holds(queries.sampleUniform(random))) hits++;
  const [low, high] = shareInterval(hits, samples);
  const count = queries.count();
  const draw = (stream: RandomStream): Architecture | undefined => {
    for (let attempt = 0; attempt < PATIENCE; attempt++) {
      const architecture = queries.sampleUniform(stream);
      if (holds(architecture)) return architecture;
    }
    return undefined;
  };
  return {
    least: count && shareOf(count, low, false), most: count && shareOf(count, high, true), how: "sampled", confidence: CONFIDENCE, share: [low, high], draw, drawMany: repeated(draw),
  };
}

export function sampledHistogram(queries: SpaceQueries, costOf: (architecture: Architecture) => number, bins: number, samples: number): CostHistogram {
  const random = randomStream(0, "cost histogram");
  const values = Array.from({ length: samples }, () => costOf(queries.sampleUniform(random)));
  const { edges, counts } = binned(values, values.map(() => 1n), bins);
  return { edges, shares: counts.map((count) => Number(count) / samples), how: "sampled", error: 0, shareError: shareError(samples), confidence: CONFIDENCE };
}

export function sampledBest(within: WithinCosts, costOf: (architecture: Architecture) => number, direction: "minimize" | "maximize", samples: number): BestArchitecture | undefined {
  const random = randomStream(0, "best within budgets");
  let best: { readonly value: number; readonly architecture: Architecture } | undefined;
  for (const architecture of within.drawMany(samples, random)) {
    const value = costOf(architecture);
    if (best === undefined || (direction === "minimize" ? value < best.value : value > best.value)) best = { value, architecture };
  }
  return best && { ...best, proven: false };
}
