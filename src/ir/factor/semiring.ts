/**
 * The algebras that elimination runs over. One algorithm, different questions: is there one (boolean), how many are there (counting),
 * which is cheapest or dearest (tropical).
 */

export interface Semiring<T> {
  readonly zero: T;
  readonly one: T;
  plus(a: T, b: T): T;
  times(a: T, b: T): T;
  /** A table of zeros. */
  cells(count: number): Cells<T>;
  /** False where a value is no longer exact (whole numbers above 2^53); absent where every value is. */
  readonly exact?: (value: T) => boolean;
}

/** A typed array where the values are numbers. */
export interface Cells<T> { readonly length: number; [index: number]: T }

export const boolean: Semiring<number> = {
  zero: 0, one: 1,
  plus: (a, b) => (a > b ? a : b),
  times: (a, b) => a * b,
  cells: (count) => new Uint8Array(count),
};

/** Exact up to 2^53; `exact` tells when to fall back to `bigCounting`. */
export const counting: Semiring<number> = {
  zero: 0, one: 1,
  plus: (a, b) => a + b,
  times: (a, b) => a * b,
  cells: (count) => new Float64Array(count),
  exact: (value) => value <= Number.MAX_SAFE_INTEGER,
};

export const bigCounting: Semiring<bigint> = {
  zero: 0n, one: 1n,
  plus: (a, b) => a + b,
  times: (a, b) => a * b,
  cells: (count) => new Array<bigint>(count).fill(0n),
};

export const tropicalMinimum: Semiring<number> = {
  zero: Infinity, one: 0,
  plus: (a, b) => (a < b ? a : b),
  times: (a, b) => a + b,
  cells: (count) => new Float64Array(count).fill(Infinity),
};

export const tropicalMaximum: Semiring<number> = {
  zero: -Infinity, one: 0,
  plus: (a, b) => (a > b ? a : b),
  times: (a, b) => a + b,
  cells: (count) => new Float64Array(count).fill(-Infinity),
};

/** Sums of products of floating-point numbers. */
export const probability: Semiring<number> = {
  zero: 0, one: 1,
  plus: (a, b) => a + b,
  times: (a, b) => a * b,
  cells: (count) => new Float64Array(count),
};

/** Least sum of whole numbers of any size that are not negative; -1 stands for "impossible". */
export const leastNumber: Semiring<bigint> = {
  zero: -1n, one: 0n,
  plus: (a, b) => (a < 0n ? b : b < 0n || a < b ? a : b),
  times: (a, b) => (a < 0n || b < 0n ? -1n : a + b),
  cells: (count) => new Array<bigint>(count).fill(-1n),
};
