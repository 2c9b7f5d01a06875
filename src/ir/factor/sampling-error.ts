/** What random architectures say about all of them: intervals that hold with a stated confidence, without assumptions on the costs. */

/** Confidence of every interval here. */
export const CONFIDENCE = 0.99;

/**
 * How far any share estimated from n independent draws may be off, for all thresholds of one cost at once (Dvoretzky-Kiefer-Wolfowitz
 * with Massart's constant, 1990): sup |F_n - F| <= sqrt(ln(2 / (1 - confidence)) / 2n).
 */
export function shareError(draws: number, confidence = CONFIDENCE): number {
  return Math.sqrt(Math.log(2 / (1 - confidence)) / (2 * draws));
}

/** Exact interval for one share of which `hits` of `draws` were seen (Clopper and Pearson 1934), by bisection on the binomial tail. */
export function shareInterval(hits: number, draws: number, confidence = CONFIDENCE): readonly [number, number] {
  const tail = (1 - confidence) / 2;
  const solve = (below: (share: number) => boolean): number => {
    let [low, high] = [0, 1];
    for (let round = 0; round < 60; round++) {
      const middle = (low + high) / 2;
      if (below(middle)) low = middle; else high = middle;
    }
    return (low + high) / 2;
  };
  const least = hits === 0 ? 0 : solve((share) => 1 - atMost(hits - 1, draws, share) < tail);
  const most = hits === draws ? 1 : solve((share) => atMost(hits, draws, share) > tail);
  return [least, most];
}

/** P(X <= hits) for X binomial. */
function atMost(hits: number, draws: number, share: number): number {
  if (share <= 0) return 1;
  if (share >= 1) return hits >= draws ? 1 : 0;
  const odds = Math.log(share) - Math.log1p(-share);
  let logTerm = draws * Math.log1p(-share);
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= hits; k++) {
    logTerm += Math.log((draws - k + 1) / k) + odds;
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}
