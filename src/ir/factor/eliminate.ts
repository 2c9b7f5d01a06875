/**
 * Bucket elimination: sums all variables out of a product of factors, one after the other, over any semiring. The buckets are kept, so
 * that variables can be set backwards: to an optimum, to a witness, or at random in exact proportion.
 */
import type { VariableId } from "../space.js";
import { lookUp, stridesOf, type Factor, type StructuralFactor } from "./factor.js";
import { sumOut, type Effort } from "./join.js";
import { advancing, greedyOrder, listedOrder, type Order } from "./order.js";
import { boolean, type Semiring } from "./semiring.js";

export interface Problem<T> {
  /** To sum out; covers all scopes. */
  readonly variables: readonly VariableId[];
  /** Number of options per variable id. */
  readonly sizes: readonly number[];
  readonly factors: readonly Factor<T>[];
}

interface Bucket<T> { readonly variable: VariableId; readonly factors: readonly Factor<T>[] }

export interface Eliminated<T> { readonly kind: "eliminated"; readonly total: T; readonly buckets: readonly Bucket<T>[] }
/** `width`: cells of the widest table that would have been needed. */
export interface TooWideToEliminate { readonly kind: "too_wide"; readonly width: number }
/** Some value cannot be represented exactly in this semiring. */
export interface Inexact { readonly kind: "inexact" }

export type Elimination<T> = Eliminated<T> | TooWideToEliminate | Inexact;

/** Up to this many cells the greedy order needs no competition. */
const CERTAIN_WIDTH = 1 << 16;
/** The share of the steps that the greedy order gets before others are made. */
const FIRST_SHARE = 1 / 128;
/** The shares of the steps that every order gets in turn, before the next try. */
const SHARES = [1 / 64, 1 / 8, 1] as const;

/** Elementary steps before a query is given up: one to two seconds. */
export const STEP_LIMIT = 1 << 25;

/** An order, and the steps that it may take. */
interface Attempt { readonly order: Order; readonly steps: number }

function* attemptsAt<T>({ variables, sizes, factors }: Problem<T>, stepLimit: number): Generator<Attempt> {
  const scopes = factors.map((factor) => factor.scope);
  const greedy = greedyOrder(variables, scopes, sizes);
  if (greedy.width <= CERTAIN_WIDTH) { yield { order: greedy, steps: stepLimit }; return; }
  yield { order: greedy, steps: Math.floor(stepLimit * FIRST_SHARE) };
  // Tables that wide are mostly empty, and the greedy choice does not know how empty: other orders get their turn, each with few steps first.
  const sideBySide = advancing(variables, factors.flatMap((factor) => (factor.kind === "definition" ? [factor.scope] : [])));
  const orders = [greedy, ...[sideBySide, variables, [...variables].reverse()].map((listed) => listedOrder(listed, scopes, sizes))].sort((a, b) => a.width - b.width);
  for (const share of SHARES) for (const order of orders) yield { order, steps: Math.floor((stepLimit * share) / orders.length) };
}

/** The first attempt that comes to an end, and what came out. */
function firstThatEnds<T>(problem: Problem<T>, semiring: Semiring<T>, stepLimit: number): { readonly result: Eliminated<T> | Inexact; readonly attempt: Attempt } | TooWideToEliminate {
  let width = Infinity;
  for (const attempt of attemptsAt(problem, stepLimit)) {
    const result = eliminateInOrder(problem, attempt.order, semiring, { left: attempt.steps });
    if (result.kind !== "too_wide") return { result, attempt };
    width = Math.min(width, result.width);
  }
  return { kind: "too_wide", width };
}

export function eliminate<T>(problem: Problem<T>, semiring: Semiring<T>, stepLimit = STEP_LIMIT): Elimination<T> {
  const found = firstThatEnds(problem, semiring, stepLimit);
  return "attempt" in found ? found.result : found;
}

/** The attempts that come to an end, by the scopes of a graph's factors. */
export type KnownAttempts = Map<string, Attempt | TooWideToEliminate>;

/**
 * The same for problems of one graph whose weights are nowhere zero. Which rows there are, and so how far each attempt gets, then follows
 * from the scopes alone: the attempt is found once for all problems with the same scopes, without their weights.
 */
