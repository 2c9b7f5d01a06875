/**
 * How many architectures a space has, and one drawn uniformly: elimination over whole numbers. The backward pass takes an option with
 * probability (architectures that go on with it) / (architectures that go on), in exact integers.
 */
import type { RandomStream } from "../../random/stream.js";
import { backwardPass, eliminate, type Eliminated } from "./eliminate.js";
import { bigCounting, counting } from "./semiring.js";
import { wholeProblem, type SpaceGraph } from "./space-factors.js";

/** The elimination is kept for drawing: with plain numbers where all of them stay below 2^53. */
export type Count =
  | { readonly count: bigint; readonly numbers: Eliminated<number> }
  | { readonly count: bigint; readonly bigNumbers: Eliminated<bigint> };

export function countNetworks(graph: SpaceGraph, stepLimit?: number): Count | "too_wide" {
  const problem = wholeProblem(graph, []);
  const numbers = eliminate<number>(problem, counting, stepLimit);
  if (numbers.kind === "eliminated") return { count: BigInt(numbers.total), numbers };
  if (numbers.kind === "too_wide") return "too_wide";
  const bigNumbers = eliminate<bigint>(problem, bigCounting, stepLimit);
  return bigNumbers.kind === "eliminated" ? { count: bigNumbers.total, bigNumbers } : "too_wide";
}

/** Draws a domain index for every decision; undefined where counting was too wide or there is nothing to draw. */
export function drawUniformly(graph: SpaceGraph, counted: Count | "too_wide"): ((random: RandomStream) => number[]) | undefined {
  if (counted === "too_wide" || counted.count === 0n) return undefined;
  const pass = "numbers" in counted ? numberPass(graph, counted.numbers) : bigPass(graph, counted.bigNumbers);
  return (random) => {
    const assignment: number[] = [];
    pass(random, assignment);
    return assignment;
  };
}

type RandomPass = (random: RandomStream, assignment: number[]) => void;

function numberPass(graph: SpaceGraph, elimination: Eliminated<number>): RandomPass {
  const pass = backwardPass(elimination, graph.sizes, counting);
  return (random, assignment) => pass((weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let ticket = Number(random.bigInteger(BigInt(total)));
    return weights.findIndex((weight) => (ticket -= weight) < 0);
  }, assignment);
}

function bigPass(graph: SpaceGraph, elimination: Eliminated<bigint>): RandomPass {
  const pass = backwardPass(elimination, graph.sizes, bigCounting);
  return (random, assignment) => pass((weights) => {
    let ticket = random.bigInteger(weights.reduce((sum, weight) => sum + weight, 0n));
    return weights.findIndex((weight) => (ticket -= weight) < 0n);
  }, assignment);
}
