/**
 * Drawing a path where constraints leave so few that rejection is hopeless. A path that takes every active decision uniformly has the
 * probability product of 1 / (allowed options); with that as factors, elimination and a backward pass draw from exactly the
 * distribution that drawing again and again would have given.
 */
import type { RandomStream } from "../../random/stream.js";
import type { Decision, Space } from "../space.js";
import { cellCount, projection, unionScope } from "../values.js";
import { backwardPass, eliminate } from "./eliminate.js";
import type { Weights } from "./factor.js";
import { probability } from "./semiring.js";
import { wholeProblem, type SpaceGraph } from "./space-factors.js";

/** Above this, options count as if all were allowed: the draw stays a member, its distribution is slightly off. */
const CELL_LIMIT = 1 << 16;

function choiceProbability(space: Pick<Space, "variables">, { guard, allowed, domain }: Decision): Weights<number> {
  const wide = unionScope([guard.scope, ...allowed.map(({ scope }) => scope)]);
  const narrow = cellCount(space, wide) > CELL_LIMIT;
  const scope = narrow ? guard.scope : wide;
  const active = projection(space, scope, guard.scope);
  const options = narrow ? [] : allowed.map((value) => ({ value, index: projection(space, scope, value.scope) }));
  const cells = Float64Array.from(active, (at, cell) => {
    if (guard.cells[at] !== true) return 1;
    const count = narrow ? domain.length : options.filter(({ value, index }) => value.cells[index[cell]!] === true).length;
    return count === 0 ? 0 : 1 / count;
  });
  return { kind: "weights", scope, cells };
}

export function drawPath(space: Space, graph: SpaceGraph, stepLimit?: number): ((random: RandomStream) => number[]) | "too_wide" | "empty" {
  const weights = space.variables.flatMap((variable) => (variable.kind === "decision" && variable.binding === "choose" ? [choiceProbability(space, variable)] : []));
  const elimination = eliminate<number>(wholeProblem(graph, weights), probability, stepLimit);
  if (elimination.kind !== "eliminated") return "too_wide";
  if (elimination.total === 0) return "empty";
  const pass = backwardPass(elimination, graph.sizes, probability);
  return (random) => {
    const assignment: number[] = [];
    pass((options) => {
      let rest = random.uniform() * options.reduce((sum, option) => sum + option, 0);
      let last = 0;
      for (let option = 0; option < options.length; option++) {
        if (options[option]! <= 0) continue;
        last = option;
        rest -= options[option]!;
        if (rest < 0) break;
      }
      return last;
    }, assignment);
    return assignment;
  };
}
