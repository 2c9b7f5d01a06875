/**
 * A witness by chance: where elimination would be too wide, architectures are drawn in which the conditions hold, as far as those alone
 * say how, and looked at one by one. What it finds is one; that it finds none proves nothing.
 */
import { randomStream, type RandomStream } from "../../random/stream.js";
import { allowedOptions, assignInOrder, dependencyOrder, type DependencyOrder } from "../assignment.js";
import type { VariableId } from "../space.js";
import { backwardPass, eliminate, type BackwardPass } from "./eliminate.js";
import type { Relation } from "./factor.js";
import { boolean } from "./semiring.js";
import { connectedProblem, type SpaceGraph } from "./space-factors.js";

/** Steps for saying how the conditions hold, canonical forms and constraints left aside. */
const STEPS = 1 << 20;

export class ChanceWitness {
  private readonly order: DependencyOrder;

  constructor(private readonly graph: SpaceGraph) {
    this.order = dependencyOrder(graph.variables);
  }

  /** A domain index for every variable. */
  find(conditions: readonly Relation[], draws: number): ReadonlyMap<VariableId, number> | undefined {
    const random = randomStream(0, "witness by chance");
    const pass = this.guide(conditions);
    const all = [...conditions, ...this.graph.relations];
    for (let draw = 0; draw < draws; draw++) {
      const wanted: (number | undefined)[] = [];
      pass?.((weights) => pick(weights.flatMap((weight, option) => (weight === 1 ? [option] : [])), random), wanted as number[]);
      const assignment = assignInOrder(this.graph, this.order, (decision, known) => {
        const options = allowedOptions(this.graph, decision, known);
        const first = wanted[decision.id];
        // Kept for the next rounds over circular guards, which would never settle else.
        return first !== undefined && (options.length === 0 || options.includes(first)) ? first : (wanted[decision.id] = pick(options.length === 0 ? [0] : options, random));
      });
      const at = (scope: readonly VariableId[]): number => scope.reduce((index, id) => index * this.graph.sizes[id]! + assignment[id]!, 0);
      if (all.every((relation) => relation.allowed[at(relation.scope)] === 1)) return new Map(assignment.map((option, id) => [id, option]));
    }
    return undefined;
  }

  /** Draws what makes the conditions true; undefined where even that is too wide. */
  private guide(conditions: readonly Relation[]): BackwardPass<number> | undefined {
    const problem = connectedProblem({ ...this.graph, relations: [] }, conditions);
    const elimination = eliminate(problem, boolean, STEPS);
    return elimination.kind === "eliminated" && elimination.total !== 0 ? backwardPass(elimination, this.graph.sizes, boolean) : undefined;
  }
}

const pick = (options: readonly number[], random: RandomStream): number => options[random.integer(options.length)]!;
