/**
 * How a layer can spread over an array: factors of its dimensions on each axis, as allowed there. Perfect factors divide what they cut;
 * padded ones may leave the last round partly empty, where that takes fewer rounds than any perfect factor.
 */
import type { Hardware } from "./hardware.js";
import type { MappedLoop } from "./mapping.js";
import type { Problem } from "./problem.js";

/** By axis, the dimensions it may unroll; an axis not named takes any. */
export type AxisRules = Readonly<Record<string, readonly string[]>>;

export type FactorRule = "perfect" | "padded";

/** `used` copies of the arithmetic; `bounds` are those of the layer, rounded up to whole rounds. */
export interface SpatialChoice { readonly loops: readonly MappedLoop[]; readonly used: number; readonly bounds: readonly number[] }

/** In ascending order. */
export function divisorsOf(value: number): readonly number[] {
  const small: number[] = [];
  const large: number[] = [];
  for (let divisor = 1; divisor * divisor <= value; divisor++) {
    if (value % divisor !== 0) continue;
    small.push(divisor);
    if (divisor * divisor < value) large.push(value / divisor);
  }
  return [...small, ...large.reverse()];
}

interface Partial { readonly loops: readonly MappedLoop[]; readonly used: number; readonly left: readonly number[]; readonly factors: readonly number[] }

/** All spatial unrollings, largest use first; of several that put the same factors below the same memory only one. */
export function spatialChoices(problem: Problem, hardware: Hardware, rules: AxisRules = {}, rule: FactorRule = "perfect"): readonly SpatialChoice[] {
  let found: readonly Partial[] = [{ loops: [], used: 1, left: problem.bounds, factors: problem.bounds.map(() => 1) }];
  for (const axis of hardware.axes) {
    const allowed = problem.dimensions.map((name) => rules[axis.name]?.includes(name) ?? true);
    const seen = new Set<string>();
    const next: Partial[] = [];
    for (const choice of found) for (const factors of fillAxis(choice.left, allowed, axis.size, rule)) {
      const loops = [...choice.loops, ...factors.flatMap((bound, number): MappedLoop[] => (bound === 1 ? [] : [{ dimension: problem.dimensions[number]!, bound, level: axis.below, axis: axis.name }]))];
      const key = spreadKey(problem, loops);
      if (seen.has(key)) continue;
      seen.add(key);
      next.push({
        loops, used: factors.reduce((product, factor) => product * factor, choice.used), left: choice.left.map((bound, number) => Math.ceil(bound / factors[number]!)),
        factors: choice.factors.map((factor, number) => factor * factors[number]!),
      });
    }
    found = next;
  }
  return found.map(({ loops, used, left, factors }) => ({ loops, used, bounds: left.map((bound, number) => bound * factors[number]!) })).sort((a, b) => b.used - a.used);
}

/** What counts depend on: the factors below each memory, on whichever axis. */
function spreadKey({ dimensions }: Problem, loops: readonly MappedLoop[]): string {
  const product = new Map<string, number>();
  for (const loop of loops) product.set(`${loop.level} ${loop.dimension}`, (product.get(`${loop.level} ${loop.dimension}`) ?? 1) * loop.bound);
  return dimensions.map((name) => [...product].filter(([key]) => key.endsWith(` ${name}`)).sort().join()).join("|");
}

/** All factor vectors whose product fits `size`. */
function fillAxis(left: readonly number[], allowed: readonly boolean[], size: number, rule: FactorRule): readonly (readonly number[])[] {
  return left.reduce<readonly (readonly number[])[]>((vectors, bound, number) => vectors.flatMap((vector) => {
    const room = Math.floor(size / vector.reduce((product, factor) => product * factor, 1));
    return (allowed[number]! ? factorsWithin(bound, room, rule) : [1]).map((factor) => [...vector, factor]);
  }), [[]]);
}

function factorsWithin(bound: number, room: number, rule: FactorRule): readonly number[] {
  const perfect = divisorsOf(bound).filter((divisor) => divisor <= room);
  if (rule === "perfect" || room >= bound) return perfect;
  const rounds = Math.ceil(bound / room);
  return rounds < bound / perfect[perfect.length - 1]! ? [...perfect, Math.ceil(bound / rounds)] : perfect;
}

/** Fewest steps the array can need: every point on as many copies as perfect factors allow. */
export function leastSteps(problem: Problem, hardware: Hardware, rules: AxisRules = {}): { readonly used: number; readonly steps: number } {
  const used = spatialChoices(problem, hardware, rules)[0]!.used;
  return { used, steps: problem.points / used };
}
