/**
 * Architectures within budgets: how many there are, and uniform draws among them. Costs become whole keys (exactly where they are whole
 * numbers whose sums take few values, else rounded with a known error), one elimination gives the distribution of keys, draws walk it
 * back. Rounding never shows: what might be over a budget is looked at exactly (one by one for counts, as they come up for draws).
 */
import type { RandomStream } from "../../random/stream.js";
import { exactKeys, isExact, mergeTerms, roundedKeys, type CostTerm, type Quantised } from "./cost-terms.js";
import { bigNumbers, distributions, drawWithKey, listWithKey, plainNumbers, type Arithmetic, type Distribution, type KeyLimit } from "./distribution.js";
import { eliminate, eliminateAlike, type KnownAttempts } from "./eliminate.js";
import type { Weights } from "./factor.js";
import { wholeProblem, type SpaceGraph } from "./space-factors.js";

/** The sum of the terms is at most `bound`. For "at least", negate both. */
export interface CostBudget { readonly terms: readonly CostTerm[]; readonly bound: number }

export interface Distributed {
  /** Every key with its number of architectures, decoded per budget. */
  readonly entries: readonly { readonly keys: readonly number[]; readonly count: bigint }[];
  readonly costs: readonly Quantised[];
  /** Uniform among the architectures of the entries of a part of the list; writes domain indices of decisions. */
  drawer(entries: readonly number[]): (random: RandomStream) => number[];
  list(entry: number): Iterable<readonly number[]>;
}

/** Different keys of all costs together: from fine to coarse, until the tables are small enough. */
const RESOLUTIONS = { one: [1 << 14, 1 << 11, 1 << 8], several: [1 << 18, 1 << 14, 1 << 10] };
const LIMITS = { entries: 1 << 18, work: 1 << 25 };

export interface DistributeOptions { readonly stepLimit?: number | undefined; readonly resolutions?: readonly number[]; readonly known?: KnownAttempts }

/**
 * The joint distribution of several costs over all architectures, cut off above `bounds` (as far as rounding allows); undefined where
 * the graph is too wide.
 */
export function distribute(graph: SpaceGraph, costs: readonly (readonly CostTerm[])[], bounds: readonly number[], options: DistributeOptions = {}): Distributed | undefined {
  const merged = costs.map((terms) => mergeTerms(graph, terms));
  const whole = merged.map(exactKeys);
  const { resolutions = RESOLUTIONS[merged.length > 1 ? "several" : "one"] } = options;
  const attempts: (readonly Quantised[])[] = [];
  const per = resolutions.map((all) => Math.max(2, Math.floor(all ** (1 / Math.max(1, merged.length)))));
  if (whole.some((quantised) => quantised !== undefined)) attempts.push(merged.map((terms, at) => whole[at] ?? roundedKeys(terms, per[0]!)));
  for (const resolution of per) attempts.push(merged.map((terms, at) => (whole[at] !== undefined && whole[at].range <= resolution ? whole[at] : roundedKeys(terms, resolution))));
  for (const quantised of attempts) {
    const found = attempt(graph, quantised, bounds, plainNumbers, options);
    const done = found === "inexact" ? attempt(graph, quantised, bounds, bigNumbers, options) : found;
    if (done === "too_wide") return undefined;
    if (done !== "exhausted" && done !== "inexact") return done;
  }
  return undefined;
}

/** Several keys in one number. */
class Radix {
  private readonly places: readonly number[];
  constructor(private readonly costs: readonly Quantised[]) {
    let place = 1;
    this.places = costs.map(({ range }) => { const own = place; place *= range + 1; return own; });
    this.capacity = place;
  }
  readonly capacity: number;
  place(at: number): number { return this.places[at]!; }
  decode(key: number): number[] { return this.costs.map(({ range }, at) => Math.floor(key / this.places[at]!) % (range + 1)); }
}

function attempt<T>(graph: SpaceGraph, costs: readonly Quantised[], bounds: readonly number[], arithmetic: Arithmetic<T>, { stepLimit, known }: DistributeOptions): Distributed | "too_wide" | "exhausted" | "inexact" {
  const radix = new Radix(costs);
  if (radix.capacity > Number.MAX_SAFE_INTEGER) return "exhausted";
  const largest = costs.map((cost, at) => largestKey(cost, bounds[at] ?? Infinity, "possible"));
  const semiring = distributions(arithmetic, { ...LIMITS, work: Math.min(LIMITS.work, stepLimit ?? Infinity) }, limitOf(radix, largest));
  const weights: Weights<Distribution<T>>[] = graph.variables.flatMap((variable) => (variable.kind === "decision" ? [{ kind: "weights", scope: [variable.id], cells: variable.domain.map((_, option) => semiring.option(variable.id, option)) }] : []));
  costs.forEach((cost, at) => { for (const { scope, keys } of cost.terms) weights.push({ kind: "weights", scope, cells: Array.from(keys, (key) => semiring.key(key * radix.place(at))) }); });
  const problem = wholeProblem(graph, weights);
  // Keys beyond a bound are zero.
  const result = known === undefined || bounds.length > 0 ? eliminate(problem, semiring, stepLimit) : eliminateAlike(problem, semiring, known, stepLimit);
  if (semiring.exhausted()) return "exhausted";
  if (result.kind !== "eliminated") return result.kind;
  return distributed(arithmetic, radix, costs, result.total);
}

