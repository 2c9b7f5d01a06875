/**
 * The network on chip: the links of an array between a memory and its copies below. It is priced per word delivered (hardware notes 2.3 and
 * 2.5): a multicast pays for every copy that it reaches, partial sums pay for every child that they leave, and again on their way back in.
 */
import type { TensorCounts } from "./counts.js";
import type { ArrayNetwork, Hardware } from "./hardware.js";
import type { Problem, ProblemTensor } from "./problem.js";
import { finalUnitOf, unitOf } from "./traffic.js";

/** Whether words of a tensor cross an array on their way from `level` to `child`, the next memory inside that keeps it (-1: the arithmetic). */
export function crossesArray({ axes }: Pick<Hardware, "axes">, tensor: ProblemTensor, level: number, child: number): boolean {
  // A tensor that stays in `level` as a whole reaches its copies over the arrays outside of that level as well.
  return axes.some(({ below }) => below > child && (below <= level || level === tensor.top));
}

/** pJ of one unit (a bit where the network has a width, else a word). */
export const networkPrice = ({ energy, wordBits }: ArrayNetwork): number => energy / (wordBits ?? 1);

/** The memory whose words a count's memory delivers to, by level; -1 where that is the arithmetic. */
function childOf(counts: readonly TensorCounts[], { tensor, level }: TensorCounts): number {
  return counts.reduce((child, other) => (other.tensor === tensor && other.level < level ? Math.max(child, other.level) : child), -1);
}

/** pJ of what travels between every memory and its copies below, in the order of the counts; all used instances together. */
export function networkEnergies(problem: Problem, hardware: Hardware, counts: readonly TensorCounts[]): readonly number[] {
  const { network } = hardware;
  return counts.map((count) => {
    const tensor = problem.tensors[count.tensor]!;
    if (network === undefined || !crossesArray(hardware, tensor, count.level, childOf(counts, count))) return 0;
    const [unit, finalUnit] = [unitOf(network, tensor), finalUnitOf(network, tensor)];
    // Of the partial sums of an output word, the last one of the last child is final.
    const leaving = count.collected === 0 ? 0 : (count.collected - count.distinct) * unit + count.distinct * finalUnit;
    return count.instances * networkPrice(network) * (count.delivered * unit + leaving);
  });
}
