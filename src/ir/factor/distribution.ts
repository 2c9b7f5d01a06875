/**
 * How many architectures have which (whole) cost: the semiring of distributions over keys. `plus` joins disjoint cases, `times` adds the
 * keys of independent parts. Every distribution remembers what it was made of, so that an architecture with a given key is drawn
 * uniformly, or all of them are listed, by walking back: no second pass over the factors is needed.
 */
import type { RandomStream } from "../../random/stream.js";
import type { VariableId } from "../space.js";
import type { Cells, Semiring } from "./semiring.js";

type Origin<T> =
  | { readonly kind: "nothing" }
  | { readonly kind: "option"; readonly variable: VariableId; readonly option: number }
  | { readonly kind: "sum"; readonly parts: readonly Distribution<T>[] }
  | { readonly kind: "product"; readonly left: Distribution<T>; readonly right: Distribution<T> };

/** `counts[i]` partial architectures have the key `offset + keys[i]`; keys ascend. */
export interface Distribution<T> {
  readonly offset: number;
  readonly keys: Float64Array;
  readonly counts: Cells<T>;
  readonly origin: Origin<T>;
}

/** Counts: plain numbers as long as they are exact, big ones otherwise. */
export interface Arithmetic<T> {
  readonly none: T;
  readonly single: T;
  add(a: T, b: T): T;
  multiply(a: T, b: T): T;
  cells(count: number): Cells<T>;
  exact(value: T): boolean;
  big(value: T): bigint;
  /** Uniform below a positive bound. */
  draw(random: RandomStream, bound: T): T;
  less(a: T, b: T): boolean;
  subtract(a: T, b: T): T;
}

const WORDS = 2 ** 53;

export const plainNumbers: Arithmetic<number> = {
  none: 0, single: 1,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  cells: (count) => new Float64Array(count),
  exact: (value) => value <= Number.MAX_SAFE_INTEGER,
  big: (value) => BigInt(value),
  // A whole number of 53 bits, drawn again where the last, incomplete round of remainders begins: no bias at all.
  draw(random, bound) {
    const end = WORDS - (WORDS % bound);
    for (;;) {
      const ticket = random.uniform() * WORDS;
      if (ticket < end) return ticket % bound;
    }
  },
  less: (a, b) => a < b,
  subtract: (a, b) => a - b,
};

export const bigNumbers: Arithmetic<bigint> = {
  none: 0n, single: 1n,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  cells: (count) => new Array<bigint>(count).fill(0n),
  exact: () => true,
  big: (value) => value,
  draw: (random, bound) => random.bigInteger(bound),
  less: (a, b) => a < b,
  subtract: (a, b) => a - b,
};

/** Entries of one distribution, and of all together, before a finer question is given up for a coarser one. */
export interface DistributionLimits { readonly entries: number; readonly work: number }

export interface DistributionSemiring<T> extends Semiring<Distribution<T>> {
  /** True once the limits were passed: whatever came out is worthless. */
  exhausted(): boolean;
  option(variable: VariableId, option: number): Distribution<T>;
  key(key: number): Distribution<T>;
}

/** Keys that do not fit are dropped as they come up, since adding to them cannot make them fit. */
export interface KeyLimit {
  fits(key: number): boolean;
  /** Whatever is below a key that fits, fits. */
  readonly ordered: boolean;
}

