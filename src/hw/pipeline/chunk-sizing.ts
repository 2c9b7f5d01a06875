/**
 * Arrays sized for one network (NASA, Shi et al., ICCAD 2022; hardware.md 4): elements in proportion to the work of each chunk over the used
 * share of its array. That share depends on the array, so the network is priced again on the arrays found, and they are found again, until
 * they repeat.
 */
import { arrayFor, arrayStep } from "../../ir/plans/array-shape.js";
import { elementArea } from "../../ir/plans/chip-area.js";
import type { Accelerator, Chunk } from "../../ir/plan.js";
import { balancedElements, chunkWork } from "./chunk-balance.js";
import type { NetCost } from "../cost-model.js";

/** Repricings at most. Two make most of the difference; later ones may swing between two sizes. */
const ROUNDS = 6;

export interface SizedChunk {
  readonly chunk: string;
  readonly array: readonly [number, number];
  readonly elements: number;
  /** Points of the network on this chunk, and the share of the array that they use. */
  readonly points: number;
  readonly utilisation: number;
}

export interface SizingRound { readonly chunks: readonly SizedChunk[]; readonly energyPeriod: number }

export interface Sizing {
  /** With the arrays found, no more to be sized. */
  readonly accelerator: Accelerator;
  readonly cost: NetCost;
  /** The arrays found. */
  readonly chunks: readonly SizedChunk[];
  /** All arrays looked at, the first for fully used arrays; the least energy times period counts. */
  readonly rounds: readonly SizingRound[];
  /** The next arrays would have been some of those before. */
  readonly settled: boolean;
}

const countOf = ({ array: [rows, columns] }: Chunk): number => rows * columns;

/** The accelerator with every array to be sized, in the area that they take now: what `sizeChunks` may change where arrays are declared. */
export function allSized(accelerator: Accelerator): Accelerator {
  const { chunks, technology } = accelerator;
  return { ...accelerator, chunks: chunks.map((chunk) => ({ ...chunk, sized: {} })), balancedArea: chunks.reduce((sum, chunk) => sum + countOf(chunk) * elementArea(chunk, technology), 0) };
}

/** The accelerator as it stands: its arrays are not to be sized. */
export function withArrays(accelerator: Accelerator, arrays: readonly (readonly [number, number])[]): Accelerator {
  const { balancedArea, choices, variants, ...rest } = accelerator;
  return { ...rest, chunks: accelerator.chunks.map(({ sized, ...chunk }, index) => ({ ...chunk, array: arrays[index]! })) };
}

/**
 * Sizes the chunks of `accelerator` with `sized` arrays for one network, whose cost on such an accelerator `price` gives (a cost on the
 * arrays it has now may be given). Others keep theirs.
 */
export function sizeChunks(accelerator: Accelerator, price: (sized: Accelerator) => NetCost, present?: NetCost): Sizing {
  const { chunks, technology, balancedArea = 0 } = accelerator;
  const areas = chunks.map((chunk) => elementArea(chunk, technology));
  const sizeFor = (works: readonly number[]): Accelerator => {
    // Only the predictor knows arrays with clocks of their own.
    const pace = (chunk: Chunk): number => (accelerator.predictor === undefined || chunk.clock === undefined ? 1 : chunk.clock / accelerator.clock);
    const demands = chunks.map((chunk, index) => ({ work: chunk.sized === undefined ? 0 : works[index]! / pace(chunk), area: areas[index]!, step: arrayStep(chunk.sized ?? {}) }));
    const elements = balancedElements(demands, balancedArea);
    return withArrays(accelerator, chunks.map((chunk, index) => (chunk.sized === undefined ? chunk.array : arrayFor(elements[index]!, chunk.sized))));
  };
  const start = withArrays(accelerator, chunks.map(({ array }) => array));
  const points = chunkWork((present ?? price(start)).rows, start).map((own) => own.points);
  const seen = new Set<string>();
  const rounds: SizingRound[] = [];
  let best: { readonly accelerator: Accelerator; readonly cost: NetCost; readonly round: SizingRound } | undefined;
  // The first arrays are those for u = 1.
  let next = sizeFor(points);
  const key = (): string => next.chunks.map(({ array }) => array.join("x")).join();
  while (best === undefined || (rounds.length < ROUNDS && !seen.has(key()))) {
    seen.add(key());
    const cost = price(next);
    const own = chunkWork(cost.rows, next);
    const round: SizingRound = {
      energyPeriod: cost.totals.energy * cost.totals.period,
      chunks: next.chunks.map((chunk, index) => ({ chunk: chunk.name, array: chunk.array, elements: countOf(chunk), points: own[index]!.points, utilisation: own[index]!.work === 0 ? 1 : own[index]!.points / own[index]!.work })),
    };
    rounds.push(round);
    if (best === undefined || round.energyPeriod < best.round.energyPeriod) best = { accelerator: next, cost, round };
    next = sizeFor(own.map(({ work }) => work));
  }
  return { accelerator: best.accelerator, cost: best.cost, chunks: best.round.chunks, rounds, settled: seen.has(key()) };
}

/** The cost of the network on the arrays found, with how they were found. Figures are worked out where somebody looks. */
export function sizedCost(sizing: Sizing): NetCost {
  const { totals, split, rows, busy, externalTime, warnings, shared } = sizing.cost;
  return { totals, get figures() { return sizing.cost.figures; }, split, rows, busy, externalTime, warnings, ...(shared === undefined ? {} : { shared }), sizing };
}
