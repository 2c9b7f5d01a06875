/**
 * The vector unit of an accelerator resolved to prices: lanes, number format, joules of its operations, and whether work that may be
 * applied on the way out of an operator is. What is not declared is hardware.md 2.1's: 64 lanes of fp16, priced by unit-costs.ts.
 */
import type { Accelerator, NumberFormat, VectorPlan } from "../ir/plan.js";
import { formatQuantity } from "../ir/units.js";
import { accumulatorFormat, arithmeticEnergy, specialFunctionEnergy } from "./unit-costs.js";

export interface VectorUnit {
  /** Operations per cycle. */
  readonly lanes: number;
  readonly format: NumberFormat;
  /** Joules of an addition or comparison, of one to a running sum (pooling), of a multiplication, of exp, reciprocal or square root. */
  readonly add: number;
  readonly accumulate: number;
  readonly multiply: number;
  readonly special: number;
  /** Work that may be fused has no traffic and no time of its own. */
  readonly fuses: boolean;
}

const DEFAULT: VectorPlan = { lanes: 64, precision: "fp16", fuse: true };

export function resolveVectorUnit({ vector = DEFAULT, technology }: Pick<Accelerator, "vector" | "technology">): VectorUnit {
  const { lanes, precision: format, addEnergy, multiplyEnergy, specialEnergy, fuse } = vector;
  const multiply = multiplyEnergy ?? arithmeticEnergy("multiply", format, technology);
  return {
    lanes, format, multiply, fuses: fuse,
    add: addEnergy ?? arithmeticEnergy("add", format, technology), accumulate: addEnergy ?? arithmeticEnergy("add", accumulatorFormat[format], technology),
    special: specialEnergy ?? specialFunctionEnergy(multiply, format, technology),
  };
}

/** The unit in words, a sentence without its full stop. */
export function vectorConvention({ vector = DEFAULT }: Pick<Accelerator, "vector">): string {
  const { lanes, precision, addEnergy, multiplyEnergy, specialEnergy, fuse } = vector;
  const stated = [["an addition or comparison", addEnergy] as const, ["a multiplication", multiplyEnergy] as const, ["a special function", specialEnergy] as const]
    .flatMap(([what, energy]) => (energy === undefined ? [] : [`${formatQuantity(energy, "energy")} for ${what}`]));
  return [
    "Batch norm is folded; activations and residual additions are ", fuse ? "applied on the way out, without traffic of their own" : "not fused, and pay for their own traffic and time",
    `; vector work runs in ${precision} on ${lanes} ${lanes === 1 ? "lane" : "lanes"}`, stated.length === 0 ? "" : ` (as stated: ${stated.join(", ")})`,
  ].join("");
}