export function distributions<T>(arithmetic: Arithmetic<T>, limits: DistributionLimits, limit: KeyLimit): DistributionSemiring<T> {
  const unit = arithmetic.cells(1);
  unit[0] = arithmetic.single;
  const zeroKey = new Float64Array(1);
  const zero: Distribution<T> = { offset: 0, keys: new Float64Array(0), counts: arithmetic.cells(0), origin: { kind: "nothing" } };
  const one: Distribution<T> = { offset: 0, keys: zeroKey, counts: unit, origin: { kind: "nothing" } };
  let work = limits.work;
  let exact = true;

  /** From a full table of counts, or from parallel lists. */
  const make = (offset: number, keys: Float64Array, counts: Cells<T>, origin: Origin<T>): Distribution<T> => {
    work -= keys.length + 4;
    if (keys.length > limits.entries) work = -1;
    return work < 0 || keys.length === 0 ? zero : { offset, keys, counts, origin };
  };

  const cut = (made: Distribution<T>): Distribution<T> => {
    const { offset, keys, counts, origin } = made;
    if (keys.length === 0 || (limit.ordered && limit.fits(offset + keys[keys.length - 1]!))) return made;
    let kept = 0;
    for (const key of keys) if (limit.fits(offset + key)) kept++;
    if (kept === keys.length) return made;
    const [fewer, left] = [new Float64Array(kept), arithmetic.cells(kept)];
    for (let i = 0, at = 0; i < keys.length; i++) {
      if (!limit.fits(offset + keys[i]!)) continue;
      fewer[at] = keys[i]!;
      left[at++] = counts[i]!;
    }
    return make(offset, fewer, left, origin);
  };

  const partsOf = (of: Distribution<T>): readonly Distribution<T>[] => (of.origin.kind === "sum" && of.origin.parts.length < 64 ? of.origin.parts : [of]);

  const plus = (a: Distribution<T>, b: Distribution<T>): Distribution<T> => {
    if (a === zero) return b;
    if (b === zero) return a;
    const offset = Math.min(a.offset, b.offset);
    const [left, right] = [a.offset - offset, b.offset - offset];
    const keys = new Float64Array(a.keys.length + b.keys.length);
    const counts = arithmetic.cells(keys.length);
    let [i, j, at] = [0, 0, 0];
    while (i < a.keys.length || j < b.keys.length) {
      const first = i < a.keys.length ? a.keys[i]! + left : Infinity;
      const second = j < b.keys.length ? b.keys[j]! + right : Infinity;
      if (first === second) {
        keys[at] = first;
        const sum = arithmetic.add(a.counts[i++]!, b.counts[j++]!);
        if (!arithmetic.exact(sum)) exact = false;
        counts[at++] = sum;
      } else if (first < second) { keys[at] = first; counts[at++] = a.counts[i++]!; }
      else { keys[at] = second; counts[at++] = b.counts[j++]!; }
    }
    return make(offset, keys.slice(0, at), first(counts, at), { kind: "sum", parts: [...partsOf(a), ...partsOf(b)] });
  };

  const first = (counts: Cells<T>, length: number): Cells<T> => {
    const kept = arithmetic.cells(length);
    for (let i = 0; i < length; i++) kept[i] = counts[i]!;
    return kept;
  };

  const times = (a: Distribution<T>, b: Distribution<T>): Distribution<T> => {
    if (a === zero || b === zero) return zero;
    if (a === one) return b;
    if (b === one) return a;
    if (single(b)) return moved(a, b);
    if (single(a)) return moved(b, a);
    work -= a.keys.length * b.keys.length;
    return work < 0 ? zero : cut(convolve(a, b, { kind: "product", left: a, right: b }));
  };

  const single = (of: Distribution<T>): boolean => of.keys.length === 1 && of.counts[0] === arithmetic.single;

  /** Times one key: the tables are shared. Only an option (or nothing) may keep its origin, all others have it under their own keys. */
  const moved = (of: Distribution<T>, by: Distribution<T>): Distribution<T> => {
    const shift = by.offset + by.keys[0]!;
    const pure = by.origin.kind === "nothing";
    if (pure && shift === 0) return of;
    const fixed = of.origin.kind === "option" || of.origin.kind === "nothing";
    const origin: Origin<T> = pure && fixed ? of.origin : of.origin.kind === "nothing" && by.origin.kind === "option" ? by.origin : { kind: "product", left: of, right: by };
    return cut(make(of.offset + shift, of.keys, of.counts, origin));
  };

  const convolve = (a: Distribution<T>, b: Distribution<T>, origin: Origin<T>): Distribution<T> => {
    const range = a.keys[a.keys.length - 1]! + b.keys[b.keys.length - 1]! + 1;
    const offset = a.offset + b.offset;
    if (range <= Math.min(16 * a.keys.length * b.keys.length, 1 << 22)) {
      work -= range / 8;
      const table = arithmetic.cells(range);
      for (let i = 0; i < a.keys.length; i++) for (let j = 0; j < b.keys.length; j++) {
        const at = a.keys[i]! + b.keys[j]!;
        table[at] = arithmetic.add(table[at]!, arithmetic.multiply(a.counts[i]!, b.counts[j]!));
      }
      const found: number[] = [];
      for (let key = 0; key < range; key++) if (table[key] !== arithmetic.none) found.push(key);
      return collect(offset, found, (key) => table[key]!, origin);
    }
    const table = new Map<number, T>();
    for (let i = 0; i < a.keys.length; i++) for (let j = 0; j < b.keys.length; j++) {
      const at = a.keys[i]! + b.keys[j]!;
      const product = arithmetic.multiply(a.counts[i]!, b.counts[j]!);
      const known = table.get(at);
      table.set(at, known === undefined ? product : arithmetic.add(known, product));
      if (table.size > limits.entries) { work = -1; return zero; }
    }
    return collect(offset, [...table.keys()].sort((x, y) => x - y), (key) => table.get(key)!, origin);
  };

  const collect = (offset: number, found: readonly number[], count: (key: number) => T, origin: Origin<T>): Distribution<T> => {
    const counts = arithmetic.cells(found.length);
    found.forEach((key, at) => {
      counts[at] = count(key);
      if (!arithmetic.exact(counts[at]!)) exact = false;
    });
    return make(offset, Float64Array.from(found), counts, origin);
  };

  return {
    zero, one, plus, times,
    cells: (count) => new Array<Distribution<T>>(count).fill(zero),
    exact: () => exact && work >= 0,
    exhausted: () => work < 0,
    option: (variable, option) => ({ offset: 0, keys: zeroKey, counts: unit, origin: { kind: "option", variable, option } }),
    key: (key) => (key === 0 ? one : limit.fits(key) ? { offset: key, keys: zeroKey, counts: unit, origin: { kind: "nothing" } } : zero),
  };
}

