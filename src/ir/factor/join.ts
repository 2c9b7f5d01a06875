/**
 * Multiplies the factors of one bucket and sums a variable out. Rows are enumerated from the entries of one driving factor and
 * extended variable by variable, dropping a row as soon as some factor is zero: with many functional dependences nearly all
 * combinations of a wide table are impossible, and this never looks at them.
 */
import type { VariableId } from "../space.js";
import { entryCount, forEachEntry, lookUp, stridesOf, type Definition, type Factor } from "./factor.js";
import type { Semiring } from "./semiring.js";
import { SparseTable } from "./sparse-table.js";

/** Dense tables up to this many cells whatever they hold. */
const DENSE_CELLS = 1 << 20;
/** Dense tables up to this many cells where they are reasonably full. */
const DENSE_LIMIT = 1 << 24;
/** Entries of a sparse table. */
const SPARSE_LIMIT = 1 << 21;

/** Cells of a table that are made and read through in the time of one step. */
const CELLS_PER_STEP = 8;

/** Steps left; a query that would take longer is given up. */
export interface Effort { left: number }

/** One variable that the driving factor leaves open. */
interface Level {
  readonly variable: VariableId;
  readonly options: number;
  /** Which indices move, and how far per option (the result's is the last). */
  readonly touched: readonly number[];
  readonly strides: readonly number[];
  /** Factors whose variables are all known from here on. */
  readonly complete: readonly number[];
  /** The factor that settles this variable, whose index so far is a multiple of its `options`. */
  readonly settledBy: number;
}

/** undefined: too wide. */
export function sumOut<T>(factors: readonly Factor<T>[], variable: VariableId, sizes: readonly number[], semiring: Semiring<T>, effort: Effort): Factor<T> | undefined {
  const { zero, one } = semiring;
  const union = [...new Set([...factors.flatMap((factor) => factor.scope), variable])].sort((a, b) => a - b);
  const scope = union.filter((id) => id !== variable);
  const sizeOf = (ids: readonly VariableId[]): number => ids.reduce((product, id) => product * sizes[id]!, 1);
  const size = sizeOf(scope);
  if (size > Number.MAX_SAFE_INTEGER) return undefined;

  const rowBound = (factor: Factor<T>): number => entryCount(factor) * sizeOf(union.filter((id) => !factor.scope.includes(id)));
  const driver = factors.reduce<Factor<T> | undefined>((best, factor) => (best === undefined || rowBound(factor) < rowBound(best) ? factor : best), undefined);
  const others = factors.filter((factor) => factor !== driver);
  const strides = [...others.map((factor) => stridesOf(factor.scope, sizes)), stridesOf(scope, sizes)];
  const levels = plan(others, driver?.scope ?? [], union, sizes, strides);
  const completeAtStart = others.flatMap((factor, at) => (factor.scope.every((id) => driver?.scope.includes(id)) ? [at] : []));

  const rows = driver === undefined ? size : rowBound(driver);
  const dense = size <= DENSE_CELLS || (size <= DENSE_LIMIT && rows >= size / 64);
  if (dense) effort.left -= size / CELLS_PER_STEP;
  if (effort.left < 0) return undefined;
  const cells = dense ? semiring.cells(size) : undefined;
  const entries = new SparseTable<T>(semiring.cells);
  const { plus } = semiring;
  const result = others.length;
  const index = new Float64Array(others.length + 1);

  const add = (value: T): boolean => {
    const at = index[result]!;
    if (cells) cells[at] = semiring.plus(cells[at]!, value);
    else {
      entries.add(at, value, plus);
      if (entries.size > SPARSE_LIMIT) return false;
    }
    return true;
  };

  const descend = (depth: number, value: T): boolean => {
    if (--effort.left < 0) return false;
    const level = levels[depth];
    if (level === undefined) return add(value);
    const { touched, complete } = level;
    let first = 0;
    let last = level.options - 1;
    if (level.settledBy >= 0) {
      const definition = others[level.settledBy] as Definition;
      first = last = definition.table[index[level.settledBy]! / definition.options]!;
    }
    if (first > 0) for (let i = 0; i < touched.length; i++) index[touched[i]!] = index[touched[i]!]! + first * level.strides[i]!;
    let going = true;
    for (let option = first; going; option++) {
      let product = value;
      let possible = true;
      for (let i = 0; i < complete.length && possible; i++) {
        const factor = others[complete[i]!]!;
        const weight = lookUp(factor, index[complete[i]!]!, zero, one);
        if (weight === zero) possible = false;
        else if (factor.kind === "weights" || factor.kind === "sparse") product = semiring.times(product, weight);
      }
      if (possible) going = descend(depth + 1, product);
      if (option === last) break;
      for (let i = 0; i < touched.length; i++) index[touched[i]!] = index[touched[i]!]! + level.strides[i]!;
    }
    if (going) for (let i = 0; i < touched.length; i++) index[touched[i]!] = index[touched[i]!]! - last * level.strides[i]!;
    return going;
  };

  const start = (value: T): boolean => {
    let product = value;
    for (const at of completeAtStart) {
      const weight = lookUp(others[at]!, index[at]!, zero, one);
      if (weight === zero) return true;
      product = semiring.times(product, weight);
    }
    return descend(0, product);
  };

  let finished: boolean;
  if (driver === undefined) finished = start(one);
  else {
    const moves = driver.scope.map((id) => strides.map((map) => map.get(id) ?? 0));
    const words = wordsOf(driver.scope.map((id) => sizes[id]!));
    finished = forEachEntry(driver, zero, one, (entry, value) => {
      index.fill(0);
      let left = entry;
      for (const { first, radices, size } of words) {
        const above = Math.floor(left / size);
        let rest = (left - above * size) | 0;
        left = above;
        for (let at = radices.length - 1; at >= 0 && rest > 0; at--) {
          const radix = radices[at]!;
          const quotient = (rest / radix) | 0;
          const option = (rest - quotient * radix) | 0;
          rest = quotient;
          if (option > 0) for (let i = 0, move = moves[first + at]!; i < move.length; i++) index[i] = index[i]! + option * move[i]!;
        }
      }
      return start(value);
    });
  }
  if (!finished) return undefined;
  return cells ? { kind: "weights", scope, cells } : { kind: "sparse", scope, entries };
}

