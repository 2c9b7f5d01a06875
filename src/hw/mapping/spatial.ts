/**
 * How a layer can spread over an array: perfect factors of its dimensions on each axis, as allowed there. Used for the eyeriss
 * preset's cycle figures and as the first step of the mapping search.
 */
import type { Hardware } from "./hardware.js";
import type { MappedLoop } from "./mapping.js";
import type { Problem } from "./problem.js";

/** By axis, the dimensions it may unroll; an axis not named takes any. */
export type AxisRules = Readonly<Record<string, readonly string[]>>;

export interface SpatialChoice { readonly loops: readonly MappedLoop[]; readonly used: number }

export const divisorsOf = (value: number): readonly number[] => Array.from({ length: value }, (_, index) => index + 1).filter((divisor) => value % divisor === 0);

/** All spatial unrollings with perfect factors, largest use first. Axes are filled in the order the hardware names them. */
export function spatialChoices(problem: Problem, hardware: Hardware, rules: AxisRules = {}): readonly SpatialChoice[] {
  let found: { readonly loops: readonly MappedLoop[]; readonly used: number; readonly left: readonly number[] }[] = [{ loops: [], used: 1, left: problem.bounds }];
  for (const axis of hardware.axes) {
    const allowed = problem.dimensions.map((name) => rules[axis.name]?.includes(name) ?? true);
    found = found.flatMap((choice) => fillAxis(choice.left, allowed, axis.size).map((factors) => ({
      loops: [...choice.loops, ...factors.flatMap((bound, number): MappedLoop[] => (bound === 1 ? [] : [{ dimension: problem.dimensions[number]!, bound, level: axis.below, axis: axis.name }]))],
      used: factors.reduce((product, factor) => product * factor, choice.used),
      left: choice.left.map((bound, number) => bound / factors[number]!),
    })));
  }
  return found.map(({ loops, used }) => ({ loops, used })).sort((a, b) => b.used - a.used);
}

/** All factor vectors whose product fits `size`. */
function fillAxis(left: readonly number[], allowed: readonly boolean[], size: number): readonly (readonly number[])[] {
  return left.reduce<readonly (readonly number[])[]>((vectors, bound, number) => vectors.flatMap((vector) => {
    const room = Math.floor(size / vector.reduce((product, factor) => product * factor, 1));
    const factors = allowed[number]! ? divisorsOf(bound).filter((divisor) => divisor <= room) : [1];
    return factors.map((factor) => [...vector, factor]);
  }), [[]]);
}

/** Fewest steps the array can need: every point on as many copies as perfect factors allow. */
export function leastSteps(problem: Problem, hardware: Hardware, rules: AxisRules = {}): { readonly used: number; readonly steps: number } {
  const used = spatialChoices(problem, hardware, rules)[0]!.used;
  return { used, steps: problem.points / used };
}