export function eliminateAlike<T>(problem: Problem<T>, semiring: Semiring<T>, known: KnownAttempts, stepLimit = STEP_LIMIT): Elimination<T> {
  const key = [stepLimit, ...problem.factors.map(({ scope }) => scope.join())].join(";");
  let attempt = known.get(key);
  if (attempt === undefined) {
    const found = firstThatEnds<number>({ ...problem, factors: problem.factors.map(withoutWeights) }, boolean, stepLimit);
    known.set(key, (attempt = "attempt" in found ? found.attempt : found));
  }
  return "kind" in attempt ? attempt : eliminateInOrder(problem, attempt.order, semiring, { left: attempt.steps });
}

function withoutWeights<T>(factor: Factor<T>): StructuralFactor {
  switch (factor.kind) {
    case "relation": case "definition": return factor;
    case "weights": return { kind: "relation", scope: factor.scope, allowed: new Uint8Array(factor.cells.length).fill(1) };
    case "sparse": throw new Error("zero where there is no entry");
  }
}

function eliminateInOrder<T>({ sizes, factors }: Problem<T>, order: Order, semiring: Semiring<T>, effort: Effort): Elimination<T> {
  const live = new Set(factors);
  const touching = new Map<VariableId, Set<Factor<T>>>(order.variables.map((id) => [id, new Set()]));
  let total = semiring.one;
  const enter = (factor: Factor<T>): void => {
    if (factor.scope.length === 0) total = semiring.times(total, lookUp(factor, 0, semiring.zero, semiring.one));
    for (const id of factor.scope) touching.get(id)!.add(factor);
  };
  for (const factor of live) enter(factor);
  const buckets: Bucket<T>[] = [];
  for (const variable of order.variables) {
    const bucket = { variable, factors: [...touching.get(variable)!] };
    buckets.push(bucket);
    for (const factor of bucket.factors) for (const id of factor.scope) touching.get(id)!.delete(factor);
    const message = sumOut(bucket.factors, variable, sizes, semiring, effort);
    if (message === undefined) return { kind: "too_wide", width: order.width };
    if (!isExact(message, semiring)) return { kind: "inexact" };
    enter(message);
    if (total === semiring.zero) break;
  }
  return semiring.exact?.(total) !== false ? { kind: "eliminated", total, buckets } : { kind: "inexact" };
}

function isExact<T>(message: Factor<T>, { exact }: Semiring<T>): boolean {
  if (exact === undefined) return true;
  if (message.kind === "weights") {
    for (let i = 0; i < message.cells.length; i++) if (!exact(message.cells[i]!)) return false;
  } else if (message.kind === "sparse") {
    for (let position = 0; position < message.entries.size; position++) if (!exact(message.entries.valueAt(position))) return false;
  }
  return true;
}

/** Sets variables in reverse order; `choose` gets the weight of every option, given those set before, and returns an option. */
export type BackwardPass<T> = (choose: (weights: readonly T[]) => number, assignment: number[]) => void;

/** Prepares the backward pass of an elimination whose total is not zero. */
export function backwardPass<T>(elimination: Eliminated<T>, sizes: readonly number[], semiring: Semiring<T>): BackwardPass<T> {
  const steps = [...elimination.buckets].reverse().map(({ variable, factors }) => ({
    variable,
    options: sizes[variable]!,
    factors: factors.map((factor) => {
      const strides = stridesOf(factor.scope, sizes);
      const known = factor.scope.filter((id) => id !== variable);
      return { factor, own: strides.get(variable)!, known, strides: known.map((id) => strides.get(id)!) };
    }),
  }));
  return (choose, assignment) => {
    for (const { variable, options, factors } of steps) {
      const weights = new Array<T>(options).fill(semiring.one);
      for (const { factor, own, known, strides } of factors) {
        let base = 0;
        for (let i = 0; i < known.length; i++) base += assignment[known[i]!]! * strides[i]!;
        for (let option = 0; option < options; option++) {
          if (weights[option] === semiring.zero) continue;
          const weight = lookUp(factor, base + option * own, semiring.zero, semiring.one);
          weights[option] = weight === semiring.zero ? semiring.zero : semiring.times(weights[option]!, weight);
        }
      }
      assignment[variable] = choose(weights);
    }
  };
}
