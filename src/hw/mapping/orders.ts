/**
 * Loop orders that can be best. Counts depend on a level's order only through its innermost loop (a window slides there) and, per tensor,
 * the run of loops at the inner end that leave it alone. An order whose runs contain those of another, with the same innermost loop or
 * one that slides nothing in the other, moves no more words: one order stands for all that it beats. No best order is lost.
 */
import type { Problem } from "./problem.js";

export interface OrderClass {
  /** Dimensions, outermost first. */
  readonly order: readonly number[];
  /** -1 where there is no loop. */
  readonly innermost: number;
  /** By tensor, a bit for every dimension of the run at the inner end that the tensor does not depend on. */
  readonly trailing: readonly number[];
}

/** By dimension, a bit for every tensor that does not depend on it. */
const indifferent = ({ tensors, dimensions }: Problem): readonly number[] =>
  dimensions.map((_, dimension) => tensors.reduce((mask, tensor, number) => (tensor.relevant[dimension]! ? mask : mask | (1 << number)), 0));

/** Dimensions along which some tensor's window slides: they share an index with another. */
export function slidingDimensions({ tensors, dimensions, bounds }: Problem): readonly boolean[] {
  return dimensions.map((_, dimension) => tensors.some(({ expressions }) => expressions.some((terms) =>
    terms.some((term) => term.dimension === dimension) && terms.filter((term) => bounds[term.dimension]! > 1).length > 1)));
}

function trailingOf({ tensors }: Problem, order: readonly number[]): number[] {
  return tensors.map((tensor) => {
    let mask = 0;
    for (let position = order.length - 1; position >= 0 && !tensor.relevant[order[position]!]!; position--) mask |= 1 << order[position]!;
    return mask;
  });
}

/** Orders in which every loop that cuts no run short stands as far inside as it can. */
function* candidates(free: readonly number[], chosen: readonly number[], alive: number, left: readonly number[]): Generator<readonly number[]> {
  const taken = left.filter((dimension) => (free[dimension]! & alive) === alive && alive !== 0);
  const inner = [...chosen, ...taken];
  const rest = left.filter((dimension) => !taken.includes(dimension));
  const going = rest.filter((dimension) => (free[dimension]! & alive) !== 0);
  if (going.length === 0) { yield [...rest, ...inner.reverse()]; return; }
  for (const dimension of going) yield* candidates(free, [...inner, dimension], alive & free[dimension]!, rest.filter((other) => other !== dimension));
}

function beats(one: OrderClass, other: OrderClass, sliding: readonly boolean[]): boolean {
  return (one.innermost === other.innermost || sliding[other.innermost] !== true) && other.trailing.every((mask, number) => (one.trailing[number]! & mask) === mask);
}

/** The orders of a set of dimensions, given as bits; each set is worked out once. */
export function orderClasses(problem: Problem): (dimensions: number) => readonly OrderClass[] {
  const free = indifferent(problem);
  const sliding = slidingDimensions(problem);
  const known = new Map<number, readonly OrderClass[]>();
  return (mask) => {
    let classes = known.get(mask);
    if (classes !== undefined) return classes;
    const members = problem.dimensions.flatMap((_, dimension) => ((mask >> dimension) & 1 ? [dimension] : []));
    const found: OrderClass[] = members.length === 0 ? [{ order: [], innermost: -1, trailing: problem.tensors.map(() => 0) }] : [];
    for (const innermost of members) {
      for (const order of candidates(free, [innermost], free[innermost]!, members.filter((other) => other !== innermost))) {
        const own: OrderClass = { order, innermost, trailing: trailingOf(problem, order) };
        if (found.some((other) => beats(other, own, sliding))) continue;
        for (let index = found.length - 1; index >= 0; index--) if (beats(own, found[index]!, sliding)) found.splice(index, 1);
        found.push(own);
      }
    }
    known.set(mask, (classes = found));
    return classes;
  };
}