interface Word { readonly first: number; readonly radices: Int32Array; readonly size: number }

/** Places of an index in groups of less than 2^30, the last group first: machines divide small whole numbers many times faster. */
function wordsOf(radices: readonly number[]): readonly Word[] {
  const words: Word[] = [];
  for (let end = radices.length; end > 0;) {
    let first = end - 1;
    let size = radices[first]!;
    while (first > 0 && size * radices[first - 1]! < 1 << 30) size *= radices[--first]!;
    words.push({ first, radices: Int32Array.from(radices.slice(first, end)), size });
    end = first;
  }
  return words;
}

/** The order in which open variables are set: those that are settled by known ones first, then those that complete most factors. */
function plan<T>(others: readonly Factor<T>[], known: readonly VariableId[], union: readonly VariableId[], sizes: readonly number[], strides: readonly ReadonlyMap<VariableId, number>[]): Level[] {
  const set = new Set(known);
  const open = new Set(union.filter((id) => !set.has(id)));
  const levels: Level[] = [];
  while (open.size > 0) {
    let best: { variable: VariableId; settledBy: number; completes: number } | undefined;
    for (const variable of open) {
      const settledBy = others.findIndex((factor) => factor.kind === "definition" && factor.scope.at(-1) === variable && factor.scope.every((id) => id === variable || set.has(id)));
      const completes = others.filter((factor) => factor.scope.includes(variable) && factor.scope.every((id) => id === variable || set.has(id))).length;
      const better = best === undefined || (settledBy >= 0 && best.settledBy < 0)
        || ((settledBy >= 0) === (best.settledBy >= 0) && (completes > best.completes || (completes === best.completes && sizes[variable]! < sizes[best.variable]!)));
      if (better) best = { variable, settledBy, completes };
    }
    const { variable, settledBy } = best!;
    open.delete(variable);
    set.add(variable);
    const touched = strides.flatMap((map, at) => (map.has(variable) ? [at] : []));
    const complete = others.flatMap((factor, at) => (at !== settledBy && factor.scope.includes(variable) && factor.scope.every((id) => set.has(id)) ? [at] : []));
    levels.push({ variable, options: sizes[variable]!, touched, strides: touched.map((at) => strides[at]!.get(variable)!), complete, settledBy });
  }
  return levels;
}