/** Position of a key; -1 where nothing has it. */
function positionOf<T>(of: Distribution<T>, key: number): number {
  const wanted = key - of.offset;
  let [low, high] = [0, of.keys.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = of.keys[middle]!;
    if (found === wanted) return middle;
    if (found < wanted) low = middle + 1; else high = middle - 1;
  }
  return -1;
}

export function countAt<T>(arithmetic: Arithmetic<T>, of: Distribution<T>, key: number): T {
  const at = positionOf(of, key);
  return at < 0 ? arithmetic.none : of.counts[at]!;
}

interface Place<T> { readonly of: Distribution<T>; readonly key: number }

/** Ways to split a key over the two sides of a product; the side with fewer keys is gone through. */
function* splits<T>(left: Distribution<T>, right: Distribution<T>, key: number): Generator<readonly [Place<T>, Place<T>]> {
  const [few, many] = left.keys.length <= right.keys.length ? [left, right] : [right, left];
  for (const own of few.keys) {
    const mine = few.offset + own;
    yield [{ of: few, key: mine }, { of: many, key: key - mine }];
  }
}

/** Draws one of the partial architectures with this key, each with the same probability; writes options of decisions. */
export function drawWithKey<T>(arithmetic: Arithmetic<T>, root: Distribution<T>, rootKey: number, random: RandomStream, assignment: number[]): void {
  const open: Place<T>[] = [{ of: root, key: rootKey }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { of: { origin }, key } = place;
    if (origin.kind === "option") assignment[origin.variable] = origin.option;
    else if (origin.kind === "sum") open.push(pickPart(arithmetic, origin.parts, key, random));
    else if (origin.kind === "product") open.push(...pickSplit(arithmetic, origin.left, origin.right, place, random));
  }
}

function pickPart<T>(arithmetic: Arithmetic<T>, parts: readonly Distribution<T>[], key: number, random: RandomStream): Place<T> {
  const counts = parts.map((part) => countAt(arithmetic, part, key));
  let ticket = arithmetic.draw(random, counts.reduce((sum, count) => arithmetic.add(sum, count), arithmetic.none));
  for (let at = 0; at < parts.length; at++) {
    if (arithmetic.less(ticket, counts[at]!)) return { of: parts[at]!, key };
    ticket = arithmetic.subtract(ticket, counts[at]!);
  }
  throw new Error("a distribution has what its parts have");
}

function pickSplit<T>(arithmetic: Arithmetic<T>, left: Distribution<T>, right: Distribution<T>, { of, key }: Place<T>, random: RandomStream): readonly Place<T>[] {
  if (right.keys.length === 1) return [{ of: left, key: key - right.offset - right.keys[0]! }, { of: right, key: right.offset + right.keys[0]! }];
  if (left.keys.length === 1) return [{ of: right, key: key - left.offset - left.keys[0]! }, { of: left, key: left.offset + left.keys[0]! }];
  let ticket = arithmetic.draw(random, countAt(arithmetic, of, key));
  for (const split of splits(left, right, key)) {
    const rest = positionOf(split[1].of, split[1].key);
    if (rest < 0) continue;
    const count = arithmetic.multiply(countAt(arithmetic, split[0].of, split[0].key), split[1].of.counts[rest]!);
    if (arithmetic.less(ticket, count)) return split;
    ticket = arithmetic.subtract(ticket, count);
  }
  throw new Error("a product has what its sides have");
}

/** Every architecture with this key; the assignment is reused between rounds. */
export function* listWithKey<T>(root: Distribution<T>, rootKey: number): Generator<readonly number[]> {
  const assignment: number[] = [];
  function* walk(open: readonly Place<T>[]): Generator<readonly number[]> {
    const [place, ...rest] = open;
    if (place === undefined) { yield assignment; return; }
    if (positionOf(place.of, place.key) < 0) return;
    const { of: { origin }, key } = place;
    switch (origin.kind) {
      case "nothing": yield* walk(rest); return;
      case "option": assignment[origin.variable] = origin.option; yield* walk(rest); return;
      case "sum": for (const of of origin.parts) yield* walk([{ of, key }, ...rest]); return;
      case "product": for (const split of splits(origin.left, origin.right, key)) yield* walk([...split, ...rest]); return;
      default: { const never: never = origin; throw new Error(String(never)); }
    }
  }
  yield* walk([{ of: root, key: rootKey }]);
}
