/**
 * Loop orders that differ. Counts depend on a level's order only through its innermost loop (the halo rule) and, per tensor, the
 * run of loops at the inner end that leave it alone; one order stands for all that agree in these. No order is lost.
 */
import type { Problem } from "./problem.js";

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]));
}

/** Which of a tensor's indifferent loops end the order (outermost first), and the innermost loop itself. */
function signature(problem: Problem, order: readonly number[]): string {
  const trailing = problem.tensors.map((tensor) => {
    const run: number[] = [];
    for (let position = order.length - 1; position >= 0 && !tensor.relevant[order[position]!]!; position--) run.push(order[position]!);
    return run.sort((a, b) => a - b).join();
  });
  return [order.at(-1), ...trailing].join("|");
}

/** Looks up the orders of a set of dimensions, each worked out once. */
export function orderClasses(problem: Problem): (dimensions: readonly number[]) => readonly (readonly number[])[] {
  const known = new Map<string, readonly (readonly number[])[]>();
  return (dimensions) => {
    const key = dimensions.join();
    let orders = known.get(key);
    if (orders === undefined) {
      const classes = new Map<string, readonly number[]>();
      for (const order of permutations(dimensions)) if (!classes.has(signature(problem, order))) classes.set(signature(problem, order), order);
      orders = [...classes.values()];
      known.set(key, orders);
    }
    return orders;
  };
}
