/**
 * Exact answers about all architectures of a space at once: membership, canonical form, count, uniform samples, extremes of additive
 * costs. Everything is one elimination over the space's factor graph (`factor/`).
 */
import type { RandomStream } from "../random/stream.js";
import { allowedOptions, architectureOf, assignInOrder, assignmentOf, dependencyOrder, isMemberAssignment } from "./assignment.js";
import { withinBudgets, type CostBudget } from "./factor/budgeted.js";
import { costAt, type CostTerm } from "./factor/cost-terms.js";
import { countNetworks, drawUniformly } from "./factor/counting.js";
import type { KnownAttempts } from "./factor/eliminate.js";
import { extremeOf } from "./factor/extremes.js";
import { histogramOf, type Histogram } from "./factor/histogram.js";
import { paretoFront } from "./factor/pareto.js";
import { drawPath } from "./factor/path-weights.js";
import { spaceGraph, type SpaceGraph } from "./factor/space-factors.js";
import type { Architecture, Space, VariableId } from "./space.js";

export type { CostBudget } from "./factor/budgeted.js";
export type { CostTerm } from "./factor/cost-terms.js";
export type { Histogram } from "./factor/histogram.js";

/** The architectures within some budgets. */
export interface Within {
  /** How many there are: equal where `exact`, else the count lies between. */
  readonly least: bigint;
  readonly most: bigint;
  readonly exact: boolean;
  /** Uniform among them; undefined where none came up. */
  draw(random: RandomStream): Architecture | undefined;
}

export interface WithinTest { holds(architecture: Architecture): boolean; readonly stricter: boolean }

export interface SpaceQueries {
  /** A domain index for every variable of the space, derived ones included. */
  assignment(architecture: Architecture): number[];
  /**
   * Inactive decisions become option 0, and those adapted per input their largest option. The result may still break a constraint or
   * take a forbidden option.
   */
  canonicalize(genes: readonly number[]): Architecture;
  /** Canonical, every option allowed, every constraint met. */
  isMember(architecture: Architecture): boolean;
  /** Number of distinct architectures; undefined where the graph is too wide to eliminate. */
  count(): bigint | undefined;
  /**
   * Every active decision uniform over its allowed options, in order; draws again where a constraint fails (or, where that is hopeless,
   * draws from the same distribution exactly). Throws on a space without architectures, which checking refuses.
   */
  samplePath(random: RandomStream): Architecture;
  /** One attempt at such a draw that looks nothing up: undefined where it leads to no architecture. */
  tryPath(random: RandomStream): Architecture | undefined;
  /** Uniform over distinct architectures; falls back on `samplePath` where the graph is too wide. */
  sampleUniform(random: RandomStream): Architecture;
  /** The least or greatest sum of the terms and an architecture that has it; undefined where the graph is too wide. */
  extreme(terms: readonly CostTerm[], direction: "minimum" | "maximum"): { readonly value: number; readonly architecture: Architecture } | undefined;
  /**
   * Architectures within all budgets, counted and drawn exactly; undefined where the graph is too wide. A `test` decides in place of the
   * sums; where it is `stricter` than they are, what they let pass is looked at one by one.
   */
  within(budgets: readonly CostBudget[], test?: WithinTest): Within | undefined;
  /** How the greatest of some sums is spread over all architectures; undefined where the graph is too wide or the space is empty. */
  histogram(parts: readonly (readonly CostTerm[])[], bins: number): Histogram | undefined;
  /**
   * One architecture for every vector of sums that no other beats (less is better), in lexicographic order, within the bounds up to
   * rounding; undefined where the graph or the front is too large.
   */
  front(costs: readonly (readonly CostTerm[])[], bounds: readonly number[]): readonly Architecture[] | undefined;
}

/** Draws by rejection before the exact way is taken, and before drawing is given up where there is none. */
const FIRST_DRAWS = 20;
const LAST_DRAWS = 200_000;

/** `stepLimit`: elementary steps before one question counts as too wide (default: one to two seconds). */
export function spaceQueries(space: Space, stepLimit?: number): SpaceQueries {
  const order = dependencyOrder(space.variables);
  const graph = lazy((): SpaceGraph => spaceGraph(space.variables, space.constraints));
  const known: KnownAttempts = new Map();
  const counted = lazy(() => countNetworks(graph(), stepLimit));
  const uniform = lazy(() => drawUniformly(graph(), counted()));
  const path = lazy(() => drawPath(space, graph(), stepLimit));
  const genesOf = (assignment: ArrayLike<number>): Architecture => architectureOf(space, assignment);

  const byRejection = (random: RandomStream, draws: number): Architecture | undefined => {
    for (let draw = 0; draw < draws; draw++) {
      const taken = new Map<VariableId, number>();
      let stuck = false;
      const assignment = assignInOrder(space, order, (decision, known) => {
        const options = allowedOptions(space, decision, known);
        const before = taken.get(decision.id);
        if (before !== undefined && options.includes(before)) return before;
        if (options.length === 0) stuck = true;
        const option = options.length === 0 ? 0 : options[random.integer(options.length)]!;
        taken.set(decision.id, option);
        return option;
      });
      if (!stuck && isMemberAssignment(space, assignment)) return genesOf(assignment);
    }
    return undefined;
  };

  const samplePath = (random: RandomStream): Architecture => {
    const first = byRejection(random, FIRST_DRAWS);
    if (first !== undefined) return first;
    const exact = path();
    const drawn = exact === "empty" ? undefined : exact === "too_wide" ? byRejection(random, LAST_DRAWS) : genesOf(exact(random));
    if (drawn === undefined) throw new Error(`no architecture of \`${space.name}\` was found`);
    return drawn;
  };

  return {
    assignment: (architecture) => assignmentOf(space, architecture),
    canonicalize(genes) {
      const given = assignmentOf(space, genes);
      return genesOf(assignInOrder(space, order, ({ id }) => given[id]!));
    },
    isMember: (architecture) => isMemberAssignment(space, assignmentOf(space, architecture)),
    count() {
      const result = counted();
      return result === "too_wide" ? undefined : result.count;
    },
    samplePath,
    tryPath: (random) => byRejection(random, 1),
    sampleUniform(random) {
      const draw = uniform();
      return draw === undefined ? samplePath(random) : genesOf(draw(random));
    },
    extreme(terms, direction) {
      const assignment = extremeOf(graph(), terms, direction, stepLimit, known);
      if (assignment === undefined) return undefined;
      const full = assignmentOf(space, genesOf(assignment));
      // Added up again in the order of the terms, as whoever looks costs up for one architecture does.
      const value = costAt(space, terms, full);
      return { value, architecture: genesOf(full) };
    },
    within(budgets, test) {
      const holds = (assignment: readonly number[]): boolean => {
        const genes = genesOf(assignment);
        if (test !== undefined) return test.holds(genes);
        const full = assignmentOf(space, genes);
        return budgets.every(({ terms, bound }) => costAt(space, terms, full) <= bound);
      };
      const found = withinBudgets(graph(), budgets, { holds, decides: test?.stricter === true }, { stepLimit });
      if (found === undefined) return undefined;
      const { least, most, exact } = found;
      return {
        least, most, exact,
        draw(random) {
          const drawn = found.draw(random);
          return drawn && genesOf(drawn);
        },
      };
    },
    histogram: (parts, bins) => histogramOf(graph(), parts, bins, { stepLimit, known }),
    front(costs, bounds) {
      const points = paretoFront(graph(), costs, bounds, stepLimit);
      return points === "too_wide" ? undefined : points.map(({ assignment }) => genesOf(assignment));
    },
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
