/**
 * The cells of NAS-Bench-101 (Ying et al., ICML 2019): graphs of at most seven vertices and nine edges in which every vertex lies on a way
 * from the first to the last, one of three operators in each inner vertex, equal where a permutation of inner vertices makes them so.
 */

/** All orders of 0..n - 1. */
function orders(n: number): number[][] {
  if (n === 0) return [[]];
  return orders(n - 1).flatMap((rest) => Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]));
}

const bits = (value: number): number => { let count = 0; for (let rest = value; rest !== 0; rest &= rest - 1) count++; return count; };

function cyclesOf(order: readonly number[]): number {
  const seen = new Set<number>();
  return order.reduce((count, _, start) => {
    if (seen.has(start)) return count;
    for (let at = start; !seen.has(at); at = order[at]!) seen.add(at);
    return count + 1;
  }, 0);
}

/** How many cells there are of `vertices` vertices, up to renaming of the inner ones. */
function cellsOf(vertices: number, mostEdges: number, kinds: number): number {
  const pairs = Array.from({ length: vertices }, (_, j) => Array.from({ length: j }, (__, i) => [i, j] as const)).flat();
  const place = new Map(pairs.map(([i, j], at) => [i * vertices + j, at]));
  // A permutation as the place of each pair; absent where it would point backwards.
  const renamings = orders(vertices - 2).map((inner) => {
    const order = [0, ...inner.map((vertex) => vertex + 1), vertices - 1];
    return { cycles: cyclesOf(inner), places: pairs.map(([i, j]) => place.get(order[i]! * vertices + order[j]!)) };
  });
  const seen = new Set<number>();
  let cells = 0;
  for (let graph = 0; graph < 2 ** pairs.length; graph++) {
    if (bits(graph) > mostEdges || seen.has(graph) || !isConnected(graph, pairs, vertices)) continue;
    // Burnside: the labellings that each automorphism leaves alone, over the number of automorphisms.
    let [automorphisms, fixed] = [0, 0];
    for (const { places, cycles } of renamings) {
      let renamed: number | undefined = 0;
      for (let at = 0; at < places.length && renamed !== undefined; at++) if ((graph >> at) & 1) renamed = places[at] === undefined ? undefined : renamed | (1 << places[at]!);
      if (renamed === undefined) continue;
      if (renamed !== graph) { seen.add(renamed); continue; }
      automorphisms++;
      fixed += kinds ** cycles;
    }
    cells += fixed / automorphisms;
  }
  return cells;
}

/** Every vertex is reached from the first and reaches the last. */
function isConnected(graph: number, pairs: readonly (readonly [number, number])[], vertices: number): boolean {
  let [from, to] = [1, 1 << (vertices - 1)];
  pairs.forEach(([i, j], at) => { if ((graph >> at) & 1 && (from >> i) & 1) from |= 1 << j; });
  for (let at = pairs.length - 1; at >= 0; at--) {
    const [i, j] = pairs[at]!;
    if ((graph >> at) & 1 && (to >> j) & 1) to |= 1 << i;
  }
  return from === 2 ** vertices - 1 && to === 2 ** vertices - 1;
}

export function distinctCells(mostVertices = 7, mostEdges = 9, kinds = 3): number {
  return Array.from({ length: mostVertices - 1 }, (_, at) => cellsOf(at + 2, mostEdges, kinds)).reduce((sum, cells) => sum + cells);
}
