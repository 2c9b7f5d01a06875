/**
 * Additive costs as tables: a cost of an architecture is a sum of look-ups. Here tables are merged, and rounded to whole numbers of a
 * step, so that sums of costs become small whole keys; how far a key may be off is known exactly.
 */
import type { VariableId } from "../space.js";
import { projection, type VariableScope } from "../values.js";

/** A number for every combination of the variables in `scope` (mixed radix, last fastest). */
export interface CostTerm { readonly scope: readonly VariableId[]; readonly cells: ArrayLike<number> }

export interface MergedTerm { readonly scope: readonly VariableId[]; readonly cells: Float64Array }

/** Tables over the same variables are added up, and small ones into a table over more variables: fewer terms, less rounding. */
export function mergeTerms(graph: VariableScope, terms: readonly CostTerm[]): MergedTerm[] {
  const merged = new Map<string, MergedTerm>();
  for (const { scope, cells } of terms) {
    const key = scope.join();
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { scope, cells: Float64Array.from(cells) });
    else for (let i = 0; i < known.cells.length; i++) known.cells[i] = known.cells[i]! + cells[i]!;
  }
  const kept: MergedTerm[] = [];
  for (const term of [...merged.values()].sort((a, b) => b.scope.length - a.scope.length)) {
    const host = kept.find(({ scope }) => term.scope.every((id) => scope.includes(id)));
    if (host === undefined) kept.push(term);
    else projection(graph, host.scope, term.scope).forEach((at, cell) => { host.cells[cell] = host.cells[cell]! + term.cells[at]!; });
  }
  return kept;
}

/** The sum under a full assignment, added up in the order of the terms. */
export function costAt(graph: VariableScope, terms: readonly CostTerm[], assignment: ArrayLike<number>): number {
  let sum = 0;
  for (const { scope, cells } of terms) {
    let index = 0;
    for (const id of scope) index = index * graph.variables[id]!.domain.length + assignment[id]!;
    sum += cells[index]!;
  }
  return sum;
}

/** Cost of an architecture: base + step * (sum of its keys) + an error between `low` and `high`. */
export interface Quantised {
  readonly terms: readonly { readonly scope: readonly VariableId[]; readonly keys: Float64Array }[];
  readonly base: number;
  readonly step: number;
  /** No sum of keys is greater. */
  readonly range: number;
  readonly low: number;
  readonly high: number;
}

export const isExact = ({ low, high }: Quantised): boolean => low === 0 && high === 0;

const greatestDivisor = (a: number, b: number): number => {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
};

interface Shifted { readonly terms: readonly MergedTerm[]; readonly least: readonly number[]; readonly base: number; readonly spread: number }

function shift(terms: readonly MergedTerm[]): Shifted {
  const least = terms.map(({ cells }) => cells.reduce((a, b) => Math.min(a, b), Infinity));
  const spread = terms.reduce((sum, { cells }, at) => sum + cells.reduce((a, b) => Math.max(a, b), -Infinity) - least[at]!, 0);
  return { terms, least, base: least.reduce((sum, value) => sum + value, 0), spread };
}

/** Whole numbers, in steps of their greatest common divisor; undefined where some cost is not whole, or too large to add exactly. */
export function exactKeys(terms: readonly MergedTerm[]): Quantised | undefined {
  if (terms.some(({ cells }) => cells.some((cell) => !Number.isSafeInteger(cell)))) return undefined;
  const shifted = shift(terms);
  if (shifted.spread + Math.abs(shifted.base) > Number.MAX_SAFE_INTEGER) return undefined;
  let step = 0;
  for (const [at, { cells }] of terms.entries()) for (const cell of cells) step = greatestDivisor(step, cell - shifted.least[at]!);
  return keysOf(shifted, step === 0 ? 1 : step, true);
}

/** At most about `resolution` different keys, with the error that rounding makes. */
export function roundedKeys(terms: readonly MergedTerm[], resolution: number): Quantised {
  const shifted = shift(terms);
  return keysOf(shifted, shifted.spread > 0 ? shifted.spread / resolution : 1, false);
}

function keysOf({ terms, least, base, spread }: Shifted, step: number, exact: boolean): Quantised {
  let low = 0;
  let high = 0;
  let range = 0;
  const rounded = terms.map(({ scope, cells }, at) => {
    const keys = cells.map((cell) => Math.round((cell - least[at]!) / step));
    let [under, over, most] = [0, 0, 0];
    for (const [cell, key] of keys.entries()) {
      const error = cells[cell]! - least[at]! - key * step;
      under = Math.min(under, error);
      over = Math.max(over, error);
      most = Math.max(most, key);
    }
    low += under;
    high += over;
    range += most;
    return { scope, keys };
  });
  // Sums of floating-point numbers depend on their order in the last digits.
  const slack = exact ? 0 : 1e-12 * (Math.abs(base) + spread);
  return { terms: rounded, base, step, range, low: exact ? 0 : low - slack, high: exact ? 0 : high + slack };
}
