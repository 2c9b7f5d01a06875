/** Descent over temporal factors: move one prime of one dimension from a level to another while that makes the mapping cheaper. */

/** By level, a factor for every dimension. */
export type LevelFactors = readonly (readonly number[])[];

/** Takes the best neighbour until none is better (or affordable: an infinite price stops it). */
export function descend(start: LevelFactors, priceOf: (factors: LevelFactors) => number): void {
  let current = start;
  let price = priceOf(start);
  for (;;) {
    let best: LevelFactors | undefined;
    for (const neighbour of neighbours(current)) {
      const own = priceOf(neighbour);
      if (own < price) { price = own; best = neighbour; }
    }
    if (best === undefined) return;
    current = best;
  }
}

function* neighbours(factors: LevelFactors): Generator<LevelFactors> {
  for (const [from, own] of factors.entries()) for (const [dimension, factor] of own.entries()) for (const prime of distinctPrimes(factor)) {
    for (let to = 0; to < factors.length; to++) {
      if (to !== from) yield factors.map((row, level) => row.map((value, place) => (place !== dimension ? value : level === from ? value / prime : level === to ? value * prime : value)));
    }
  }
}

function distinctPrimes(value: number): readonly number[] {
  const found: number[] = [];
  for (let prime = 2, rest = value; rest > 1; prime++) {
    if (rest % prime === 0) found.push(prime);
    while (rest % prime === 0) rest /= prime;
  }
  return found;
}