function limitOf(radix: Radix, largest: readonly number[]): KeyLimit {
  if (largest.length === 0 || largest.every((key) => key === Infinity)) return { fits: () => true, ordered: true };
  if (largest.length === 1) return { fits: (key) => key <= largest[0]!, ordered: true };
  return { fits: (key) => radix.decode(key).every((own, at) => own <= largest[at]!), ordered: false };
}

/** The largest key that may still be within a bound (`possible`), or that surely is. */
export function largestKey({ base, step, low, high }: Quantised, bound: number, how: "possible" | "sure"): number {
  return Math.floor((bound - base - (how === "possible" ? low : high)) / step);
}

function distributed<T>(arithmetic: Arithmetic<T>, radix: Radix, costs: readonly Quantised[], total: Distribution<T>): Distributed {
  const keys = Array.from(total.keys, (key) => key + total.offset);
  return {
    costs,
    entries: keys.map((key, at) => ({ keys: radix.decode(key), count: arithmetic.big(total.counts[at]!) })),
    list: (entry) => listWithKey(total, keys[entry]!),
    drawer(entries) {
      const below: bigint[] = [];
      let sum = 0n;
      for (const entry of entries) below.push(sum += arithmetic.big(total.counts[entry]!));
      return (random) => {
        const ticket = random.bigInteger(sum);
        let [low, high] = [0, below.length - 1];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (below[middle]! > ticket) high = middle; else low = middle + 1;
        }
        const assignment: number[] = [];
        drawWithKey(arithmetic, total, keys[entries[low]!]!, random, assignment);
        return assignment;
      };
    },
  };
}

export interface WithinBudgets {
  /** Equal where the count is exact. */
  readonly least: bigint;
  readonly most: bigint;
  /** Costs were whole keys, or every doubtful architecture was looked at. */
  readonly exact: boolean;
  /** Uniform among the architectures within the budgets; undefined where none came up. */
  draw(random: RandomStream): number[] | undefined;
}

/** Architectures that are looked at one by one to make a count exact. */
const LOOK_AT = 20_000n;
/** Draws before it is given up that one is within the budgets. */
const PATIENCE = 20_000;

/** Decides exactly, for domain indices of the decisions. `decides`: it says more than the budgets do. */
export interface ExactTest { holds(assignment: readonly number[]): boolean; readonly decides: boolean }

/** Undefined where the graph is too wide. */
export function withinBudgets(graph: SpaceGraph, budgets: readonly CostBudget[], { holds, decides }: ExactTest, options: DistributeOptions = {}): WithinBudgets | undefined {
  const found = distribute(graph, budgets.map(({ terms }) => terms), budgets.map(({ bound }) => bound), options);
  if (found === undefined) return undefined;
  const { entries, costs } = found;
  const belowAll = (keys: readonly number[], how: "possible" | "sure"): boolean => budgets.every(({ bound }, at) => keys[at]! <= largestKey(costs[at]!, bound, how));
  const possible = entries.flatMap(({ keys }, entry) => (belowAll(keys, "possible") ? [entry] : []));
  const doubtful = possible.filter((entry) => decides || !belowAll(entries[entry]!.keys, "sure"));
  const doubts = doubtful.reduce((sum, entry) => sum + entries[entry]!.count, 0n);
  const most = possible.reduce((sum, entry) => sum + entries[entry]!.count, 0n);
  const exactly = doubts <= LOOK_AT;
  const sure = doubts === 0n && costs.every(isExact);
  let passed = 0n;
  if (exactly) for (const entry of doubtful) for (const assignment of found.list(entry)) if (holds(assignment)) passed++;
  const least = most - doubts + passed;
  const drawOne = found.drawer(possible);
  return {
    least, most: exactly ? least : most, exact: exactly,
    draw(random) {
      if (most === 0n || (exactly && least === 0n)) return undefined;
      for (let attempt = 0; attempt < PATIENCE; attempt++) {
        const assignment = drawOne(random);
        if (sure || holds(assignment)) return assignment;
      }
      return undefined;
    },
  };
}
