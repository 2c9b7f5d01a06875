/**
 * The first architecture, in the order in which decisions depend on each other, that meets some relations: options are digits of one
 * number, most significant first, and elimination finds the least number.
 */
import { dependencyOrder } from "../assignment.js";
import { backwardPass, eliminate } from "./eliminate.js";
import type { Relation, Weights } from "./factor.js";
import { boolean, leastNumber } from "./semiring.js";
import { wholeProblem, type SpaceGraph } from "./space-factors.js";

/** Whether any architecture meets the relations. */
export function anyArchitecture(graph: SpaceGraph, relations: readonly Relation[], stepLimit?: number): boolean | "too_wide" {
  const elimination = eliminate<number>(wholeProblem(graph, relations), boolean, stepLimit);
  return elimination.kind === "eliminated" ? elimination.total !== 0 : "too_wide";
}

/** Domain indices of its decisions. */
export function firstArchitecture(graph: SpaceGraph, relations: readonly Relation[], stepLimit?: number): number[] | "none" | "too_wide" {
  const decisions = dependencyOrder(graph.variables).variables.filter((variable) => variable.kind === "decision");
  const weights: Weights<bigint>[] = [];
  let place = 1n;
  for (const { id, domain } of [...decisions].reverse()) {
    const digit = place;
    weights.push({ kind: "weights", scope: [id], cells: domain.map((_, option) => BigInt(option) * digit) });
    place *= BigInt(domain.length);
  }
  const elimination = eliminate<bigint>(wholeProblem<Relation | Weights<bigint>>(graph, [...relations, ...weights]), leastNumber, stepLimit);
  if (elimination.kind !== "eliminated") return "too_wide";
  if (elimination.total < 0n) return "none";
  const assignment: number[] = [];
  backwardPass(elimination, graph.sizes, leastNumber)((options) => options.reduce((best, weight, option) => (weight >= 0n && (options[best]! < 0n || weight < options[best]!) ? option : best), 0), assignment);
  return assignment;
}
