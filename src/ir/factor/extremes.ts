/** The least and greatest sum of cost tables over all architectures of a space: elimination over the tropical semirings. */
import { mergeTerms, type CostTerm } from "./cost-terms.js";
import { backwardPass, eliminate, eliminateAlike, type KnownAttempts } from "./eliminate.js";
import { tropicalMaximum, tropicalMinimum } from "./semiring.js";
import { wholeProblem, type SpaceGraph } from "./space-factors.js";

/**
 * Domain indices of an architecture (decisions, and the derived variables that bear on the question) with the least or greatest sum;
 * undefined where the graph is too wide or the space is empty. Among equals the lower option wins, variable by variable in the order of
 * the backward pass.
 */
export function extremeOf(graph: SpaceGraph, terms: readonly CostTerm[], direction: "minimum" | "maximum", stepLimit?: number, known: KnownAttempts = new Map()): number[] | undefined {
  const semiring = direction === "minimum" ? tropicalMinimum : tropicalMaximum;
  const weights = mergeTerms(graph, terms).map((term) => ({ kind: "weights" as const, ...term }));
  const problem = wholeProblem(graph, weights);
  const finite = weights.every(({ cells }) => cells.every(Number.isFinite));
  const elimination = finite ? eliminateAlike<number>(problem, semiring, known, stepLimit) : eliminate<number>(problem, semiring, stepLimit);
  if (elimination.kind !== "eliminated" || elimination.total === semiring.zero) return undefined;
  const assignment: number[] = [];
  backwardPass(elimination, graph.sizes, semiring)((weights) => bestOption(weights, direction), assignment);
  return assignment;
}

function bestOption(weights: readonly number[], direction: "minimum" | "maximum"): number {
  let best = 0;
  for (let option = 1; option < weights.length; option++) {
    if (direction === "minimum" ? weights[option]! < weights[best]! : weights[option]! > weights[best]!) best = option;
  }
  return best;
}
