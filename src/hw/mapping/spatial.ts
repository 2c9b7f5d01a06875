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

/** Factors chosen so far: by axis and dimension, and what is left to cut. */
interface Partial { readonly axes: readonly (readonly number[])[]; readonly used: number; readonly left: readonly number[]; /** By place below a memory and dimension. */ readonly places: readonly number[] }

/** All spatial unrollings, largest use first; of several that put the same factors below the same memory only one. */
export function spatialChoices(problem: Problem, hardware: Hardware, rules: AxisRules = {}, rule: FactorRule = "perfect"): readonly SpatialChoice[] {
  const { dimensions, bounds } = problem;
  const below = [...new Set(hardware.axes.map((axis) => axis.below))];
  const ones = bounds.map(() => 1);
  let found: readonly Partial[] = [{ axes: [], used: 1, left: bounds, places: below.flatMap(() => ones) }];
  for (const axis of hardware.axes) {
    const allowed = dimensions.map((name) => rules[axis.name]?.includes(name) ?? true);
    const start = below.indexOf(axis.below) * dimensions.length;
    const seen = new Set<string>();
    const next: Partial[] = [];
    // Many choices leave the same to cut.
    const vectors = new Map<string, readonly FactorVector[]>();
    for (const choice of found) {
      const key = choice.left.join();
      let fills = vectors.get(key);
      if (fills === undefined) vectors.set(key, (fills = fillAxis(choice.left, allowed, axis.size, rule)));
      for (const { factors, product } of fills) {
        const places = [...choice.places];
        for (let d = 0; d < factors.length; d++) places[start + d]! *= factors[d]!;
        // Counts depend on the factors below each memory, on whichever axis.
        const place = places.join();
        if (seen.has(place)) continue;
        seen.add(place);
        next.push({ axes: [...choice.axes, factors], used: choice.used * product, left: choice.left.map((bound, d) => Math.ceil(bound / factors[d]!)), places });
      }
    }
    found = next;
  }
  const known = new Map<number, MappedLoop>();
  const loopOf = (axis: number, d: number, bound: number): MappedLoop => {
    const key = (bound * dimensions.length + d) * hardware.axes.length + axis;
    let loop = known.get(key);
    if (loop === undefined) known.set(key, (loop = { dimension: dimensions[d]!, bound, level: hardware.axes[axis]!.below, axis: hardware.axes[axis]!.name }));
    return loop;
  };
  const loopsOf = (axes: Partial["axes"]): MappedLoop[] => {
    const loops: MappedLoop[] = [];
    for (let axis = 0; axis < axes.length; axis++) for (let d = 0; d < dimensions.length; d++) if (axes[axis]![d]! > 1) loops.push(loopOf(axis, d, axes[axis]![d]!));
    return loops;
  };
  return found.map(({ axes, used, left }) => ({
    loops: loopsOf(axes), used, bounds: left.map((bound, d) => axes.reduce((product, factors) => product * factors[d]!, bound)),
  })).sort((a, b) => b.used - a.used);
}

interface FactorVector { readonly factors: readonly number[]; readonly product: number }

/** All factor vectors whose product fits `size`. */
function fillAxis(left: readonly number[], allowed: readonly boolean[], size: number, rule: FactorRule): readonly FactorVector[] {
  return left.reduce<readonly FactorVector[]>((vectors, bound, number) => {
    if (!allowed[number]! || bound === 1) return vectors.map(({ factors, product }) => ({ factors: [...factors, 1], product }));
    const divisors = divisorsOf(bound);
    return vectors.flatMap(({ factors, product }) => factorsWithin(bound, divisors, Math.floor(size / product), rule).map((factor) => ({ factors: [...factors, factor], product: product * factor })));
  }, [{ factors: [], product: 1 }]);
}

function factorsWithin(bound: number, divisors: readonly number[], room: number, rule: FactorRule): readonly number[] {
  const perfect = divisors.filter((divisor) => divisor <= room);
  if (rule === "perfect" || room >= bound) return perfect;
  const rounds = Math.ceil(bound / room);
  return rounds < bound / perfect[perfect.length - 1]! ? [...perfect, Math.ceil(bound / rounds)] : perfect;
}

/** Fewest steps the array can need: every point on as many copies as perfect factors allow. */
export function leastSteps(problem: Problem, hardware: Hardware, rules: AxisRules = {}): { readonly used: number; readonly steps: number } {
  const used = spatialChoices(problem, hardware, rules)[0]!.used;
  return { used, steps: problem.points / used };
}
