/** The least and greatest sum of cost tables over all architectures of a space: elimination over the tropical semirings. */
import type { VariableId } from "../space.js";
import { backwardPass, eliminate } from "./eliminate.js";
import type { Weights } from "./factor.js";
import { tropicalMaximum, tropicalMinimum } from "./semiring.js";
import { wholeProblem, type SpaceGraph } from "./space-factors.js";

interface Term { readonly scope: readonly VariableId[]; readonly cells: ArrayLike<number> }

/** Tables over the same variables are added up beforehand. */
function merge(terms: readonly Term[]): Weights<number>[] {
  const merged = new Map<string, { readonly scope: readonly VariableId[]; readonly cells: Float64Array }>();
  for (const { scope, cells } of terms) {
    const key = scope.join();
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { scope, cells: Float64Array.from(cells) });
    else for (let i = 0; i < known.cells.length; i++) known.cells[i] = known.cells[i]! + cells[i]!;
  }
  return [...merged.values()].map((term) => ({ kind: "weights", ...term }));
}

/**
 * Domain indices of an architecture (decisions, and the derived variables that bear on the question) with the least or greatest sum;
 * undefined where the graph is too wide or the space is empty. Among equals the lower option wins, variable by variable in the order of
 * the backward pass.
 */
export function extremeOf(graph: SpaceGraph, terms: readonly Term[], direction: "minimum" | "maximum", stepLimit?: number): number[] | undefined {
  const semiring = direction === "minimum" ? tropicalMinimum : tropicalMaximum;
  const elimination = eliminate<number>(wholeProblem(graph, merge(terms)), semiring, stepLimit);
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
