/**
 * "Is there an architecture in which all of this holds?", asked while a space is still being built: what the proof of well-formedness
 * rests on. Works on variables and constraints alone, before there are nodes.
 */
import type { Constraint, Value, Variable, VariableId } from "../space.js";
import { ChanceWitness } from "./chance.js";
import { backwardPass, eliminate, STEP_LIMIT } from "./eliminate.js";
import type { Relation } from "./factor.js";
import { boolean } from "./semiring.js";
import { connectedProblem, relation, spaceGraph, type AdaptedAt, type SpaceGraph } from "./space-factors.js";

/** `assignment` gives a domain index for every variable that bears on the conditions. */
export type Feasibility =
  | { readonly kind: "witness"; readonly assignment: ReadonlyMap<VariableId, number> }
  | { readonly kind: "none" }
  /** Not decided: a table of `width` cells would have been needed. */
  | { readonly kind: "too_wide"; readonly width: number };

const FEWEST_STEPS = 1 << 16;

/** Draws of the first search for a witness by chance. */
const DRAWS = 1000;

/** Answers many questions about one set of variables and constraints. */
export class FeasibilityCheck {
  private readonly free: SpaceGraph;
  private readonly constrained: SpaceGraph;
  private chance: ChanceWitness | undefined;
  /** What the next question may take: ever less once one was given up, for the next are as wide, and chance is asked before them. */
  private steps = STEP_LIMIT;
  private draws = DRAWS;

  /** A proof must hold however inputs are adapted to; ask with `largest` about what counts as an architecture. */
  constructor(variables: readonly Variable[], private readonly constraints: readonly Constraint[] = [], adapted: AdaptedAt = "free") {
    this.free = spaceGraph(variables, [], adapted);
    this.constrained = constraints.length === 0 ? this.free : spaceGraph(variables, constraints, adapted);
  }

  /** An architecture in which every condition is true (not undefined), if the space is not empty as a whole. */
  find(conditions: readonly Value<boolean>[]): Feasibility {
    const relations: Relation[] = conditions.flatMap((condition) => relation(condition, (cell) => cell === true));
    if (relations.some(({ allowed }) => !allowed.includes(1))) return { kind: "none" };
    if (this.steps < STEP_LIMIT) {
      const assignment = this.byChance(relations);
      if (assignment !== undefined) return { kind: "witness", assignment };
    }
    // Most impossible combinations are impossible without the constraints, which may join far parts of the graph.
    const first = this.ask(this.free, relations);
    const found = first.kind === "none" || this.constraints.length === 0 ? first : this.ask(this.constrained, relations);
    if (found.kind !== "too_wide") return found;
    const assignment = this.steps < STEP_LIMIT ? undefined : this.byChance(relations);
    this.steps = Math.max(FEWEST_STEPS, this.steps >> 2);
    this.draws = Math.ceil(this.draws / 2);
    return assignment === undefined ? found : { kind: "witness", assignment };
  }

  private byChance(relations: readonly Relation[]): ReadonlyMap<VariableId, number> | undefined {
    return (this.chance ??= new ChanceWitness(this.constrained)).find(relations, this.draws);
  }

  /** Whether there is any architecture at all. */
  isEmpty(): Feasibility {
    return this.ask(this.constrained, this.constrained.relations);
  }

  /**
   * Up to `count` architectures as unlike each other as one elimination gives: the n-th takes the n-th possible option of each variable,
   * in a circle. One where elimination is too wide; empty where there is none; undefined where it is not decided.
   */
  examples(count: number): readonly ReadonlyMap<VariableId, number>[] | undefined {
    const problem = connectedProblem(this.constrained, this.constrained.relations);
    const elimination = eliminate(problem, boolean);
    if (elimination.kind !== "eliminated") {
      const found = this.byChance([]);
      return found && [found];
    }
    if (elimination.total === 0) return [];
    const pass = backwardPass(elimination, this.constrained.sizes, boolean);
    return Array.from({ length: count }, (_, turn) => {
      const assignment: number[] = [];
      let step = 0;
      pass((weights) => {
        const possible = weights.flatMap((weight, option) => (weight === 1 ? [option] : []));
        // Neighbouring variables turn at different speed, or all of them would always take options of the same rank.
        return possible[(turn * (1 + (step++ % 3)) + Math.floor(turn / 4) * step) % possible.length]!;
      }, assignment);
      return new Map(problem.variables.map((id) => [id, assignment[id]!]));
    });
  }

  private ask(graph: SpaceGraph, relations: readonly Relation[]): Feasibility {
    const problem = connectedProblem(graph, relations);
    const elimination = eliminate(problem, boolean, this.steps);
    if (elimination.kind === "inexact") throw new Error("existence is always exact");
    if (elimination.kind === "too_wide") return elimination;
    if (elimination.total === 0) return { kind: "none" };
    const assignment: number[] = [];
    backwardPass(elimination, graph.sizes, boolean)((weights) => weights.indexOf(1), assignment);
    return { kind: "witness", assignment: new Map(problem.variables.map((id) => [id, assignment[id]!])) };
  }
}

/** One question; see FeasibilityCheck for many. */
export function feasible(variables: readonly Variable[], constraints: readonly Constraint[], conditions: readonly Value<boolean>[]): Feasibility {
  return new FeasibilityCheck(variables, constraints).find(conditions);
}
